package dev.uringlog.uring;

import dev.uringlog.sys.NativeMemory;
import dev.uringlog.sys.Syscalls;
import java.nio.ByteBuffer;

/**
 * One io_uring instance: its descriptor, its two mappings, its two queues.
 *
 * <p>A ring that is never closed stays with the process, mappings and all. That is on purpose where a submission's fate is
 * unknown: closing it would free nothing that the kernel still uses, but would hide that it is used.
 */
public final class Ring implements AutoCloseable {
    /** Wait for, and run, completions (io_uring_enter flag). */
    public static final int IORING_ENTER_GETEVENTS = 1;

    private final Syscalls syscalls;
    private final int fd;
    private final Mapping rings;
    private final Mapping sqes;
    private final SubmissionQueue submissionQueue;
    private final CompletionQueue completionQueue;
    private boolean isClosed;

    /** Where the kernel put a mapping. */
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
     * The queue that goes to the kernel.
     *
     * @return this ring's submission queue; not to be touched after {@link #close}
     */
    public SubmissionQueue submissionQueue() {
        return submissionQueue;
    }

    /**
     * The queue that comes from the kernel.
     *
     * @return this ring's completion queue; not to be touched after {@link #close}
     */
    public CompletionQueue completionQueue() {
        return completionQueue;
    }

    /**
     * Submits everything pending and waits. A signal may end the wait early: then this returns what was submitted, or
     * {@code -EINTR} if nothing was, and the completion queue may be empty either way.
     *
     * @param minComplete completions to wait for; 0 only lets the kernel run what has completed
     * @return entries the kernel took, or {@code -errno}
     */
    public int submitAndWait(final int minComplete) {
        // GETEVENTS also when nothing is waited for: with COOP_TASKRUN completions run only then.
        return syscalls.ioUringEnter(fd, submissionQueue.pending(), minComplete, IORING_ENTER_GETEVENTS);
    }

    /**
     * Submits everything pending and does not wait. Where a completion needs this thread to run, it need not come before the
     * next call.
     *
     * @return entries the kernel took, or {@code -errno}
     */
    public int submit() {
        return syscalls.ioUringEnter(fd, submissionQueue.pending(), 0, 0);
    }

    /** Unmaps each mapping and closes the descriptor, once; later calls do nothing. No submission may be in flight. */
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
