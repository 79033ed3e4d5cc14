package dev.uringlog.log4j2;

import dev.uringlog.append.AppendLog;
import dev.uringlog.append.AppendLogBuilder;
import dev.uringlog.append.AppendLogListener;
import dev.uringlog.append.AppendStatistics;
import dev.uringlog.append.AppendTerms;
import dev.uringlog.append.LineLimit;
import dev.uringlog.append.LogClosedException;
import dev.uringlog.append.NotAcceptedException;
import dev.uringlog.appender.OnDemand;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
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
 * A manager's log, with what Log4j adds: the layout's header and footer, the file's owner, the status log. It is opened at
 * once or by the first event. Every appender of the file appends through it.
 */
class ManagedLog {
    static final Logger LOGGER = StatusLogger.getLogger();

    private final String element;
    private final String name;
    private final Attributes attributes;
    private final Supplier<Path> place;

    final Release release;

    final OnDemand<AppendLog> onDemand = new OnDemand<>(this::opened, open -> open);

    private final LineLimit headless = new LineLimit();
    private final LineLimit footless = new LineLimit();

    private final FileOwner owner;

    private volatile Layout<?> layout;

    /**
     * A log that is not open yet.
     *
     * @param element the element's name, for messages
     * @param name the manager's name
     * @param attributes without problems
     * @param layout the first one
     * @param place the path to open, asked at each attempt
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
     * @param label the attribute that names the file, with its value
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
            // Log4j's rolling managers cast the data that they get before their kind can be checked.
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
                label + " is in use by another kind of appender, and " + element
                        + " cannot share it; to change the kind of an appender, restart the application",
                cause);
    }

    /** For another kind of appender that asks for this file. */
    final ConfigurationException isOpenHere() {
        return new ConfigurationException("fileName \"" + name + "\" is in use by " + element
                + ", and no other kind of appender can share it; to change the kind of an appender, restart the"
                + " application");
    }

    /** Opens the file now, before anything is appended. */
    final void open() throws IOException {
        onDemand.open();
    }

    private AppendLog opened() throws IOException {
        if (!Release.await(name, attributes.shutdownTimeout())) {
            LOGGER.warn("{} {}: opened while an earlier appender is still writing to the file", element, name);
        }
        final Path path = place.get();
        final AppendLogBuilder builder = attributes
                .logBuilder(path)
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

    /** Opens the described log, and begins an empty file with the header, if there is one. */
    AppendLog open(final AppendLogBuilder builder, final byte[] header) throws IOException {
        final AppendLog opened = builder.open();
        OnDemand.begin(opened, header);
        return opened;
    }

    final void defineOwner(final Path path) {
        owner.define(path);
    }

    /** Passes the log's own messages to the status log. */
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

    /** Called on the flusher's thread. If the layout throws, the log reports it. */
    private byte[] lossNotice(final String words) {
        return layout.toByteArray(Log4jLogEvent.newBuilder()
                .setLoggerName("dev.uringlog")
                .setLevel(Level.WARN)
                .setTimeMillis(System.currentTimeMillis())
                .setThreadName(Thread.currentThread().getName())
                .setMessage(new SimpleMessage(words))
                .build());
    }

    /** Called on the logging thread: an event's time, with whatever else the writer needs to roll before it. */
    long noted(final long timeMillis) {
        return timeMillis;
    }

    /**
     * Appends an encoded event.
     *
     * @throws AppenderLoggingException if the file is closed or cannot be opened, if the event was not accepted, or if it is
     *     not as durable as promised
     */
    final void append(
            final byte[] bytes, final int offset, final int length, final long notedMillis, final AppendTerms terms) {
        try {
            openLog().append(bytes, offset, length, notedMillis, terms);
        } catch (final LogClosedException | NotAcceptedException | UncheckedIOException e) {
            throw refused(e);
        }
    }

    /** Does the same for an event that an appender has encoded. */
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
        final AppendLog open;
        try {
            open = onDemand.open();
        } catch (final IOException e) {
            throw new AppenderLoggingException(cannotOpen(name, e), e);
        }
        if (open == null) {
            throw new AppenderLoggingException(name + " is not open; opening it is tried at most once a second");
        }
        return open;
    }

    static String cannotOpen(final String name, final IOException cause) {
        // The message of a FileSystemException is only the path.
        return "cannot open " + name + ": "
                + (cause instanceof FileSystemException ? cause.toString() : cause.getMessage());
    }

    /**
     * Takes the layout of another appender of this file, or of a new configuration. Attributes that were settled at open stay;
     * each that differs is reported.
     */
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
     * Writes everything and closes the file. It is not opened again.
     *
     * @param footer the last bytes, or null
     * @return whether no event was lost
     */
    final boolean close(final byte[] footer) {
        final AppendLog last = onDemand.end(attributes.shutdownTimeout());
        if (last == null) {
            return true;
        }
        last.close(footer);
        final AppendStatistics statistics = last.statistics();
        return statistics.failed() + statistics.dropped() == 0;
    }

    /** The layout's header, or null. */
    final byte[] header() {
        try {
            return layout.getHeader();
        } catch (final RuntimeException e) {
            headless.say(more -> LOGGER.error("{} {}: starts without the layout's header{}", element, name, more, e));
            return null;
        }
    }

    /** The layout's footer, or null. */
    final byte[] footer() {
        try {
            return layout.getFooter();
        } catch (final RuntimeException e) {
            footless.say(more -> LOGGER.error("{} {}: ends without the layout's footer{}", element, name, more, e));
            return null;
        }
    }

    /** The URI that the configuration's advertiser publishes. */
    final String advertisedUri(final Path path) {
        final String given = attributes.options().text("advertiseUri");
        return given == null ? path.toUri().toString() : given;
    }

    /** The log, or null until it is open. */
    final AppendLog log() {
        return onDemand.get();
    }

    final AppendStatistics statistics() {
        return onDemand.statistics();
    }

    final String description() {
        return onDemand.description(name);
    }

    final void flush() throws IOException {
        onDemand.flush();
    }
}
