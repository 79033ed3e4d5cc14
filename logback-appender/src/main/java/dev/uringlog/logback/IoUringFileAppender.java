package dev.uringlog.logback;

import ch.qos.logback.core.FileAppender;
import ch.qos.logback.core.spi.DeferredProcessingAware;
import ch.qos.logback.core.util.FileSize;
import dev.uringlog.append.AppendLogBuilder;
import dev.uringlog.append.AppendStatistics;
import java.io.IOException;

/**
 * Logback's {@link FileAppender} over a ring: a logging thread encodes its event, copies it into memory and goes on; one
 * thread per file hands everything waiting to the kernel as one vectored submission.
 *
 * <p>A configuration migrates by the class's name:
 *
 * <pre>{@code
 * <appender name="FILE" class="dev.uringlog.logback.IoUringFileAppender">
 *   <file>app.log</file>
 *   <encoder><charset>UTF-8</charset><pattern>%d %-5level [%thread] %logger - %msg%n</pattern></encoder>
 * </appender>
 * }</pre>
 *
 * <p><b>Properties of FileAppender</b> mean what they meant: {@code file}, {@code append} (true), {@code encoder},
 * {@code filter}, {@code prudent} (false; several processes may write to the file, each batch is one append of whole
 * lines). {@code immediateFlush} written out as true means {@code durability} KERNEL where none is given.
 * {@code bufferSize} changes nothing; the appender says so.
 *
 * <p><b>Its own</b>, each described in {@link RingProperties}: {@code durability} (MEMORY),
 * {@code durableLevel}, {@code durableMarker}, {@code syncInterval} (none), {@code strategy} (auto), {@code ringSize}
 * (4 MiB), {@code ringDepth} (16), {@code maxDelay} (1 ms), {@code overflow} (BLOCK), {@code discardLevel} (INFO),
 * {@code onFailure} (HOLD), {@code shutdownTimeout} (30 s), {@code filePermissions} (rw-------), {@code lazy} (false). A
 * value that cannot be used is a status error that names the property, the value and what is allowed; the appender then
 * does not start, and the application runs on.
 *
 * <p><b>Threads.</b> No logging thread takes a lock or a monitor, virtual ones neither, unless the encoder says that it
 * is stateful: then events are encoded and appended one at a time. An event that finds the ring full waits or goes, see
 * {@link #setOverflow}.
 *
 * <p><b>Header and footer.</b> The encoder's header is written into a file that is empty; its footer, at stop, after
 * the last event.
 *
 * <p><b>Exit.</b> {@link #stop} writes everything accepted, for at most {@code shutdownTimeout}. Where nobody stops the
 * context, everything accepted is still written when the JVM goes down; only the footer is not, for which a configuration
 * wants Logback's {@code <shutdownHook/>}.
 *
 * <p><b>Trouble</b> is said in status messages, at most one a second of a kind and never with an event's contents. An
 * I/O error never stops the appender: events are held until the file takes them again, or dropped, as {@code onFailure}
 * says.
 *
 * @param <E> the type of event
 */
public class IoUringFileAppender<E> extends FileAppender<E> implements RingProperties {
    @SuppressWarnings("this-escape") // It keeps the appender, and asks nothing of it before start.
    private final AppenderCore<E> core = new AppenderCore<>(this);

    /** An appender with every default; it wants a file and an encoder before it is started. */
    public IoUringFileAppender() {
        AppendLogBuilder.prepare(); // While Logback makes the encoder.
    }

    /**
     * Opens the file, unless {@code lazy}, and takes events from then on. With a bad configuration it says so in status
     * errors and stays as it is. Idempotent; works again after a {@link #stop}.
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
     * Writes everything accepted, and the encoder's footer, for at most {@code shutdownTimeout}; closes the file.
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
     * {@code immediateFlush}: in Logback, whether each event is handed to the kernel before the call returns. True
     * means durability KERNEL where none is given; false, the default here, changes nothing.
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
