package dev.uringlog.logback;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.FileAppender;
import ch.qos.logback.core.spi.DeferredProcessingAware;
import ch.qos.logback.core.util.FileSize;
import ch.qos.logback.core.util.FileUtil;
import dev.uringlog.append.AppendLog;
import dev.uringlog.append.AppendLogBuilder;
import dev.uringlog.append.AppendLogListener;
import dev.uringlog.append.AppendStatistics;
import dev.uringlog.append.OverflowPolicy;
import dev.uringlog.append.Settings;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Writes events to a file through Uringlog: the logging thread encodes, copies into a ring and goes on; one thread hands
 * everything waiting to the kernel at once.
 *
 * <pre>{@code
 * <appender name="FILE" class="dev.uringlog.logback.IoUringFileAppender">
 *   <file>logs/app.log</file>
 *   <encoder><pattern>%d %p %logger [%thread] %msg%n</pattern></encoder>
 * </appender>
 * }</pre>
 *
 * <p>It has the properties of {@link FileAppender} and those of this class; a bad value is an error in the status list, and
 * the appender does not start. Logging threads take no lock, unless the encoder says that it is stateful.
 *
 * <p>When the JVM goes down everything logged is written; the encoder's footer is, only if the context is stopped before,
 * as by {@code <shutdownHook/>}.
 *
 * @param <E> the events' type, {@link ILoggingEvent} in Logback Classic
 */
public class IoUringFileAppender<E> extends FileAppender<E> {
    private final ReentrantLock statefulEncoding = new ReentrantLock();

    private String durability;
    private String strategy;
    private String ringSize;
    private String ringDepth;
    private String maxDelay;
    private String overflow;
    private String discardLevelText;
    private String shutdownTimeout;
    private String filePermissions;
    private boolean isImmediateFlushGiven;
    private boolean isBufferSizeGiven;

    private OverflowPolicy overflowPolicy = OverflowPolicy.BLOCK;
    private Level discardLevel = Level.INFO;
    private boolean isEncoderStateful;
    private Path path;
    private volatile AppendLog log;

    /** Makes an appender with every default; to be started. */
    public IoUringFileAppender() {}

    @Override
    public void start() {
        if (isStarted()) {
            return;
        }
        final List<String> problems = new ArrayList<>();
        final AppendLogBuilder builder = configure(problems);
        if (!problems.isEmpty()) {
            problems.forEach(problem -> addError("Appender [" + name + "] does not start: " + problem));
            return;
        }
        sayWhatChangesNothing();
        final Object other = OpenFiles.take(path, this);
        if (other != null) {
            addError("Appender [" + name + "] does not start: " + path + " is already written by " + other);
            return;
        }
        boolean isOpen = false;
        try {
            open(builder);
            isOpen = true;
        } catch (final IOException e) {
            addError("Appender [" + name + "] does not start: " + e.getMessage(), e);
        } finally {
            if (!isOpen) {
                OpenFiles.giveBack(path, this);
            }
        }
    }

    private AppendLogBuilder configure(final List<String> problems) {
        if (getEncoder() == null) {
            problems.add("encoder is missing");
        }
        if (getFile() == null || getFile().isBlank()) {
            problems.add("file is missing");
            return null;
        }
        try {
            path = Path.of(getFile());
        } catch (final InvalidPathException e) {
            problems.add("file \"" + getFile() + "\": " + e.getReason());
            return null;
        }
        final AppendLogBuilder builder = AppendLog.builder(path).append(isAppend() || isPrudent());
        problems.addAll(new Settings(builder)
                .durability(durability)
                .strategy(strategy)
                .ringSize(ringSize)
                .ringDepth(ringDepth)
                .maxDelay(maxDelay)
                .overflow(overflow)
                .shutdownTimeout(shutdownTimeout)
                .filePermissions(filePermissions)
                .problems());
        discardLevel = Level.toLevel(discardLevelText, discardLevelText == null ? Level.INFO : null);
        if (discardLevel == null) {
            problems.add("discardLevel \"" + discardLevelText + "\": allowed is TRACE, DEBUG, INFO, WARN, ERROR");
        }
        return builder;
    }

    private void sayWhatChangesNothing() {
        if (isImmediateFlushGiven && isImmediateFlush() && durability == null) {
            addWarn("immediateFlush=true asks for durability KERNEL, which this version does not offer; it is MEMORY");
        }
        if (isBufferSizeGiven) {
            addInfo("bufferSize changes nothing here");
        }
        if (isPrudent()) {
            addInfo(
                    "prudent: each batch of whole lines is one append to the file; the order between processes is theirs");
        }
    }

    private void open(final AppendLogBuilder builder) throws IOException {
        if (!FileUtil.createMissingParentDirectories(path.toFile())) {
            addError("Failed to create parent directories for [" + path.toAbsolutePath() + "]");
        }
        overflowPolicy = overflow == null
                ? OverflowPolicy.BLOCK
                : OverflowPolicy.valueOf(overflow.trim().toUpperCase(Locale.ROOT));
        isEncoderStateful = isStateful();
        final AppendLog opened = builder.listener(new StatusListener())
                .discardNotice(this::discardNotice)
                .open();
        final byte[] header = getEncoder().headerBytes();
        if (header != null && header.length > 0 && opened.initialSize() == 0) {
            opened.append(header);
        }
        log = opened;
        started = true;
    }

    /** Encoders say so from Logback 1.6.4 on; before that nobody asks, and none is. */
    private boolean isStateful() {
        try {
            return getEncoder().isStateful();
        } catch (final NoSuchMethodError e) {
            return false;
        }
    }

