package dev.uringlog.sys;

import static dev.uringlog.sys.LinuxErrno.EAGAIN;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The fake kernel's eventfds. The kernel's own lock guards them. */
final class FakeEvents {
    /** How long submissions stay in flight while a thread waits for them. */
    private static final long TICK_MS = 10;

    private final FakeKernel kernel;
    private final Map<Integer, Long> counts = new HashMap<>();

    FakeEvents(final FakeKernel kernel) {
        this.kernel = kernel;
    }

    void add(final int fd) {
        counts.put(fd, 0L);
    }

    boolean has(final int fd) {
        return counts.containsKey(fd);
    }

    void remove(final int fd) {
        counts.remove(fd);
    }

    void signal(final int fd) {
        synchronized (kernel) {
            counts.computeIfPresent(fd, (key, count) -> count + 1);
            kernel.notifyAll();
        }
    }

    /** ppoll(2) of an eventfd: time goes by for what is in flight. */
    int poll(final long pollfdAddress, final long timespecAddress, final List<FakeRing> rings) {
        final int fd = NativeMemory.view(pollfdAddress, 8).getInt(0);
        final ByteBuffer time = NativeMemory.view(timespecAddress, 16);
        final long deadline = System.nanoTime() + time.getLong(0) * 1_000_000_000 + time.getLong(8);
        boolean isInterrupted = false;
        synchronized (kernel) {
            rings.forEach(FakeRing::tick);
            for (long left = deadline - System.nanoTime();
                    left > 0 && counts.getOrDefault(fd, 0L) == 0;
                    left = deadline - System.nanoTime()) {
                try {
                    kernel.wait(Math.min(left / 1_000_000 + 1, TICK_MS));
                } catch (final InterruptedException e) {
                    isInterrupted = true; // A Java interrupt does not end a system call.
                }
                rings.forEach(FakeRing::tick);
            }
            if (isInterrupted) {
                Thread.currentThread().interrupt();
            }
            return counts.getOrDefault(fd, 0L) > 0 ? 1 : 0;
        }
    }

    /** read(2) of an eventfd: its count, which is 0 afterwards. */
    long read(final int fd, final long address) {
        final long count = counts.getOrDefault(fd, 0L);
        if (count == 0) {
            return -EAGAIN;
        }
        NativeMemory.view(address, Long.BYTES).putLong(0, count);
        counts.put(fd, 0L);
        return Long.BYTES;
    }
}
