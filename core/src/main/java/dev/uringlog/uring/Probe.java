package dev.uringlog.uring;

import dev.uringlog.sys.Syscalls;

/**
 * Whether a ring really works: containers let setup pass and refuse enter, or the other way round, so only a completion
 * that has been reaped proves it.
 */
public final class Probe {
    private static final int O_WRONLY = 1;
    /** The same number on every architecture this package is used on. */
    private static final int O_CLOEXEC = 0x80000;

    private static final int EINTR = 4;
    private static final int EIO = 5;
    /** Signals that may come in the way of one completion before the ring counts as broken. */
    private static final int ATTEMPTS_MAX = 100;

    private Probe() {}

    /**
     * Writes nothing (a writev of 0 iovecs) to /dev/null through the ring, and reaps the completion.
     *
     * @param syscalls the kernel
     * @param ring a new ring; fit for nothing but closing if this fails
     * @param userData the probe's own
     * @return 0, or {@code -errno} of whatever failed
     */
    public static int run(final Syscalls syscalls, final Ring ring, final long userData) {
        final int fd = syscalls.open("/dev/null", O_WRONLY | O_CLOEXEC, 0);
        if (fd < 0) {
            return fd;
        }
        ring.submissionQueue().offerWritev(fd, 0, 0, userData);
        final int result = await(ring, userData);
        syscalls.close(fd);
        return result;
    }

    private static int await(final Ring ring, final long userData) {
        for (int attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
            final int entered = ring.submitAndWait(1);
            if (ring.completionQueue().pollFor(userData)) {
                return ring.completionQueue().result();
            }
            if (entered < 0 && entered != -EINTR) {
                return entered;
            }
        }
        return -EIO;
    }
}
