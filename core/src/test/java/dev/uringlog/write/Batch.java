package dev.uringlog.write;

import dev.uringlog.sys.NativeMemory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Strings in native memory, with the iovecs that name them. */
final class Batch {
    private static final int SIZEOF_IOVEC = 16;

    private final List<ByteBuffer> payloads = new ArrayList<>();
    private final ByteBuffer iovecs;

    Batch(final String... parts) {
        iovecs = NativeMemory.allocate(Math.max(parts.length, 1) * SIZEOF_IOVEC, Long.BYTES);
        for (final String part : parts) {
            final byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
            final ByteBuffer payload = NativeMemory.allocate(Math.max(bytes.length, 1), Long.BYTES);
            payload.put(0, bytes);
            iovecs.putLong(payloads.size() * SIZEOF_IOVEC, NativeMemory.address(payload));
            iovecs.putLong(payloads.size() * SIZEOF_IOVEC + 8, bytes.length);
            payloads.add(payload);
        }
    }

    long address() {
        return NativeMemory.address(iovecs);
    }

    int count() {
        return payloads.size();
    }

    /** Spoils the bytes: whatever reads them after this shows in the file. */
    void scribble() {
        for (final ByteBuffer payload : payloads) {
            for (int i = 0; i < payload.capacity(); i++) {
                payload.put(i, (byte) 0xFF);
            }
        }
    }
}
