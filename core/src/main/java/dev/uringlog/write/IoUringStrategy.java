package dev.uringlog.write;

import dev.uringlog.sys.Errno;
import dev.uringlog.sys.Syscalls;
import dev.uringlog.uring.Ring;
import dev.uringlog.uring.RingSetup;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Writes through io_uring. Each call submits one entry and waits for its completion. Any thread may call, one at a time.
 *
 * <p>If the ring fails, writev(2) replaces it permanently. The outcome of the current batch depends on how far the kernel
 * got:
 *
 * <pre>
 * kernel took the entry?   completion arrived?
 *   no                       —                  rewound, written with writev(2): exactly once; the ring is released
 *   yes                      yes                its result counts; the ring is released
 *   yes                      no, not in 5 s     unknown: an error; ring and memory are never released, never reused
 * </pre>
 */
final class IoUringStrategy implements WriteStrategy {
    /**
     * Longer than a device's own timeouts. After that no completion will arrive, and a caller that waits for a log must not
     * hang.
     */
    static final long FATE_WAIT_NANOS_MAX = TimeUnit.SECONDS.toNanos(5);

    /** Stands for an enter that takes nothing and reports no error. This is Linux's number, because only Linux has io_uring. */
    private static final int EAGAIN = 11;

    /** About 60 ms with the back-off below, which is long enough for a brief shortage of memory. */
    private static final int RETRIES_MAX = 64;

    private static final long BACKOFF_NANOS_MIN = TimeUnit.MICROSECONDS.toNanos(10);
    private static final long BACKOFF_NANOS_MAX = TimeUnit.MILLISECONDS.toNanos(1);

    private final WriteStrategy fallback;
    private final long fateWaitNanosMax;
    private long lastUserData;
    private boolean isClosed;
    /** Null after it has failed. Unlike after a close, writing continues without it. */
    private Ring ring;

    /** Volatile, like the next field: other threads read both during a write. */
    private volatile String degradation;

    private volatile boolean isMemoryQuarantined;

    private IoUringStrategy(final Syscalls syscalls, final Ring ring, final long fateWaitNanosMax) {
        this.fallback = new WritevStrategy(syscalls);
        this.ring = ring;
        this.fateWaitNanosMax = fateWaitNanosMax;
    }

    /**
     * Sets up a ring and tests that it works.
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

    /** Why io_uring does not work here, or null if a test submission completes. */
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
        // Never full: every earlier submission has completed, or the ring has been dropped.
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

    /** Returns 0 if the completion queue holds this submission's result, otherwise the errno with which the ring failed. */
    private int submitAndAwait(final long userData) {
        int retries = 0;
        for (; ; ) {
            final int entered = ring.submitAndWait(1);
            // Also after an error: EBUSY requires reaping, and a completion is more reliable than an errno.
            if (ring.completionQueue().pollFor(userData)) {
                return 0;
            }
            if (entered >= 0 && ring.submissionQueue().pending() == 0) {
                continue; // A signal ended the wait after the submission.
            }
            final int errno = entered < 0 ? -entered : EAGAIN;
            switch (Errno.of(errno, Errno.Family.LINUX)) {
                case EINTR, ETIME -> {} // A signal is not a failure.
                // Not enough memory, or no room for completions. If neither passes soon, the ring is unusable.
                case EAGAIN, EBUSY -> {
                    if (retries == RETRIES_MAX) {
                        return errno;
                    }
                    backOff(retries++);
                }
                // EBADR: a completion was lost. EEXIST: another thread's ring. EBADF, ENXIO, EOPNOTSUPP: not a ring,
                // or no longer one. EFAULT, EINVAL: an unknown interface. EPERM, EACCES: forbidden after the ring was
                // set up.
                default -> {
                    return errno;
                }
            }
        }
    }

    /** The ring failed after the kernel took the entry. Waits for the completion, so that the batch is not written twice. */
    private void awaitFate(final long userData, final int errno) throws ErrnoException {
        final long start = System.nanoTime();
        for (int retries = 0; ; retries++) {
            // The return value is irrelevant. With COOP_TASKRUN, completions run only in a system call.
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
        ring = null; // Not closed, because the kernel may still use it.
        throw new ErrnoException("io_uring_enter (the ring broke; it is unknown whether the batch was written)", errno);
    }

    private long refused(final int errno, final int fd, final long iovecAddress, final int iovecCount)
            throws IOException {
        switch (Errno.of(errno, Errno.Family.LINUX)) {
            case ECANCELED -> { // Never started: the kernel cannot create a worker thread (RLIMIT_NPROC).
                release(RingSetup.reason("io_uring writev", errno));
                return fallback.writev(fd, iovecAddress, iovecCount);
            }
            case EAGAIN, EINTR -> { // Nothing was written, so writev(2) may repeat it.
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
