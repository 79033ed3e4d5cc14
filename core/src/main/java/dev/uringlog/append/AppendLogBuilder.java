package dev.uringlog.append;

import dev.uringlog.flush.FlushOptions;
import dev.uringlog.flush.Reporter;
import dev.uringlog.ring.EventRing;
import dev.uringlog.sys.OwnThread;
import dev.uringlog.write.Strategy;
import dev.uringlog.write.VectoredWriter;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ThreadFactory;
import java.util.function.Function;
import java.util.function.LongConsumer;

/** Describes an {@link AppendLog} and opens it. Not for use by several threads at once. */
public final class AppendLogBuilder {
    /** Default of {@link #ringSize}: 4 MiB. */
    public static final int RING_SIZE_DEFAULT = 4 << 20;

    /** Default of {@link #ringDepth}. */
    public static final int RING_DEPTH_DEFAULT = 16;

    /** Largest {@link #ringDepth}. */
    public static final int RING_DEPTH_MAX = 4096;

    /** Default of {@link #maxDelay}: 1 ms. */
    public static final Duration MAX_DELAY_DEFAULT = Duration.ofMillis(1);

    /** Largest {@link #maxDelay}: a minute. */
    public static final Duration MAX_DELAY_MAX = Duration.ofMinutes(1);

    /** Default of {@link #shutdownTimeout}: 30 s. */
    public static final Duration SHUTDOWN_TIMEOUT_DEFAULT = Duration.ofSeconds(30);

    /** Largest {@link #shutdownTimeout}: a day. */
    public static final Duration SHUTDOWN_TIMEOUT_MAX = Duration.ofDays(1);

    /** Largest {@link #syncInterval}: an hour. */
    public static final Duration SYNC_INTERVAL_MAX = Duration.ofHours(1);

    // What is allowed, in a complaint's words.
    static final String RING_SIZE_ALLOWED = "a power of two from 4 KiB to 1 GiB";
    static final String RING_DEPTH_ALLOWED = "a power of two from 1 to " + RING_DEPTH_MAX;
    static final String MAX_DELAY_ALLOWED = "0 to 1 min";
    static final String SYNC_INTERVAL_ALLOWED = "0 to 1 h";
    static final String SHUTDOWN_TIMEOUT_ALLOWED = "0 to 24 h";

    final Path path;
    private final String name; // The path as it was given: each message about the log begins with it.
    Durability durability = Durability.MEMORY;
    Strategy strategy = Strategy.AUTO;
    int ringSize = RING_SIZE_DEFAULT;
    int ringDepth = RING_DEPTH_DEFAULT;
    Duration syncInterval;
    Duration maxDelay = MAX_DELAY_DEFAULT;
    OverflowPolicy overflow = OverflowPolicy.BLOCK;
    FailurePolicy onFailure = FailurePolicy.HOLD;
    Duration shutdownTimeout = SHUTDOWN_TIMEOUT_DEFAULT;
    Set<PosixFilePermission> filePermissions;
    boolean append = true;
    boolean mendTornTail = true;
    boolean allowSpecialFile;
    boolean makeDirectories;
    AppendLogListener listener = AppendLogListener.systemLogger();
    Function<String, byte[]> lossNotice;
    Roller roller;
    boolean isShared;

    /** Shorter than the default maxDelay: then each batch first looks where the path leads, which takes a microsecond. */
    Duration lookInterval = Duration.ofNanos(500_000);

    ThreadFactory threadFactory = AppendLogBuilder::newThread;
    SinkFactory sinkFactory = Sinks::open;

    AppendLogBuilder(final Path path) {
        prepare(); // While the log is described, and its ring is made.
        name = path.toString();
        this.path = path.toAbsolutePath();
    }

    /**
     * Begins to load native access in the background, and returns at once: a tenth of a second and more of class loading, for
     * which {@link #open} waits otherwise. Each builder does it too; call this if you know earlier that a log will be opened.
     */
    public static void prepare() {
        VectoredWriter.prepare();
    }

    /**
     * Makes a thread as the default {@link #threadFactory} does.
     *
     * @param work what it runs
     * @return a daemon that inherits nothing from the caller: no context class loader, no thread-locals
     */
    public static Thread newThread(final Runnable work) {
        return OwnThread.daemon(work, "uringlog-flusher");
    }

    /**
     * What a returned call of {@code append} means; {@link Durability#MEMORY} is the default.
     *
     * @param value the level
     * @return this
     */
    public AppendLogBuilder durability(final Durability value) {
        durability = Objects.requireNonNull(value, "durability");
        return this;
    }

    /**
     * How long an event may be in the page cache and not on stable storage. Then the log's thread calls fdatasync(2), even if
     * no caller waits. None by default.
     *
     * @param value 0…{@link #SYNC_INTERVAL_MAX}; 0 syncs after each flush; null for none
     * @return this
     * @throws IllegalArgumentException if it is out of range
     */
    public AppendLogBuilder syncInterval(final Duration value) {
        require(value == null || isWithin(value, SYNC_INTERVAL_MAX), "syncInterval", value, SYNC_INTERVAL_ALLOWED);
        syncInterval = value;
        return this;
    }

