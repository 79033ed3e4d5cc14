package dev.uringlog.write;

import dev.uringlog.sys.Errno;
import dev.uringlog.sys.Syscalls;
import dev.uringlog.uring.Ring;
import dev.uringlog.uring.RingSetup;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Writes through io_uring, one submission in flight, waited for. Calls may come from any thread, one at a time.
 *
 * <p>A ring that misbehaves is given up for good, and writev(2) takes over. What becomes of the batch at hand depends on
 * how far the kernel got:
 *
 * <pre>
 *   kernel took the entry?   completion came?
 *   no                       —                  rewound, written with writev(2): exactly once; the ring is released
 *   yes                      yes                its result counts; the ring is released
 *   yes                      no, not in 5 s     unknown: an error; ring and memory are never released, never reused
 * </pre>
 */
final class IoUringStrategy implements WriteStrategy {
    /** Longer than a device's own timeouts: no answer will come, and a caller that waits for a log must not hang. */
    static final long FATE_WAIT_NANOS_MAX = TimeUnit.SECONDS.toNanos(5);

    /** Stands for an enter that takes nothing and reports no error. Linux's number: io_uring exists only there. */
    private static final int EAGAIN = 11;

    /** With the back-off below, about 60 ms: as long as a brief shortage of memory may last. */
    private static final int RETRIES_MAX = 64;

    private static final long BACKOFF_NANOS_MIN = TimeUnit.MICROSECONDS.toNanos(10);
    private static final long BACKOFF_NANOS_MAX = TimeUnit.MILLISECONDS.toNanos(1);

    private final WriteStrategy fallback;
    private final long fateWaitNanosMax;
    private long lastUserData;
    private boolean isClosed;
    /** Null once it is given up. Unlike after a close, writing continues without it. */
    private Ring ring;

    /** Both are volatile: other threads read them during a write. */
    private volatile String degradation;

    private volatile boolean isMemoryQuarantined;

    private IoUringStrategy(final Syscalls syscalls, final Ring ring, final long fateWaitNanosMax) {
        this.fallback = new WritevStrategy(syscalls);
        this.ring = ring;
        this.fateWaitNanosMax = fateWaitNanosMax;
    }

    /**
     * Sets a ring up and proves that it works.
     *
     * @param ringDepth submission queue entries, a power of two, 1…4096
     */
    static IoUringStrategy open(final Syscalls syscalls, final int ringDepth) throws UnsupportedStrategyException {
        return open(syscalls, ringDepth, FATE_WAIT_NANOS_MAX);
    }

    static IoUringStrategy open(final Syscalls syscalls, final int ringDepth, final long fateWaitNanosMax)
            throws UnsupportedStrategyException {
        final RingSetup setup = RingSetup.open(syscalls, ringDepth);
        if (setup.ring() == null) {
            throw new UnsupportedStrategyException(setup.refusal());
        }
        return new IoUringStrategy(syscalls, setup.ring(), fateWaitNanosMax);
    }

    /** Why io_uring does not work here, or null if it does, all the way to a completion. */
    static String probe(final Syscalls syscalls) {
        final RingSetup setup = RingSetup.open(syscalls, 1);
        if (setup.ring() != null) {
            setup.ring().close();
        }
        return setup.refusal();
    }

    @Override
    public long writev(final int fd, final long iovecAddress, final int iovecCount) throws IOException {
        if (isClosed) {
            throw new WriterClosedException();
        }
        if (ring == null) {
            return fallback.writev(fd, iovecAddress, iovecCount);
        }
        final long userData = ++lastUserData;
        // Never full: everything submitted before has completed, or the ring is gone.
        ring.submissionQueue().offerWritev(fd, iovecAddress, iovecCount, userData);
        final int errno = submitAndAwait(userData);
        if (errno != 0) {
            if (ring.submissionQueue().pending() > 0) {
                ring.submissionQueue().rewind();
                release(RingSetup.reason("io_uring_enter", errno));
                return fallback.writev(fd, iovecAddress, iovecCount);
            }
            awaitFate(userData, errno);
        }
        final int result = ring.completionQueue().result();
        if (errno != 0) {
            release(RingSetup.reason("io_uring_enter", errno));
        }
        return result >= 0 ? result : refused(-result, fd, iovecAddress, iovecCount);
    }

