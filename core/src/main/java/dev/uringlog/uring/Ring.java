package dev.uringlog.uring;

import dev.uringlog.sys.NativeMemory;
import dev.uringlog.sys.Syscalls;
import java.nio.ByteBuffer;

/**
 * One io_uring instance: a descriptor, two mappings and two queues.
 *
 * <p>A ring that is never closed exists until the process ends, with its mappings. That is intended if the outcome of a
 * submission is unknown: closing the ring would not free the memory that the kernel still uses, and would hide that it is in
 * use.
 */
public final class Ring implements AutoCloseable {
    /** Wait for completions and run them (io_uring_enter flag). */
    public static final int IORING_ENTER_GETEVENTS = 1;

    private final Syscalls syscalls;
    private final int fd;
    private final Mapping rings;
    private final Mapping sqes;
    private final SubmissionQueue submissionQueue;
    private final CompletionQueue completionQueue;
    private boolean isClosed;

    /** A mapping's address and length. */
    record Mapping(long address, int length) {}

    Ring(final Syscalls syscalls, final int fd, final Mapping rings, final Mapping sqes, final ByteBuffer params) {
        this.syscalls = syscalls;
        this.fd = fd;
        this.rings = rings;
        this.sqes = sqes;
        final ByteBuffer ringMemory = NativeMemory.view(rings.address, rings.length);
        submissionQueue = new SubmissionQueue(ringMemory, NativeMemory.view(sqes.address, sqes.length), params);
        completionQueue = new CompletionQueue(ringMemory, params);
    }

    /**
     * The queue from this process to the kernel.
     *
     * @return this ring's submission queue; do not use it after {@link #close}
     */
    public SubmissionQueue submissionQueue() {
        return submissionQueue;
    }

    /**
     * The queue from the kernel to this process.
     *
     * @return this ring's completion queue; do not use it after {@link #close}
     */
    public CompletionQueue completionQueue() {
        return completionQueue;
    }

    /**
     * Submits everything pending and waits. A signal may end the wait early. Then this returns the count of submitted
     * entries, or {@code -EINTR} if there were none, and the completion queue may be empty in both cases.
     *
     * @param minComplete completions to wait for; 0 only lets the kernel run pending completions
     * @return entries the kernel took, or {@code -errno}
     */
    public int submitAndWait(final int minComplete) {
        // GETEVENTS even if minComplete is 0: with COOP_TASKRUN, completions may not run without it.
        return syscalls.ioUringEnter(fd, submissionQueue.pending(), minComplete, IORING_ENTER_GETEVENTS);
    }

    /**
     * Submits everything pending and does not wait. With COOP_TASKRUN a completion may not appear before the next system
     * call.
     *
     * @return entries the kernel took, or {@code -errno}
     */
    public int submit() {
        return syscalls.ioUringEnter(fd, submissionQueue.pending(), 0, 0);
    }

    /** Unmaps both mappings and closes the descriptor. Idempotent. No submission may be in flight. */
    @Override
    public void close() {
        if (isClosed) {
            return;
        }
        isClosed = true;
        syscalls.munmap(sqes.address, sqes.length);
        syscalls.munmap(rings.address, rings.length);
        syscalls.close(fd);
    }
}
