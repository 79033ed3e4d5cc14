package dev.uringlog.sys;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What is mapped of the fake kernel's rings. */
final class FakeMappings {
    private final FakeKernel kernel;
    private final Map<Long, Long> lengths = new HashMap<>();

    /** Kept for good, so that a use after munmap is a wrong answer instead of a crash of the test run. */
    private final List<ByteBuffer> everMapped = new ArrayList<>();

    FakeMappings(final FakeKernel kernel) {
        this.kernel = kernel;
    }

    long add(final ByteBuffer memory, final long length) {
        final long address = NativeMemory.address(memory);
        if (lengths.putIfAbsent(address, length) != null) {
            throw kernel.violation("mapped twice: " + length + " bytes");
        }
        everMapped.add(memory);
        return address;
    }

    void remove(final long address, final long length) {
        if (!lengths.remove(address, length)) {
            throw kernel.violation("munmap of what is not mapped");
        }
    }

    int size() {
        return lengths.size();
    }

    boolean isEmpty() {
        return lengths.isEmpty();
    }
}