    /** Says the log's own troubles to the status list. */
    private final class StatusListener implements AppendLogListener {
        @Override
        public void info(final String message) {
            addInfo(message);
        }

        @Override
        public void warn(final String message) {
            addWarn(message);
        }

        @Override
        public void error(final String message, final Throwable cause) {
            addError(message, cause);
        }
    }

    @Override
    protected void append(final E event) {
        subAppend(event);
    }

    /** Encodes, and hands the bytes to the ring: what a subclass has written before is in the file before this. */
    @Override
    protected void subAppend(final E event) {
        final AppendLog current = log;
        if (!isStarted() || current == null) {
            return;
        }
        if (event instanceof DeferredProcessingAware deferred) {
            deferred.prepareForDeferredProcessing();
        }
        final byte[] bytes =
                isEncoderStateful ? encodeInTurn(event) : getEncoder().encode(event);
        if (bytes != null) {
            current.append(bytes, 0, bytes.length, whenFull(event));
        }
    }

    private byte[] encodeInTurn(final E event) {
        statefulEncoding.lock();
        try {
            return getEncoder().encode(event);
        } finally {
            statefulEncoding.unlock();
        }
    }

    private OverflowPolicy whenFull(final E event) {
        final boolean isKept =
                event instanceof ILoggingEvent logging && logging.getLevel().toInt() > discardLevel.toInt();
        return isKept ? OverflowPolicy.BLOCK : overflowPolicy;
    }

    @SuppressWarnings("unchecked") // An encoder of something else throws, and the status list alone tells.
    private byte[] discardNotice(final long count) {
        if (!(getContext() instanceof LoggerContext loggers)) {
            return null;
        }
        final LoggingEvent notice = new LoggingEvent();
        notice.setLoggerContext(loggers);
        notice.setLoggerName("dev.uringlog");
        notice.setLevel(Level.WARN);
        notice.setThreadName(Thread.currentThread().getName());
        notice.setTimeStamp(System.currentTimeMillis());
        notice.setMessage(count + " events discarded, the ring was full");
        try {
            return isEncoderStateful ? encodeInTurn((E) notice) : getEncoder().encode((E) notice);
        } catch (final ClassCastException e) {
            return null;
        }
    }

    @Override
    public void stop() {
        final AppendLog current = log;
        if (!isStarted() || current == null) {
            return;
        }
        started = false;
        current.close(getEncoder().footerBytes());
        getEncoder().stop();
        OpenFiles.giveBack(path, this);
    }

    /**
     * The file's counters.
     *
     * @return null before the first start
     */
    public AppendStatistics statistics() {
        final AppendLog current = log;
        return current == null ? null : current.statistics();
    }

    /**
     * What the file is written with, and why.
     *
     * @return one line
     */
    public String description() {
        final AppendLog current = log;
        return current == null ? getFile() + " is not open" : current.description();
    }

    /**
     * Waits until everything logged before is in the page cache.
     *
     * @throws IOException if the file does not take it
     */
    public void flush() throws IOException {
        final AppendLog current = log;
        if (current != null) {
            current.flush();
        }
    }

    /**
     * Written out as true it asks for durability KERNEL, which this version does not offer: it says so.
     *
     * @param immediateFlush true or false
     */
    @Override
    public void setImmediateFlush(final boolean immediateFlush) {
        isImmediateFlushGiven = true;
        super.setImmediateFlush(immediateFlush);
    }

    /**
     * Changes nothing here, and says so.
     *
     * @param bufferSize any size
     */
    @Override
    public void setBufferSize(final FileSize bufferSize) {
        isBufferSizeGiven = true;
        super.setBufferSize(bufferSize);
    }

    /**
     * What a returned log call means.
     *
     * @param value MEMORY, which is the default and all there is in this version
     */
    public void setDurability(final String value) {
        durability = value;
    }

    /**
     * How bytes reach the kernel.
     *
     * @param value auto (default), iouring, writev; the latter two fail rather than settle for less
     */
    public void setStrategy(final String value) {
        strategy = value;
    }

    /**
     * How much may wait in memory.
     *
     * @param value bytes, a power of two, also with KiB, MiB or GiB; 4 MiB by default
     */
    public void setRingSize(final String value) {
        ringSize = value;
    }

    /**
     * How many entries an io_uring has.
     *
     * @param value a power of two, 1…4096; 16 by default
     */
    public void setRingDepth(final String value) {
        ringDepth = value;
    }

    /**
     * How long an event may wait in memory for others.
     *
     * @param value a duration; 1 ms by default
     */
    public void setMaxDelay(final String value) {
        maxDelay = value;
    }

    /**
     * What happens to an event that finds the ring full.
     *
     * @param value BLOCK (default) or DISCARD
     */
    public void setOverflow(final String value) {
        overflow = value;
    }

    /**
     * Which events DISCARD may drop: those of this level and less; the others wait.
     *
     * @param value a level; INFO by default
     */
    public void setDiscardLevel(final String value) {
        discardLevelText = value;
    }

    /**
     * How long stopping may take.
     *
     * @param value a duration; 30 s by default
     */
    public void setShutdownTimeout(final String value) {
        shutdownTimeout = value;
    }

    /**
     * The file's permissions, whatever the umask.
     *
     * @param value nine characters, {@code rw-------} by default for a new file
     */
    public void setFilePermissions(final String value) {
        filePermissions = value;
    }
}