    /** Returns 0 once the completion queue holds this submission's result, or the errno that says the ring is broken. */
    private int submitAndAwait(final long userData) {
        int retries = 0;
        for (; ; ) {
            final int entered = ring.submitAndWait(1);
            // Also after an error: EBUSY asks for just this, and a completion is worth more than any errno.
            if (ring.completionQueue().pollFor(userData)) {
                return 0;
            }
            if (entered >= 0 && ring.submissionQueue().pending() == 0) {
                continue; // A signal ended the wait after the submission.
            }
            final int errno = entered < 0 ? -entered : EAGAIN;
            switch (Errno.of(errno, Errno.Family.LINUX)) {
                case EINTR, ETIME -> {} // A signal is not a failure.
                // Short of memory, or completions wait for room: both pass, or the ring is useless.
                case EAGAIN, EBUSY -> {
                    if (retries == RETRIES_MAX) {
                        return errno;
                    }
                    backOff(retries++);
                }
                // EBADR: a completion was lost. EEXIST: another thread's ring. EBADF, ENXIO, EOPNOTSUPP: no ring (any
                // more). EFAULT, EINVAL: not the interface we know. EPERM, EACCES: forbidden in the middle of it.
                default -> {
                    return errno;
                }
            }
        }
    }

    /** The kernel has the entry and the ring is broken. If its completion still comes, the batch is not written a second time. */
    private void awaitFate(final long userData, final int errno) throws ErrnoException {
        final long start = System.nanoTime();
        for (int retries = 0; ; retries++) {
            // The result does not matter any more, but with COOP_TASKRUN completions run only in a system call.
            ring.submitAndWait(0);
            if (ring.completionQueue().pollFor(userData)) {
                return;
            }
            if (System.nanoTime() - start >= fateWaitNanosMax) {
                break;
            }
            backOff(retries);
        }
        isMemoryQuarantined = true;
        degradation = RingSetup.reason("io_uring_enter", errno);
        ring = null; // Not closed: the kernel may still read through it.
        throw new ErrnoException("io_uring_enter (the ring broke; whether the batch is written is unknown)", errno);
    }

    private long refused(final int errno, final int fd, final long iovecAddress, final int iovecCount)
            throws IOException {
        switch (Errno.of(errno, Errno.Family.LINUX)) {
            case ECANCELED -> { // Never started: the kernel has no worker thread (RLIMIT_NPROC), and will not get one.
                release(RingSetup.reason("io_uring writev", errno));
                return fallback.writev(fd, iovecAddress, iovecCount);
            }
            case EAGAIN, EINTR -> { // Nothing was written. writev(2) tries again, or fails.
                return fallback.writev(fd, iovecAddress, iovecCount);
            }
            default -> throw new ErrnoException("writev", errno);
        }
    }

    private void release(final String why) {
        if (degradation == null) {
            degradation = why;
        }
        if (ring != null) {
            ring.close();
            ring = null;
        }
    }

    private static void backOff(final int retries) {
        LockSupport.parkNanos(Math.min(BACKOFF_NANOS_MIN << Math.min(retries, 16), BACKOFF_NANOS_MAX));
    }

    @Override
    public String degradation() {
        return degradation;
    }

    @Override
    public boolean isMemoryQuarantined() {
        return isMemoryQuarantined;
    }

    @Override
    public void close() {
        isClosed = true;
        if (ring != null) {
            ring.close();
            ring = null;
        }
        fallback.close();
    }
}
