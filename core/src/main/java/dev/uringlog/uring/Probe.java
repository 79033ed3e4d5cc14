package dev.uringlog.uring;

import dev.uringlog.sys.Syscalls;

/**
 * Tests whether a ring works. Some containers allow io_uring_setup and refuse io_uring_enter, or the reverse, so only a
 * reaped completion is proof.
 */
public final class Probe {
    private static final int O_WRONLY = 1;
    /** The same number on every architecture that this package supports. */
    private static final int O_CLOEXEC = 0x80000;

    private static final int EINTR = 4;
    private static final int EIO = 5;
    /** How many signals may interrupt the wait for one completion before the ring counts as broken. */
    private static final int ATTEMPTS_MAX = 100;

    private Probe() {}

    /**
     * Submits a writev of 0 iovecs to /dev/null and reaps its completion.
     *
     * @param syscalls the kernel
     * @param ring a new ring; if this fails, it can only be closed
     * @param userData identifies the probe's submission
     * @return 0, or {@code -errno} of the call that failed
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
