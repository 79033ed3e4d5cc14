package dev.uringlog.logback;

import ch.qos.logback.core.FileAppender;
import ch.qos.logback.core.spi.DeferredProcessingAware;
import ch.qos.logback.core.util.FileSize;
import dev.uringlog.append.AppendLogBuilder;
import dev.uringlog.append.AppendStatistics;
import java.io.IOException;

/**
 * Logback's {@link FileAppender} over a ring. A logging thread encodes its event, copies it into memory and returns. One
 * thread per file writes everything that waits in one vectored submission.
 *
 * <p>To migrate a configuration, change the class name:
 *
 * <pre>{@code
 * <appender name="FILE" class="dev.uringlog.logback.IoUringFileAppender">
 *   <file>app.log</file>
 *   <encoder><charset>UTF-8</charset><pattern>%d %-5level [%thread] %logger - %msg%n</pattern></encoder>
 * </appender>
 * }</pre>
 *
 * <p><b>Properties of FileAppender</b> keep their meaning: {@code file}, {@code append} (true), {@code encoder},
 * {@code filter}, {@code prudent} (false; several processes may write to the file, each batch is one append of whole
 * lines). If {@code immediateFlush} is true and no {@code durability} is given, that is KERNEL. {@code bufferSize} has no
 * effect.
 *
 * <p><b>Its own properties</b> are those of {@link RingProperties}. If a value cannot be used, a status error names the
 * property, the value and what is allowed. The appender then does not start, and the application runs on.
 *
 * <p><b>Threads.</b> No logging thread takes a lock or a monitor, not even a virtual one. The exception is a stateful
 * encoder: then events are encoded and appended one at a time. If the ring is full, an event waits or is discarded, see
 * {@link #setOverflow}.
 *
 * <p><b>Header and footer.</b> An empty file begins with the encoder's header. At stop, its footer follows the last event.
 *
 * <p><b>Exit.</b> {@link #stop} writes everything accepted, within {@code shutdownTimeout}. If the context is not stopped,
 * everything accepted is still written when the JVM shuts down, but no footer. For a footer, configure Logback's
 * {@code <shutdownHook/>}.
 *
 * <p><b>Failures</b> are reported in status messages, at most one a second of each kind, never with an event's contents. An
 * I/O error never stops the appender: events are kept until the file takes them again, or dropped, see {@link #setOnFailure}.
 *
 * @param <E> the type of event
 */
public class IoUringFileAppender<E> extends FileAppender<E> implements RingProperties {
    @SuppressWarnings("this-escape") // It keeps the appender, and does not use it before start.
    private final AppenderCore<E> core = new AppenderCore<>(this);

    /** An appender with every default. It needs a file and an encoder before it starts. */
    public IoUringFileAppender() {
        AppendLogBuilder.prepare(); // While Logback makes the encoder.
    }

    /**
     * Opens the file, unless {@code lazy}, and takes events from then on. If the configuration is bad, status errors say why
     * and the appender does not start. Idempotent; works again after a {@link #stop}.
     */
    @Override
    public void start() {
        core.lock();
        try {
            if (!isStarted() && core.isWellConfigured(fileName, false) && core.claimFile(fileName)) {
                sayWhatIsDifferent();
                core.start(null, super::start);
            }
        } finally {
            core.unlock();
        }
    }

    private void sayWhatIsDifferent() {
        if (isPrudent()) {
            addInfo("prudent: several processes may write to the file, each batch is one append of whole lines");
        }
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

    /**
     * Writes everything accepted and the encoder's footer, within {@code shutdownTimeout}, and closes the file.
     * Idempotent.
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
     * {@code immediateFlush}: in Logback, whether each event is with the kernel before the call returns. True means durability
     * KERNEL if none is given; false, the default here, has no effect.
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
