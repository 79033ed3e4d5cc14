package dev.uringlog.log4j2;

import dev.uringlog.append.AppendLog;
import dev.uringlog.append.AppendLogBuilder;
import dev.uringlog.append.AppendLogListener;
import dev.uringlog.append.AppendStatistics;
import dev.uringlog.append.AppendTerms;
import dev.uringlog.append.LineLimit;
import dev.uringlog.append.LogClosedException;
import dev.uringlog.append.NotAcceptedException;
import dev.uringlog.append.OverflowPolicy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.Logger;
import org.apache.logging.log4j.core.Layout;
import org.apache.logging.log4j.core.StringLayout;
import org.apache.logging.log4j.core.appender.AbstractManager;
import org.apache.logging.log4j.core.appender.AppenderLoggingException;
import org.apache.logging.log4j.core.appender.ManagerFactory;
import org.apache.logging.log4j.core.config.ConfigurationException;
import org.apache.logging.log4j.core.impl.Log4jLogEvent;
import org.apache.logging.log4j.message.SimpleMessage;
import org.apache.logging.log4j.status.StatusLogger;

/**
 * The log of a manager: opened at once or by the first event, and what Log4j adds to it, the layout's header and footer,
 * the file's owner, the status log. Every appender of the file appends through it.
 */
class ManagedLog {
    static final Logger LOGGER = StatusLogger.getLogger();

    private static final long REOPEN_INTERVAL_NS = TimeUnit.SECONDS.toNanos(1);

    private final String element;
    private final String name;
    private final Attributes attributes;
    private final Supplier<Path> place;

    final Release release;

    /** Held by a thread that opens the file; never by one that waits for the writer or logs to a log that is open. */
    final ReentrantLock opening = new ReentrantLock();

    private final LineLimit headless = new LineLimit();
    private final LineLimit footless = new LineLimit();

    private final FileOwner owner;

    private volatile Layout<?> layout;
    private volatile AppendLog log;
    private volatile boolean isReleased;

    private volatile long lastFailureNanos = System.nanoTime() - REOPEN_INTERVAL_NS;

    /**
     * A log that is not open yet.
     *
     * @param element the element's name, for what is said of it
     * @param name the manager's
     * @param attributes without problems
     * @param layout the first one
     * @param place where the file is to be opened, asked each time
     */
    ManagedLog(
            final String element,
            final String name,
            final Attributes attributes,
            final Layout<?> layout,
            final Supplier<Path> place) {
        this.element = element;
        this.name = name;
        this.attributes = attributes;
        owner = new FileOwner(element, attributes);
        this.layout = layout;
        this.place = place;
        release = new Release(name);
    }

    /**
     * The manager of a file: the one that is open, or a new one.
     *
     * @param label what the file is named by: attribute and value
     * @throws ConfigurationException if another kind of appender has the file open, or it cannot be opened
     */
    static <M extends AbstractManager, T> M share(
            final String element,
            final String label,
            final Class<M> kind,
            final String name,
            final ManagerFactory<AbstractManager, T> factory,
            final T data) {
        final AbstractManager manager;
        try {
            manager = AbstractManager.getManager(name, factory, data);
        } catch (final ClassCastException e) {
            // Log4j's rolling managers cast what they are handed, before anybody could look at them.
            throw isOpenByAnother(element, label, e);
        }
        if (!kind.isInstance(manager)) {
            manager.close(); // Gives back the reference just counted.
            throw isOpenByAnother(element, label, null);
        }
        return kind.cast(manager);
    }

    private static ConfigurationException isOpenByAnother(
            final String element, final String label, final Throwable cause) {
        return new ConfigurationException(
                label + " is open by another kind of appender, which " + element + " cannot share; to change an"
                        + " appender's kind, start anew",
                cause);
    }

    /** What another kind of appender is told that wants this one's file. */
    final ConfigurationException isOpenHere() {
        return new ConfigurationException("fileName \"" + name + "\" is open by " + element
                + ", which no other kind of appender can share; to change an appender's kind, start anew");
    }

