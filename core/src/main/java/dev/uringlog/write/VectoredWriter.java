package dev.uringlog.write;

import dev.uringlog.sys.Kernel;
import dev.uringlog.sys.Syscalls;
import dev.uringlog.uring.RingSetup;
import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Writes several buffers to a file descriptor as one submission: through io_uring, or through writev(2).
 *
 * <p><b>Descriptors.</b> The writer never owns a descriptor. Keep it open during each call, and close it yourself.
 *
 * <p><b>Short writes.</b> Like writev(2), a call may write fewer bytes than it was given. It advances the buffers' positions,
 * so a second call with the same buffers continues there. Heap buffers and small direct buffers are copied to native memory,
 * at most 1 MiB per call. Large direct buffers are not copied. After warm-up a call with direct buffers allocates nothing. If
 * a pipe that was opened with O_NONBLOCK is full, writev(2) fails with EAGAIN, but io_uring waits until there is room.
 *
 * <p><b>Threads.</b> Any thread may use a writer from {@link #open()}, but only one at a time, including {@link #close()}.
 * All threads may use the {@link #shared()} writer at once.
 *
 * <p><b>If the ring breaks</b>, writev(2) replaces it, and {@link #degradation()} says so. Each batch is still written
 * exactly once. If the kernel took a batch and never completed it, the call fails. Then {@link #isMemoryQuarantined()}
 * returns true, and the buffers of that call must never be modified again.
 */
public final class VectoredWriter implements AutoCloseable {
    /** The maximum number of buffers per call: UIO_MAXIOV on Linux, IOV_MAX on Darwin and the BSDs. */
    public static final int MAX_IOVECS = 1024;

    /** The default of {@link Builder#ringDepth}. */
    public static final int RING_DEPTH_DEFAULT = 16;

    /** System property that turns only io_uring off: {@code -Duringlog.iouring=false}. */
    public static final String IO_URING_SWITCH = RingSetup.SWITCH;

    private static final int RING_DEPTH_MAX = 4096;

    /** Memory that the kernel may still read. Kept until the process ends. */
    private static final Queue<Object> QUARANTINE = new ConcurrentLinkedQueue<>();

    private final WriteStrategy writes;
    private final Strategy strategy;
    /** Null unless this is the shared writer. */
    private final ReentrantLock lock;

    private Iovecs iovecs = new Iovecs();
    private boolean isQuarantineKept;

    private VectoredWriter(final WriteStrategy writes, final Strategy strategy, final ReentrantLock lock) {
        this.writes = writes;
        this.strategy = strategy;
        this.lock = lock;
    }

    /**
     * The shared writer is not made in a class initialiser: if that failed once, for example for lack of memory, it would
     * never run again.
     */
    private static final ReentrantLock SHARING = new ReentrantLock();

    /** Set once, under the lock. */
    private static volatile VectoredWriter shared;

    private static volatile Support support;

    /** The result of the first io_uring probe. */
    private record Support(String refusal) {
        static Support known() {
            Support known = support;
            if (known == null) {
                known = new Support(IoUringStrategy.probe(Kernel.syscalls()));
                support = known;
            }
            return known;
        }
    }

    /**
     * The process-wide writer. Its calls run one at a time, and its {@link #close()} does nothing. An application that may be
     * redeployed in the same JVM should open its own writer.
     *
     * @return always the same writer
     * @throws UnsupportedStrategyException if there is no writev(2) here
     */
    public static VectoredWriter shared() throws UnsupportedStrategyException {
        return shared != null ? shared : openShared();
    }

    private static VectoredWriter openShared() throws UnsupportedStrategyException {
        SHARING.lock();
        try {
            if (shared == null) {
                shared = new Builder().open(new ReentrantLock());
            }
            return shared;
        } finally {
            SHARING.unlock();
        }
    }

    /**
     * Starts loading native access in the background and returns at once. A caller that needs it earlier waits until it is
     * loaded, which takes a tenth of a second or more.
     */
    public static void prepare() {
        Kernel.prepare();
    }

    /**
     * Opens a writer with the best strategy that is available.
     *
     * @return a writer; the caller closes it
     * @throws UnsupportedStrategyException if there is no writev(2) here
     */
    public static VectoredWriter open() throws UnsupportedStrategyException {
        return builder().open();
    }

    /**
     * Returns a builder for a writer.
     *
     * @return a builder with the default settings
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Whether io_uring works here. The first call tests it with a submission (about 200 µs) and caches the result.
     *
     * @return false if {@link #ioUringRefusal()} has a reason
     */
    public static boolean isIoUringSupported() {
        return Support.known().refusal() == null;
    }

    /**
     * Why io_uring is not supported here.
     *
     * @return one line, or null if it is
     */
    public static String ioUringRefusal() {
        return Support.known().refusal();
    }

    /**
     * Writes the remaining bytes of the buffers, in order, as one submission, and waits for its completion.
     *
     * @param fd an open descriptor
     * @param buffers at most {@link #MAX_IOVECS}; null and empty ones are skipped; positions advance by the bytes written
     * @return bytes written, perhaps fewer than remained; 0, without a system call, if nothing remained
     * @throws ErrnoException if the kernel refused; nothing was written, unless {@link #isMemoryQuarantined()}
     * @throws WriterClosedException after {@link #close()}
     * @throws IllegalArgumentException for too many buffers
     */
    public long writev(final int fd, final ByteBuffer... buffers) throws IOException {
        if (buffers != null && buffers.length > MAX_IOVECS) {
            throw new IllegalArgumentException(buffers.length + " buffers: allowed is at most " + MAX_IOVECS);
        }
        if (buffers == null) {
            return 0;
        }
        if (lock != null) {
            lock.lock();
        }
        try {
            iovecs.gather(buffers);
            if (iovecs.count() == 0) {
                return 0;
            }
            final long written = writes.writev(fd, iovecs.address(), iovecs.count());
            Iovecs.advance(buffers, written);
            return written;
        } finally {
            // The kernel reads by address. Without this fence, a buffer could be collected during the call.
            Reference.reachabilityFence(buffers);
            if (!isQuarantineKept && writes.isMemoryQuarantined()) {
                keep(buffers);
            }
            if (lock != null) {
                lock.unlock();
            }
        }
    }

    private void keep(final ByteBuffer[] buffers) {
        isQuarantineKept = true;
        QUARANTINE.add(iovecs);
        for (final ByteBuffer buffer : buffers) {
            if (buffer != null && buffer.isDirect()) {
                QUARANTINE.add(buffer.duplicate());
            }
        }
        iovecs = new Iovecs();
    }

    /**
     * Writes the remaining bytes of one buffer.
     *
     * @param fd an open descriptor
     * @param buffer its position advances by the bytes written
     * @return as {@link #writev}
     * @throws IOException as {@link #writev}
     */
    public long write(final int fd, final ByteBuffer buffer) throws IOException {
        return writev(fd, buffer);
    }

    /**
     * The strategy chosen when the writer was opened.
     *
     * @return {@link Strategy#IOURING} or {@link Strategy#WRITEV}; never changes
     */
    public Strategy strategy() {
        return strategy;
    }

    /**
     * Why writev(2) has replaced the strategy.
     *
     * @return one line, or null while the strategy is in use
     */
    public String degradation() {
        return writes.degradation();
    }

    /**
     * Whether the kernel may still read the buffers of a failed call.
     *
     * @return true after such a call, permanently
     */
    public boolean isMemoryQuarantined() {
        return writes.isMemoryQuarantined();
    }

    /** Releases the writer's resources. Idempotent. Any thread may call it, but not during a write. */
    @Override
    public void close() {
        if (lock == null) {
            writes.close();
        }
    }

    /** The settings of a writer. Not thread-safe. */
    public static final class Builder {
        private Strategy asked = Strategy.AUTO;
        private int ringDepth = RING_DEPTH_DEFAULT;
        private System.Logger logger;
        private Syscalls given;

        private Builder() {}

        /**
         * The strategy; {@link Strategy#AUTO} by default. With another value, {@link #open} fails if that strategy is not
         * available.
         *
         * @param value the strategy
         * @return this
         */
        public Builder strategy(final Strategy value) {
            asked = Objects.requireNonNull(value, "strategy");
            return this;
        }

        /**
         * The ring's number of entries; 16 by default. Has no effect without io_uring.
         *
         * @param value a power of two, 1…4096
         * @return this
         * @throws IllegalArgumentException if the value is not allowed
         */
        public Builder ringDepth(final int value) {
            if (value < 1 || value > RING_DEPTH_MAX || Integer.bitCount(value) != 1) {
                throw new IllegalArgumentException(
                        "ringDepth " + value + ": allowed is a power of two from 1 to " + RING_DEPTH_MAX);
            }
            ringDepth = value;
            return this;
        }

        /**
         * A logger for one line that names the strategy and the reason for it, logged by {@link #open}; none by default.
         *
         * @param value the logger, or null
         * @return this
         */
        public Builder logger(final System.Logger value) {
            logger = value;
            return this;
        }

        /** Replaces the kernel. For tests. */
        Builder syscalls(final Syscalls value) {
            given = value;
            return this;
        }

        /**
         * Chooses a strategy and opens the writer.
         *
         * @return a writer; the caller closes it
         * @throws UnsupportedStrategyException if the strategy is not available
         */
        public VectoredWriter open() throws UnsupportedStrategyException {
            return open(null);
        }

        private VectoredWriter open(final ReentrantLock lock) throws UnsupportedStrategyException {
            final Kernel.Access access = given != null ? null : Kernel.access();
            if (access != null && access.syscalls() == null) {
                throw new UnsupportedStrategyException(access.refusal());
            }
            final Syscalls syscalls = access != null ? access.syscalls() : given;
            String reason = "as requested";
            WriteStrategy writes = null;
            if (asked != Strategy.WRITEV) {
                try {
                    writes = IoUringStrategy.open(syscalls, ringDepth);
                    reason = asked == Strategy.AUTO ? "io_uring works here" : reason;
                } catch (final UnsupportedStrategyException e) {
                    if (asked == Strategy.IOURING) {
                        throw e;
                    }
                    reason = e.getMessage();
                }
            }
            final Strategy chosen = writes == null ? Strategy.WRITEV : Strategy.IOURING;
            if (logger != null) {
                logger.log(System.Logger.Level.INFO, "vectored writer: " + chosen.label() + " (" + reason + ")");
            }
            return new VectoredWriter(writes == null ? new WritevStrategy(syscalls) : writes, chosen, lock);
        }
    }
}
