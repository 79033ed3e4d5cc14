package dev.uringlog.file;

import dev.uringlog.sys.Errno;
import dev.uringlog.sys.NativeMemory;
import dev.uringlog.sys.Syscalls;
import dev.uringlog.uring.Ring;
import dev.uringlog.uring.RingSetup;
import dev.uringlog.write.ErrnoException;
import dev.uringlog.write.LogFile;
import dev.uringlog.write.UnsupportedStrategyException;
import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Background syncs of one file: several in flight through io_uring, completed in any order.
 *
 * <pre>
 *   begin ─► slot ─► io_uring: fdatasync by the slot's own descriptor ─► poll ─► slot, failure
 *                                       │ a completion
 *   await ◄── eventfd ◄─────────────────┴── wake: any thread
 * </pre>
 *
 * <p><b>Descriptors.</b> Each slot syncs by a descriptor of its own ({@code LogFile.openedAgain}): an error that the kernel met
 * while it wrote pages back is told once to each. Two syncs by one descriptor can overlap so that the one whose pages were
 * lost succeeds, because the other has been told.
 *
 * <p>A descriptor is not told of an error that was reported to another process before it was opened. So one is opened together
 * with the file, and others only right before a sync by the file's own descriptor ({@link #prepare}). That sync reports every
 * earlier error, and the new descriptors every later one. The next file starts with as many as this one needed.
 *
 * <p>The kernel looks a descriptor up when a worker begins the sync, not when it is submitted. So the descriptors of a file
 * that was left stay open until their syncs have completed.
 *
 * <p><b>A ring that misbehaves</b> is given up for good; {@link #degradation()} says why. Syncs in flight then have no outcome.
 * They name no memory, so they do no harm.
 *
 * <p><b>Threads.</b> Any thread may call {@link #wake}. Everything else is called by one thread at a time.
 */
public final class SyncQueue implements AutoCloseable {
    /** No slot. */
    public static final int NONE = -1;

    /** Twice a disk's own timeout for a command: only a lost completion takes longer. */
    static final long OVERDUE_NANOS = TimeUnit.SECONDS.toNanos(60);

    private static final short POLLIN = 1;
    private static final int NANOS_PER_SECOND = 1_000_000_000;

    /** Stands for an enter that takes nothing and reports no error. Linux's number: io_uring exists only there. */
    private static final int EAGAIN = 11;

    private static final int SLOT_BITS = 12;

    // The memory that system calls are given: a count, a pollfd, a timespec, a one, and an iovec that names it.
    private static final int COUNT = 0;
    private static final int POLLFD = 8;
    private static final int TIMESPEC = 16;
    private static final int ONE = 32;
    private static final int IOVEC = 40;
    private static final int MEMORY_SIZE = 56;

    private final Syscalls syscalls;
    private LogFile file;
    private final int eventFd;
    private final ByteBuffer memory = NativeMemory.allocate(MEMORY_SIZE, Long.BYTES);
    private final long address = NativeMemory.address(memory);
    private final int[] descriptors;
    private final long[] userDatas;

    /** Slots that sync a file that was left. Their descriptor is closed when the sync completes. */
    private final boolean[] isLeft;

    private final long[] begunNanos;
    private final long overdueNanos;
    private final AtomicInteger wakers = new AtomicInteger();
    private volatile boolean isClosed;
    private Ring ring;

    /** How many descriptors of the file to open. */
    private int wanted = 1;

    private long lastUserData;
    private IOException failure;
    private volatile String degradation;

    private SyncQueue(
            final LogFile file,
            final Syscalls syscalls,
            final int depth,
            final RingSetup setup,
            final long overdueNanos) {
        this.file = file;
        this.syscalls = syscalls;
        this.overdueNanos = overdueNanos;
        eventFd = setup.eventFd();
        ring = setup.ring();
        descriptors = new int[depth];
        Arrays.fill(descriptors, NONE);
        userDatas = new long[depth];
        isLeft = new boolean[depth];
        begunNanos = new long[depth];
        memory.putInt(POLLFD, eventFd).putShort(POLLFD + Integer.BYTES, POLLIN);
        memory.putLong(ONE, 1).putLong(IOVEC, address + ONE).putLong(IOVEC + Long.BYTES, Long.BYTES);
        prepare(wanted);
    }

    /**
     * A queue for a file.
     *
     * @param file stays the caller's, which calls {@link #follow} when it opens another
     * @param syscalls the kernel that the file was opened with
     * @param depth how many may be in flight, a power of two, 1…4096
     * @return a queue; the caller closes it
     * @throws UnsupportedStrategyException if io_uring does not work here
     */
    public static SyncQueue open(final LogFile file, final Syscalls syscalls, final int depth)
            throws UnsupportedStrategyException {
        return open(file, syscalls, depth, OVERDUE_NANOS);
    }

    static SyncQueue open(final LogFile file, final Syscalls syscalls, final int depth, final long overdueNanos)
            throws UnsupportedStrategyException {
        final RingSetup setup = RingSetup.openWithCounter(syscalls, depth);
        if (setup.ring() == null) {
            throw new UnsupportedStrategyException(setup.refusal());
        }
        return new SyncQueue(file, syscalls, depth, setup, overdueNanos);
    }

    /** {@return how many may be in flight} */
    public int depth() {
        return descriptors.length;
    }

    /**
     * Begins to bring everything written so far to stable storage.
     *
     * @return a slot, 0…depth − 1; or {@link #NONE} if the kernel is short of something for the moment, all slots are in
     *     flight, there is no descriptor for another before the next {@link #prepare}, the file is not a regular one, or the
     *     ring is given up
     */
    public int begin() {
        if (!file.isRegular()) {
            return NONE;
        }
        final int slot = ring == null ? NONE : freeSlot(true);
        if (slot == NONE) {
            // All descriptors are in use, and there is a slot for another.
            wanted = openCount() < wanted || freeSlot(false) == NONE ? wanted : Math.min(wanted * 2, depth());
            return NONE;
        }
        final long userData = ++lastUserData << SLOT_BITS | slot;
        ring.submissionQueue().offerFdatasync(descriptors[slot], userData);
        final int entered = ring.submit();
        if (ring.submissionQueue().pending() > 0) {
            ring.submissionQueue().rewind();
            notTaken(entered < 0 ? -entered : EAGAIN);
            return NONE;
        }
        // Taken. If the ring is broken in spite of that, the next call finds out.
        userDatas[slot] = userData;
        begunNanos[slot] = System.nanoTime();
        return slot;
    }

    private int freeSlot(final boolean withDescriptor) {
        for (int slot = 0; slot < userDatas.length; slot++) {
            if (userDatas[slot] == 0 && (descriptors[slot] != NONE) == withDescriptor) {
                return slot;
            }
        }
        return NONE;
    }

    /**
     * Opens the descriptors that {@link #begin} lacked. Call it when the file has just been opened, or right before a sync by its
     * own descriptor. If that sync fails, leave the file.
     *
     * @param count how many to have at least, from now on
     */
    public void prepare(final int count) {
        wanted = Math.min(Math.max(wanted, count), depth());
        int open = openCount();
        int slot = freeSlot(false);
        while (ring != null && file.isRegular() && open < wanted && slot != NONE) {
            try {
                descriptors[slot] = file.openedAgain().fd();
                open++;
                slot = freeSlot(false);
            } catch (final IOException e) {
                if (open == 0) {
                    giveUp(e.getMessage());
                }
                wanted = Math.max(open, 1); // Continue with those that are open.
            }
        }
    }

    private int openCount() {
        int open = 0;
        for (int slot = 0; slot < descriptors.length; slot++) {
            open += descriptors[slot] != NONE && !isLeft[slot] ? 1 : 0;
        }
        return open;
    }

    private void notTaken(final int errno) {
        switch (Errno.of(errno, Errno.Family.LINUX)) {
            case EAGAIN, EBUSY, EINTR -> {} // Temporary. The caller syncs by itself this time.
            default -> giveUp(RingSetup.reason("io_uring_enter", errno));
        }
    }

    /**
     * Takes a sync that has completed.
     *
     * @return its slot, free again; {@link #failure()} says what became of it. {@link #NONE} if there is none.
     */
    public int poll() {
        while (ring != null && ring.completionQueue().poll()) {
            final long userData = ring.completionQueue().userData();
            final int slot = (int) userData & (1 << SLOT_BITS) - 1;
            if (slot < userDatas.length && userDatas[slot] == userData && userData != 0) {
                userDatas[slot] = 0;
                if (isLeft[slot]) {
                    closeDescriptor(slot);
                }
                return concluded(ring.completionQueue().result()) ? slot : NONE;
            }
        }
        if (isOverdue()) {
            giveUp("io_uring: a completion did not come in " + TimeUnit.NANOSECONDS.toSeconds(overdueNanos) + " s");
        }
        return NONE;
    }

    private boolean concluded(final int result) {
        failure = null;
        if (result >= 0) {
            return true;
        }
        switch (Errno.of(-result, Errno.Family.LINUX)) {
            // Not an error of the file. The kernel could not start the sync: no worker thread, no memory, a forbidden
            // entry, or a descriptor that other code has closed.
            case ECANCELED, EAGAIN, EINTR, ENOMEM, EPERM, EACCES, EINVAL, EBADF, EOPNOTSUPP -> {
                giveUp(RingSetup.reason("io_uring fsync", -result));
                return false;
            }
            default -> {
                failure = new ErrnoException("fdatasync", -result);
                return true;
            }
        }
    }

    private boolean isOverdue() {
        for (int slot = 0; slot < userDatas.length; slot++) {
            if (userDatas[slot] != 0 && System.nanoTime() - begunNanos[slot] > overdueNanos) {
                return ring != null;
            }
        }
        return false;
    }

    /**
     * What became of the sync that was polled last.
     *
     * @return null if it succeeded; otherwise believe no later success on that file
     */
    public IOException failure() {
        return failure;
    }

    /** {@return whether {@link #poll} has something to take or to tell} */
    public boolean hasNews() {
        return ring == null ? degradation != null : ring.completionQueue().hasNext() || isOverdue();
    }

    /**
     * Waits until a sync has completed, {@link #wake} was called since the last wait, or for no reason.
     *
     * @param nanos how long at most, 0 or more
     */
    public void await(final long nanos) {
        final long bounded = Math.min(nanos, overdueNanos);
        memory.putLong(TIMESPEC, bounded / NANOS_PER_SECOND).putLong(TIMESPEC + Long.BYTES, bounded % NANOS_PER_SECOND);
        int result = syscalls.ppoll(address + POLLFD, address + TIMESPEC);
        if (result > 0) {
            result = (int) syscalls.read(eventFd, address + COUNT, Long.BYTES);
        }
        if (result < 0) {
            switch (Errno.of(-result, Errno.Family.LINUX)) {
                case EINTR, EAGAIN -> {} // A signal, or a wake that was seen already.
                default -> giveUp(RingSetup.reason("ppoll", -result));
            }
        }
        Reference.reachabilityFence(memory);
    }

    /** Ends a wait, or the next one. */
    public void wake() {
        // Counted before the check: close waits for threads that have seen the queue open.
        wakers.incrementAndGet();
        if (!isClosed) {
            syscalls.writev(eventFd, address + IOVEC, 1);
            Reference.reachabilityFence(memory);
        }
        wakers.decrementAndGet();
    }

    /**
     * Syncs this file from now on. Syncs in flight continue and are still of the old one.
     *
     * @param other stays the caller's, which has just opened it; may be the same file, reopened
     */
    public void follow(final LogFile other) {
        leave();
        file = other;
        prepare(wanted);
    }

    /** From now on, and until the next {@link #follow}, there is no file to sync. */
    public void leave() {
        for (int slot = 0; slot < descriptors.length; slot++) {
            if (ring != null && userDatas[slot] != 0) {
                isLeft[slot] = true;
            } else {
                closeDescriptor(slot);
            }
        }
    }

    /** What close(2) answers is ignored: the file's own descriptor, which is open for longer, reports it. */
    private void closeDescriptor(final int slot) {
        if (descriptors[slot] != NONE) {
            syscalls.close(descriptors[slot]);
            descriptors[slot] = NONE;
        }
        isLeft[slot] = false;
    }

    /**
     * Why the ring was given up.
     *
     * @return one line, or null while it works
     */
    public String degradation() {
        return degradation;
    }

    private void giveUp(final String why) {
        degradation = why;
        // Syncs in flight may continue: they need neither this ring nor any memory.
        ring.close();
        ring = null;
    }

    /** Releases everything, in flight or not. Idempotent; from the thread that used it last. */
    @Override
    public void close() {
        if (isClosed) {
            return;
        }
        isClosed = true;
        while (wakers.get() > 0) {
            Thread.onSpinWait();
        }
        if (ring != null) {
            ring.close();
            ring = null;
        }
        leave();
        syscalls.close(eventFd);
    }
}
