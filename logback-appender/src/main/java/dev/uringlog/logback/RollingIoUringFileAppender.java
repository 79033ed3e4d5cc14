package dev.uringlog.logback;

import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.RollingPolicyBase;
import ch.qos.logback.core.spi.DeferredProcessingAware;
import ch.qos.logback.core.util.FileSize;
import dev.uringlog.append.AppendLogBuilder;
import dev.uringlog.append.AppendStatistics;
import java.io.IOException;

/**
 * Logback's {@link RollingFileAppender} over a ring: an {@link IoUringFileAppender} for a sequence of files, with Logback's own
 * policies.
 *
 * <p>To migrate a configuration, change the class name:
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
 * <p><b>Properties of RollingFileAppender</b> keep their meaning: {@code file} (before the policies; without it the
 * rolling policy names the file), {@code rollingPolicy}, {@code triggeringPolicy}, {@code encoder}, {@code filter};
 * {@code append} is always true. {@code prudent} is refused: a process must not rename a file that others write to.
 *
 * <p><b>Its own properties</b> are those of {@link RingProperties}, as for {@link IoUringFileAppender}.
 *
 * <p><b>When it rolls.</b> The thread that writes asks Logback's triggering policies, between two events. No logging thread
 * takes a lock, and none waits while files are renamed or compressed, unless the ring fills up. An event is judged by its own
 * time, not by when it is written, but never by a time ahead of the clock. An event without a time has that of its
 * {@code doAppend}. A clock set by {@code setCurrentTime} counts instead. The size is that of the file with every earlier
 * event in it, so SizeBasedTriggeringPolicy is exact and {@code checkIncrement} has no effect.
 *
 * <p>A custom triggering policy may look at the event, which the writer no longer has. It is asked on the caller's thread, one
 * event at a time; so are Logback's policies if the encoder is stateful. There the caller whose event is due waits for the
 * roll.
 *
 * <p><b>Header and footer.</b> Each new file begins with the encoder's header, and each file ends with its footer.
 *
 * <p><b>Durability.</b> If the log syncs its events, a file is synced before it is renamed, and the name of the next one too.
 * Logback writes compressed archives, and does not sync them.
 *
 * <p><b>Failures.</b> If a file cannot be renamed, or a policy throws, the log continues with the file, as in Logback, and a
 * status message says why. Everything else is as in {@link IoUringFileAppender}.
 *
 * @param <E> the type of event
 */
public class RollingIoUringFileAppender<E> extends RollingFileAppender<E> implements RingProperties {
    @SuppressWarnings("this-escape") // It keeps the appender, and does not use it before start.
    private final AppenderCore<E> core = new AppenderCore<>(this);

    /** An appender with every default. It needs an encoder and its started policies before it starts. */
    public RollingIoUringFileAppender() {
        AppendLogBuilder.prepare(); // While Logback makes the encoder and the policies.
    }

    /**
     * Opens the file, unless {@code lazy}, and takes events from then on. If the configuration is bad, status errors say why
     * and the appender does not start. Idempotent. A {@link #stop} stops the policies too: start them again first.
     */
    @Override
    public void start() {
        core.lock();
        try {
            if (isStarted()) {
                return;
            }
            if (!hasPolicies()) {
                super.start(); // Only reports what is missing.
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
     * Rolls now, due or not, and returns when it is done. Everything accepted before this call is in the file that ends. If the
     * archive would replace the one before it (TimeBasedRollingPolicy, in the middle of a period), a status error says so and
     * nothing is rolled.
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

    /** Does nothing: the writer gives the policies the size of the file, which includes what Logback itself writes. */
    @Override
    protected void updateByteCount(final byte[] bytes) {}

    /**
     * Writes everything accepted and the encoder's footer, within {@code shutdownTimeout}, closes the file, and stops the
     * policies, which wait for their compression. Idempotent.
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
            started = false; // No new events, so that the footer is the last.
            core.closeFile();
        }
    }

    /**
     * The counters of events since the last start.
     *
     * @return a snapshot; all zeros while the file has not been opened
     */
    @Override
    public AppendStatistics statistics() {
        return core.statistics();
    }

    /**
     * How the file is written, and why.
     *
     * @return one line
     */
    @Override
    public String description() {
        return core.description();
    }

    /**
     * Waits until every event accepted before this call is in the kernel's page cache.
     *
     * @throws IOException if the file does not take bytes for now; the events that wait are still tried again
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
     * {@code bufferSize}: has no effect; {@link #setRingSize ringSize} sets the buffer. A status message says so.
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
     * @param value its value, checked by {@link #start}
     */
    @Override
    public void option(final String property, final String value) {
        core.options().put(property, value);
    }
}