    /** Opens the file now, before anybody can append. */
    final void open() throws IOException {
        opening.lock();
        try {
            log = opened();
        } finally {
            opening.unlock();
        }
    }

    private AppendLog opened() throws IOException {
        if (!Release.await(name, attributes.shutdownTimeout())) {
            LOGGER.warn("{} {}: opened while what was logged before is still being written", element, name);
        }
        final Path path = place.get();
        final AppendLogBuilder builder = attributes
                .logBuilder(path)
                .makeDirectories(true)
                .listener(new StatusListener())
                .threadFactory(new WriterThreads(element))
                .lossNotice(this::lossNotice);
        if (layout instanceof StringLayout text) {
            builder.mendTornTail(text.getCharset());
        }
        final AppendLog opened = open(builder, header());
        defineOwner(path);
        return opened;
    }

    /** Opens the log that is described, and sees to the header (null if there is none) of an empty file. */
    AppendLog open(final AppendLogBuilder builder, final byte[] header) throws IOException {
        final AppendLog opened = builder.open();
        if (header != null && opened.initialSize() == 0) {
            // Not waited for: a file that takes no bytes yet is written to once it does.
            opened.enqueue(header, 0, header.length, OverflowPolicy.BLOCK);
        }
        return opened;
    }

    final void defineOwner(final Path path) {
        owner.define(path);
    }

    /** Says the log's own troubles to the status log. */
    private static final class StatusListener implements AppendLogListener {
        @Override
        public void info(final String message) {
            LOGGER.info(message);
        }

        @Override
        public void warn(final String message) {
            LOGGER.warn(message);
        }

        @Override
        public void error(final String message, final Throwable cause) {
            LOGGER.error(message, cause);
        }
    }

    /** On the flusher's thread; what a layout in trouble throws the log reports. */
    private byte[] lossNotice(final String words) {
        return layout.toByteArray(Log4jLogEvent.newBuilder()
                .setLoggerName("dev.uringlog")
                .setLevel(Level.WARN)
                .setTimeMillis(System.currentTimeMillis())
                .setThreadName(Thread.currentThread().getName())
                .setMessage(new SimpleMessage(words))
                .build());
    }

    /** On the logging thread: an event's time, with what else the writer has to know to roll before it. */
    long noted(final long timeMillis) {
        return timeMillis;
    }

    /**
     * Appends an encoded event.
     *
     * @throws AppenderLoggingException if the file is closed, or cannot be opened on demand, or the event was not accepted or
     *     is not where the terms or the durability promise
     */
    final void append(
            final byte[] bytes, final int offset, final int length, final long notedMillis, final AppendTerms terms) {
        try {
            openLog().append(bytes, offset, length, notedMillis, terms);
        } catch (final LogClosedException | NotAcceptedException | UncheckedIOException e) {
            throw refused(e);
        }
    }

    /** As the other, for an event that an appender has encoded. */
    final void append(final EventEncoder event, final long notedMillis, final AppendTerms terms) {
        try {
            if (event.isGivenAway()) {
                openLog().give(event.bytes(), 0, event.length(), notedMillis, terms);
            } else {
                openLog().append(event.bytes(), 0, event.length(), notedMillis, terms);
            }
        } catch (final LogClosedException | NotAcceptedException | UncheckedIOException e) {
            throw refused(e);
        }
    }

    private static AppenderLoggingException refused(final RuntimeException e) {
        final Throwable cause = e.getCause();
        return cause == null
                ? new AppenderLoggingException(e.getMessage())
                : new AppenderLoggingException(cause.getMessage(), cause);
    }

    private AppendLog openLog() {
        final AppendLog current = log;
        return current == null ? openOnDemand() : current;
    }

