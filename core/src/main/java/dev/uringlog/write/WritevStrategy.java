package dev.uringlog.write;

import dev.uringlog.sys.Syscalls;
import java.io.IOException;

/** Writes through writev(2). */
final class WritevStrategy implements WriteStrategy {
    /** The same number on every Unix. */
    private static final int EINTR = 4;

    private final Syscalls syscalls;
    private volatile boolean isClosed;

    WritevStrategy(final Syscalls syscalls) {
        this.syscalls = syscalls;
    }

    @Override
    public long writev(final int fd, final long iovecAddress, final int iovecCount) throws IOException {
        if (isClosed) {
            throw new WriterClosedException();
        }
        long result;
        do {
            result = syscalls.writev(fd, iovecAddress, iovecCount);
        } while (result == -EINTR); // A signal is not a failure, and nothing was written.
        if (result < 0) {
            throw new ErrnoException("writev", (int) -result);
        }
        return result;
    }

    @Override
    public String degradation() {
        return null;
    }

    @Override
    public boolean isMemoryQuarantined() {
        return false;
    }

    @Override
    public void close() {
        isClosed = true;
    }
}
