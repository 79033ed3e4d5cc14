package dev.uringlog.logback;

import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.RollingPolicyBase;
import ch.qos.logback.core.spi.DeferredProcessingAware;
import ch.qos.logback.core.util.FileSize;
import dev.uringlog.append.AppendLogBuilder;
import dev.uringlog.append.AppendStatistics;
import java.io.IOException;

/**
 * Logback's {@link RollingFileAppender} over a ring: {@link IoUringFileAppender}, in one file after another, with Logback's
 * own policies.
 *
 * <p>A configuration migrates by the class's name:
 *
 * <pre>{@code
 * <appender name="FILE" class="dev.uringlog.logback.RollingIoUringFileAppender">
 *   <file>app.log</file>
 *   <rollingPolicy class="ch.qos.logback.core.rolling.SizeAndTimeBasedRollingPolicy">
 *     <fileNamePattern>app-%d{yyyy-MM-dd}.%i.log.gz</fileNamePattern>
 *     <maxFileSize>100MB</maxFileSize>
 *     <maxHistory>30</maxHistory>
 *     <totalSizeCap>10GB</totalSizeCap>
 *   </rollingPolicy>
 *   <encoder><charset>UTF-8</charset><pattern>%d %-5level [%thread] %logger - %msg%n</pattern></encoder>
 * </appender>
 * }</pre>
 *
 * <p><b>Properties of RollingFileAppender</b> mean what they meant: {@code file} (before the policies; without it the
 * rolling policy names the file), {@code rollingPolicy}, {@code triggeringPolicy}, {@code encoder}, {@code filter};
 * {@code append} is always true. {@code prudent} is refused: no process can rename a file under another that writes to it.
 *
 * <p><b>Its own</b> are those of {@link RingProperties}, as {@link IoUringFileAppender} has them.
 *
 * <p><b>When it rolls.</b> Logback's triggering policies are asked by the thread that writes, between two events: no
 * logging thread takes a lock, and none waits while files are renamed or compressed, unless the ring is full by then. An
 * event goes by its own time, not by when it is written; one that has none, by that of its {@code doAppend}. An event whose
 * time is ahead goes by the time at which it is written. A clock set by {@code setCurrentTime} counts instead. Sizes are those of the file with everything before the event in it, so
 * {@code checkIncrement} changes nothing: SizeBasedTriggeringPolicy is exact. A triggering policy of others may look at the
 * event, which the writer no longer has; it is asked on the caller's thread, one event at a time, and so are Logback's
 * policies if the encoder is stateful. There the caller who finds the file full waits for the roll.
 *
 * <p><b>Header and footer.</b> The encoder's footer ends each file, its header begins each that is new.
 *
 * <p><b>Durability.</b> Where events are kept until they are on stable storage, so is all of a file before it is renamed,
 * and the name of the next. A compressed archive is written by Logback, which syncs nothing.
 *
 * <p><b>Trouble.</b> A file that cannot be renamed is gone on with, as in Logback, which says why; a policy that throws
 * likewise. All else is as in {@link IoUringFileAppender}.
 *
 * @param <E> the type of event
 */
public class RollingIoUringFileAppender<E> extends RollingFileAppender<E> implements RingProperties {
    @SuppressWarnings("this-escape") // It keeps the appender, and asks nothing of it before start.
    private final AppenderCore<E> core = new AppenderCore<>(this);

    /** An appender with every default; it wants an encoder and its policies, started, before it is started. */
    public RollingIoUringFileAppender() {
        AppendLogBuilder.prepare(); // While Logback makes the encoder and the policies.
    }

    /**
     * Opens the file, unless {@code lazy}, and takes events from then on. With a bad configuration it says so in status
     * errors and stays as it is. Idempotent. After a {@link #stop}, which stops the policies, they want to be started first.
     */
    @Override
    public void start() {
        core.lock();
        try {
            if (isStarted()) {
                return;
            }
            if (!hasPolicies()) {
                super.start(); // Says what is missing, and does no more.
            } else if (isWellConfigured()) {
                final PolicyRoller<E> roller = new PolicyRoller<>(this);
                if (claims()) {
                    core.start(roller, super::start);
                }
            }
        } finally {
            core.unlock();
        }
    }