    private AppendLog openOnDemand() {
        // Looked at before the lock too: while the file cannot be opened nobody waits for those who try.
        if (hasJustFailed()) {
            throw new AppenderLoggingException(name + " could not be opened, and is tried again once a second");
        }
        opening.lock();
        try {
            if (log != null) {
                return log;
            }
            if (isReleased || hasJustFailed() || opening.getHoldCount() > 1) {
                throw new AppenderLoggingException(name + " is not open");
            }
            log = opened();
            if (isReleased) {
                log.close(); // It was released meanwhile, and that could not wait for so long.
            }
            return log;
        } catch (final IOException e) {
            lastFailureNanos = System.nanoTime();
            throw new AppenderLoggingException(cannotOpen(name, e), e);
        } finally {
            opening.unlock();
        }
    }

    private boolean hasJustFailed() {
        return System.nanoTime() - lastFailureNanos < REOPEN_INTERVAL_NS;
    }

    static String cannotOpen(final String name, final IOException cause) {
        // The message of a file system's exception is the path alone.
        return "cannot open " + name + ": "
                + (cause instanceof FileSystemException ? cause.toString() : cause.getMessage());
    }

    /** A second appender for this file, or this one of a new configuration: what was settled at open stays, and is said. */
    final void update(final Attributes next, final Layout<?> nextLayout) {
        layout = nextLayout;
        final Map<String, String> settled = attributes.fixed();
        final Map<String, String> asked = next.fixed();
        final Map<String, String> names = new TreeMap<>(settled);
        names.putAll(asked);
        for (final String attribute : names.keySet()) {
            final String now = settled.get(attribute);
            final String wanted = asked.get(attribute);
            if (!Objects.equals(now, wanted)) {
                LOGGER.warn(
                        "{} {}: {} cannot change while the file is open: it stays {}, not {}",
                        element,
                        name,
                        attribute,
                        now == null ? "the default" : '"' + now + '"',
                        wanted == null ? "the default" : '"' + wanted + '"');
            }
        }
    }

    /**
     * Writes everything and closes the file for good; nothing opens it again.
     *
     * @param footer the last bytes, or null
     * @return whether nothing was lost
     */
    final boolean close(final byte[] footer) {
        isReleased = true;
        final AppendLog last = lastOpened();
        if (last == null) {
            return true;
        }
        last.close(footer);
        final AppendStatistics statistics = last.statistics();
        return statistics.failed() + statistics.dropped() == 0;
    }

    /** The log, also if it is only just being opened; not if opening takes longer than closing may: it is closed then. */
    private AppendLog lastOpened() {
        if (log != null) {
            return log;
        }
        boolean isLocked = false;
        try {
            isLocked = opening.tryLock(attributes.shutdownTimeout().toNanos(), TimeUnit.NANOSECONDS);
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            if (isLocked) {
                opening.unlock();
            }
        }
        return log;
    }

    /** The layout's header, or null. */
    final byte[] header() {
        try {
            return layout.getHeader();
        } catch (final RuntimeException e) {
            complain(headless, name + ": begun without the layout's header", e);
            return null;
        }
    }

    /** The layout's footer, or null. */
    final byte[] footer() {
        try {
            return layout.getFooter();
        } catch (final RuntimeException e) {
            complain(footless, name + ": ended without the layout's footer", e);
            return null;
        }
    }

    private void complain(final LineLimit limit, final String message, final Throwable cause) {
        final long count = limit.take();
        if (count > 0) {
            LOGGER.error("{} {}{}", element, message, LineLimit.more(count), cause);
        }
    }

    /** Where the configuration's advertiser says the file is. */
    final String advertisedUri(final Path path) {
        final String given = attributes.advertiseUri();
        return given == null ? path.toUri().toString() : given;
    }

    /** The log, or null until it is open. */
    final AppendLog log() {
        return log;
    }

    final AppendStatistics statistics() {
        final AppendLog current = log;
        return current == null ? AppendStatistics.none() : current.statistics();
    }

    final String description() {
        final AppendLog current = log;
        return current == null ? name + " is not open yet" : current.description();
    }

    final void flush() throws IOException {
        final AppendLog current = log;
        if (current != null) {
            current.flush();
        }
    }
}