    /**
     * How bytes reach the kernel; {@link Strategy#AUTO} is the default. With another value {@link #open} fails if that strategy is
     * not available.
     *
     * @param value the strategy
     * @return this
     */
    public AppendLogBuilder strategy(final Strategy value) {
        strategy = Objects.requireNonNull(value, "strategy");
        return this;
    }

    /**
     * The ring's size; {@link #RING_SIZE_DEFAULT}.
     *
     * @param bytes a power of two, 4 KiB…1 GiB
     * @return this
     * @throws IllegalArgumentException if it is not
     */
    public AppendLogBuilder ringSize(final long bytes) {
        require(
                Long.bitCount(bytes) == 1 && bytes >= EventRing.CAPACITY_MIN && bytes <= EventRing.CAPACITY_MAX,
                "ringSize",
                bytes,
                RING_SIZE_ALLOWED);
        ringSize = (int) bytes;
        return this;
    }

    /**
     * How many entries an io_uring has; {@link #RING_DEPTH_DEFAULT}. Without io_uring it has no effect.
     *
     * @param entries a power of two, 1…{@link #RING_DEPTH_MAX}
     * @return this
     * @throws IllegalArgumentException if it is not
     */
    public AppendLogBuilder ringDepth(final int entries) {
        require(
                Integer.bitCount(entries) == 1 && entries > 0 && entries <= RING_DEPTH_MAX,
                "ringDepth",
                entries,
                RING_DEPTH_ALLOWED);
        ringDepth = entries;
        return this;
    }

    /**
     * How long an event may wait in memory for others; {@link #MAX_DELAY_DEFAULT}.
     *
     * @param value 0…{@link #MAX_DELAY_MAX}; 0 writes at once, in smaller batches
     * @return this
     * @throws IllegalArgumentException if it is out of range
     */
    public AppendLogBuilder maxDelay(final Duration value) {
        require(isWithin(value, MAX_DELAY_MAX), "maxDelay", value, MAX_DELAY_ALLOWED);
        maxDelay = value;
        return this;
    }

    /**
     * What happens to an event if the ring is full, unless its call says so; {@link OverflowPolicy#BLOCK}.
     *
     * @param value the policy
     * @return this
     */
    public AppendLogBuilder overflow(final OverflowPolicy value) {
        overflow = Objects.requireNonNull(value, "overflow");
        return this;
    }

    /**
     * What happens to events that the file does not take for now; {@link FailurePolicy#HOLD}. A caller that waits for one
     * gets the error in either case.
     *
     * @param value the policy
     * @return this
     */
    public AppendLogBuilder onFailure(final FailurePolicy value) {
        onFailure = Objects.requireNonNull(value, "onFailure");
        return this;
    }

    /**
     * How long {@link AppendLog#close()} may take; {@link #SHUTDOWN_TIMEOUT_DEFAULT}. Logs that are closed one after another
     * and cannot write share it: it starts for all when the first one is slow to close.
     *
     * @param value 0…{@link #SHUTDOWN_TIMEOUT_MAX}
     * @return this
     * @throws IllegalArgumentException if it is out of range
     */
    public AppendLogBuilder shutdownTimeout(final Duration value) {
        require(isWithin(value, SHUTDOWN_TIMEOUT_MAX), "shutdownTimeout", value, SHUTDOWN_TIMEOUT_ALLOWED);
        shutdownTimeout = value;
        return this;
    }

    /**
     * The file's permissions, whatever the umask; {@code rw-------} for a file that is made, those it has for one that
     * exists. Without POSIX permissions (Windows) it has no effect.
     *
     * @param value permissions
     * @return this
     */
    public AppendLogBuilder filePermissions(final Set<PosixFilePermission> value) {
        filePermissions = EnumSet.noneOf(PosixFilePermission.class);
        filePermissions.addAll(value);
        return this;
    }

    /**
     * Whether to write after what the file holds, true, or to empty it first.
     *
     * @param value true by default
     * @return this
     */
    public AppendLogBuilder append(final boolean value) {
        append = value;
        return this;
    }

    /**
     * Whether a file that does not end in a newline gets one at open, so that the next event starts its own line.
     *
     * @param value true by default; false for a log that is not made of lines
     * @return this
     */
    public AppendLogBuilder mendTornTail(final boolean value) {
        mendTornTail = value;
        return this;
    }

    /**
     * As {@link #mendTornTail(boolean)}, for lines in this charset: true if a newline is one byte. In UTF-16 such a byte would
     * shift everything that follows.
     *
     * @param lines the charset of the log's lines; null if it is not known, which means {@code true}
     * @return this
     */
    public AppendLogBuilder mendTornTail(final Charset lines) {
        return mendTornTail(lines == null || "\n".equals(new String(new byte[] {'\n'}, lines)));
    }