    private boolean hasPolicies() {
        return getTriggeringPolicy() != null && getTriggeringPolicy().isStarted() && getRollingPolicy() != null;
    }

    private boolean isWellConfigured() {
        if (getRollingPolicy() instanceof RollingPolicyBase policy && !policy.isStarted()) {
            core.refuse("its rollingPolicy has not started");
            return false;
        }
        return core.isWellConfigured(getFile(), true);
    }

    private boolean claims() {
        return core.claimFile(getFile())
                && (!(getRollingPolicy() instanceof RollingPolicyBase named)
                        || named.getFileNamePattern() == null
                        || core.claimPattern(named.getFileNamePattern()));
    }

    /**
     * Opens the file, unless {@code lazy}. Called by Logback's own start; not for use by others.
     *
     * @param name the file
     * @throws IOException if it cannot be opened
     */
    @Override
    public void openFile(final String name) throws IOException {
        core.openFile();
    }

    /**
     * Rolls now: everything taken before this call is in the file that ends, whether that is due or not; returns when it is
     * done. Refused, in a status error, where the file's archive would have the name of the one before: in the middle of a
     * period, with TimeBasedRollingPolicy.
     */
    @Override
    public void rollover() {
        core.roll();
    }

    /**
     * Takes an event that has passed the filters.
     *
     * @param event the event
     */
    @Override
    protected void append(final E event) {
        subAppend(event);
    }

    /**
     * Encodes an event and appends it to the ring. Throws nothing of its own, and never stops the appender.
     *
     * @param event the event
     */
    @Override
    protected void subAppend(final E event) {
        if (event instanceof DeferredProcessingAware deferred) {
            deferred.prepareForDeferredProcessing();
        }
        writeOut(event);
    }

    /**
     * Encodes an event and appends it to the ring.
     *
     * @param event the event
     */
    @Override
    protected void writeOut(final E event) {
        core.write(event);
    }

    /** The writer tells the policies how large the file is; what Logback itself writes, a header, is in that. */
    @Override
    protected void updateByteCount(final byte[] bytes) {}

    /**
     * Writes everything accepted, and the encoder's footer, for at most {@code shutdownTimeout}; closes the file, and stops
     * the policies, which wait for their compression. Idempotent.
     */
    @Override
    public void stop() {
        core.lock();
        try {
            if (isStarted()) {
                super.stop();
                core.stopped();
            }
        } finally {
            core.unlock();
        }
    }

    /** Drains the ring and closes the file. Called by Logback's own stop; not for use by others. */
    @Override
    protected void closeOutputStream() {
        if (core.isOpen()) {
            started = false; // Nothing new from here on, or a footer would hardly be the last.
            core.closeFile();
        }
    }

    /**
     * What has become of the events since the last start.
     *
     * @return a snapshot; all zeros while the file has not been opened
     */
    @Override
    public AppendStatistics statistics() {
        return core.statistics();
    }

    /**
     * What writes the file, and why so.
     *
     * @return one line
     */
    @Override
    public String description() {
        return core.description();
    }

    /**
     * Waits until every event taken before this call is in the kernel's page cache.
     *
     * @throws IOException if the file does not take bytes for now; what is held is still tried again
     */
    @Override
    public void flush() throws IOException {
        core.flush();
    }

    /**
     * {@code immediateFlush}: as {@link IoUringFileAppender#setImmediateFlush}.
     *
     * @param value true or false
     */
    @Override
    public void setImmediateFlush(final boolean value) {
        super.setImmediateFlush(value);
        option("immediateFlush", Boolean.toString(value));
    }

    /**
     * {@code bufferSize}: changes nothing here, where {@link #setRingSize ringSize} is the buffer; said once.
     *
     * @param value any size
     */
    @Override
    public void setBufferSize(final FileSize value) {
        core.ignoreBufferSize(value);
    }

    /**
     * Takes one of the properties that {@link RingProperties} describes.
     *
     * @param property its name
     * @param value its value, looked at by {@link #start}
     */
    @Override
    public void option(final String property, final String value) {
        core.options().put(property, value);
    }
}
