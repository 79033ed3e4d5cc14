package dev.uringlog.write;

import dev.uringlog.sys.Syscalls;
import java.io.IOException;

final class WritevStrategy implements WriteStrategy {
    private final Syscalls syscalls;

    WritevStrategy(final Syscalls syscalls) {
        this.syscalls = syscalls;
    }

    @Override
    public long writev(final int fd, final long a, final int n) throws IOException {
        for (; ; ) {
            final long r = syscalls.writev(fd, a, n);
            if (r >= 0) {
                return r;
            }
            if (r != -4) {
                throw new ErrnoException("writev", (int) -r);
            }
        }
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
    public void close() {}
}