    /**
     * Whether to make the file's directories if they are missing; false by default. At DISK their names are synced too.
     *
     * @param value true to make them
     * @return this
     */
    public AppendLogBuilder makeDirectories(final boolean value) {
        makeDirectories = value;
        return this;
    }

    /**
     * Whether the path may name a FIFO or a character device.
     *
     * @param value false by default
     * @return this
     */
    public AppendLogBuilder allowSpecialFile(final boolean value) {
        allowSpecialFile = value;
        return this;
    }

    /**
     * Who is told what happens to the log; by default the platform's logger {@code dev.uringlog}.
     *
     * @param value the listener
     * @return this
     */
    public AppendLogBuilder listener(final AppendLogListener value) {
        listener = Objects.requireNonNull(value, "listener");
        return this;
    }

    /**
     * Makes the line that is written into the log where events are missing, because the ring was full or the file did not take
     * them.
     *
     * @param value turns words such as {@code 3 events discarded, the ring was full} into the line's bytes, or into null; called
     *     on the log's own thread. None by default.
     * @return this
     */
    public AppendLogBuilder lossNotice(final Function<String, byte[]> value) {
        lossNotice = value;
        return this;
    }

    /**
     * Decides where one file ends and the next begins; none by default, and then no event carries its time.
     *
     * @param value the roller, or null
     * @return this
     */
    public AppendLogBuilder roller(final Roller value) {
        roller = value;
        return this;
    }

    /**
     * Whether other processes write to the same file, each with this option. Every batch is one write at the file's end, so
     * lines of several processes mix, and on a local file system none is torn; NFS has no such write. Such a log cannot be
     * rolled, and its file is neither emptied nor mended when it is opened. Each process notices rotation by another one.
     *
     * @param value false by default
     * @return this
     */
    public AppendLogBuilder shared(final boolean value) {
        isShared = value;
        return this;
    }

    /** How long a log may write without looking where its path leads. */
    AppendLogBuilder lookInterval(final Duration value) {
        lookInterval = value;
        return this;
    }

    /**
     * Makes the flusher's thread; by default {@link #newThread}.
     *
     * @param value must make platform threads
     * @return this
     */
    public AppendLogBuilder threadFactory(final ThreadFactory value) {
        threadFactory = Objects.requireNonNull(value, "threadFactory");
        return this;
    }

    AppendLogBuilder sinkFactory(final SinkFactory value) {
        sinkFactory = value;
        return this;
    }

    /**
     * Opens the file and starts the log.
     *
     * @return the log; the caller closes it
     * @throws IllegalArgumentException if it is {@link #shared} and has a roller, or is opened without {@link #append}
     * @throws IOException if the file cannot be opened, the strategy is not available, or the ring's memory or a thread cannot
     *     be allocated: then its cause is the Error
     */
    public AppendLog open() throws IOException {
        if (isShared && (roller != null || !append)) {
            throw new IllegalArgumentException(path + " is shared with other processes, so it cannot be "
                    + (roller == null ? "emptied" : "rolled: they would continue in the old file"));
        }
        try {
            return start();
        } catch (final Error e) {
            throw OpenFailure.of(e, ringSize);
        }
    }

    private AppendLog start() throws IOException {
        final EventRing ring = new EventRing(ringSize, 0, roller != null); // While native access may still be loading.
        final SinkFactory.Opened opened = Sinks.openInDirectories(this);
        final AppendLog log;
        boolean isStarted = false;
        try {
            log = new AppendLog(this, ring, opened.sink(), opened.description());
            isStarted = true;
        } finally {
            if (!isStarted) { // No thread for the flusher: from there on the file is the log's.
                opened.sink().close();
            }
        }
        try {
            log.announce();
            return log;
        } catch (final Error e) {
            log.close(); // No other code has it.
            throw e;
        }
    }

    /** What the flusher needs of this. */
    FlushOptions flushing() {
        final boolean isSynced = syncInterval != null;
        return new FlushOptions(
                maxDelay.toNanos(),
                durability != Durability.MEMORY,
                isSynced || durability == Durability.DISK,
                isSynced ? syncInterval.toNanos() : -1,
                onFailure == FailurePolicy.DROP,
                mendTornTail && !isShared,
                lookInterval.toNanos());
    }

    /** Tells the listener that is set now. */
    LongConsumer durableListener() {
        return ListenerCalls.durable(listener);
    }

    /** As {@link #durableListener}. */
    Reporter reporter() {
        return ListenerCalls.reporter(listener, name);
    }

    private static boolean isWithin(final Duration value, final Duration max) {
        return !value.isNegative() && value.compareTo(max) <= 0;
    }

    private static void require(final boolean condition, final String name, final Object value, final String allowed) {
        if (!condition) {
            throw new IllegalArgumentException(name + " \"" + value + "\": allowed is " + allowed);
        }
    }
}
