package dev.uringlog.log4j2;

import dev.uringlog.append.AppendLog;
import dev.uringlog.append.AppendLogBuilder;
import dev.uringlog.append.AppendLogListener;
import dev.uringlog.append.AppendStatistics;
import dev.uringlog.append.LogClosedException;
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
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.Layout;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.AbstractManager;
import org.apache.logging.log4j.core.appender.AppenderLoggingException;
import org.apache.logging.log4j.core.appender.ConfigurationFactoryData;
import org.apache.logging.log4j.core.config.Configuration;
import org.apache.logging.log4j.core.config.ConfigurationException;
import org.apache.logging.log4j.core.impl.Log4jLogEvent;
import org.apache.logging.log4j.core.util.FileUtils;
import org.apache.logging.log4j.core.util.Log4jThreadFactory;
import org.apache.logging.log4j.message.SimpleMessage;

/**
 * One open file: its ring, its thread, its descriptor. Appenders of the same file name share it, those of a configuration
 * and of the one that follows it too, so a reconfiguration loses nothing; the last to stop closes it.
 */
public final class IoUringFileManager extends AbstractManager {
    private static final long REOPEN_INTERVAL_NS = TimeUnit.SECONDS.toNanos(1);

    private final Data data;
    private final ReentrantLock opening = new ReentrantLock();
    private volatile Layout<?> layout;
    private volatile AppendLog log;
    private volatile boolean isReleased;
    private volatile long lastFailureNanos = System.nanoTime() - REOPEN_INTERVAL_NS;

    /** What an appender's element says of its file. */
    static final class Data extends ConfigurationFactoryData {
        private final AppendLogBuilder builder;
        private final Layout<?> layout;
        private final boolean createOnDemand;

        /** Attributes that are settled when the file is opened, as written. */
        private final Map<String, String> fixed;

        Data(
                final Configuration configuration,
                final AppendLogBuilder builder,
                final Layout<?> layout,
                final boolean createOnDemand,
                final Map<String, String> fixed) {
            super(configuration);
            this.builder = builder;
            this.layout = layout;
            this.createOnDemand = createOnDemand;
            this.fixed = fixed;
        }
    }

    private IoUringFileManager(final LoggerContext context, final String fileName, final Data data) {
        super(context, fileName);
        this.data = data;
        layout = data.layout;
    }

    /**
     * The manager of a file: the one that is open, or a new one.
     *
     * @throws ConfigurationException if another kind of appender has the file open, or it cannot be opened
     */
    static IoUringFileManager getManager(final String fileName, final Data data) {
        final AbstractManager manager;
        try {
            manager = AbstractManager.<AbstractManager, Data>getManager(fileName, IoUringFileManager::create, data);
        } catch (final ClassCastException e) {
            // Log4j's rolling managers cast what they are handed, before anybody could look at them.
            throw isOpenByAnother(fileName, e);
        }
        if (!(manager instanceof IoUringFileManager)) {
            manager.close(); // Gives back the reference just counted.
            throw isOpenByAnother(fileName, null);
        }
        return narrow(IoUringFileManager.class, manager);
    }

    private static ConfigurationException isOpenByAnother(final String fileName, final Throwable cause) {
        return new ConfigurationException(
                "fileName \"" + fileName + "\" is open by another kind of appender, which IoUringFile cannot share; to"
                        + " change an appender's kind, start anew",
                cause);
    }

    private static IoUringFileManager create(final String fileName, final Data data) {
        final LoggerContext context =
                data.getConfiguration() == null ? null : data.getConfiguration().getLoggerContext();
        final IoUringFileManager manager = new IoUringFileManager(context, fileName, data);
        if (!data.createOnDemand) {
            try {
                manager.log = manager.open();
            } catch (final IOException e) {
                throw new ConfigurationException(manager.cannotOpen(e), e);
            }
        }
        return manager;
    }

    private String cannotOpen(final IOException cause) {
        // The message of a file system's exception is the path alone.
        return "cannot open " + getName() + ": "
                + (cause instanceof FileSystemException ? cause.toString() : cause.getMessage());
    }

    private AppendLog open() throws IOException {
        final Path path = Path.of(getName());
        FileUtils.makeParentDirs(path.toFile());
        final byte[] header = layout.getHeader();
        final AppendLog opened = data.builder
                .listener(new StatusListener())
                .threadFactory(Log4jThreadFactory.createDaemonThreadFactory("IoUringFile"))
                .discardNotice(this::discardNotice)
                .open();
        defineOwner(path);
        if (header != null && opened.initialSize() == 0) {
            opened.append(header);
        }
        return opened;
    }

    /** As Log4j's own file appender: a file that cannot be given away is still worth writing. */
    private void defineOwner(final Path path) {
        final String owner = data.fixed.get("fileOwner");
        final String group = data.fixed.get("fileGroup");
        if (owner == null && group == null) {
            return;
        }
        try {
            FileUtils.defineFilePosixAttributeView(path, null, owner, group);
        } catch (final IOException | UnsupportedOperationException e) {
            LOGGER.error("IoUringFile {}: cannot give the file to its owner or group: {}", path, e.toString());
        }
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

    /** On the flusher's thread, which a layout in trouble must not cost what it still has to write. */
    private byte[] discardNotice(final long count) {
        try {
            return layout.toByteArray(Log4jLogEvent.newBuilder()
                    .setLoggerName("dev.uringlog")
                    .setLevel(Level.WARN)
                    .setTimeMillis(System.currentTimeMillis())
                    .setThreadName(Thread.currentThread().getName())
                    .setMessage(new SimpleMessage(count + " events discarded, the ring was full"))
                    .build());
        } catch (final RuntimeException e) {
            LOGGER.error("IoUringFile {}: the layout cannot say that events were discarded", getName(), e);
            return null;
        }
    }

    /**
     * Appends an encoded event.
     *
     * @return its position
     * @throws AppenderLoggingException if the file is closed, or cannot be opened on demand, or the event is not where the
     *     durability promises
     */
    long append(final byte[] bytes, final int length, final OverflowPolicy whenFull) {
        AppendLog current = log;
        if (current == null) {
            current = openOnDemand();
        }
        try {
            return current.append(bytes, 0, length, whenFull);
        } catch (final LogClosedException e) {
            throw new AppenderLoggingException(e.getMessage());
        } catch (final UncheckedIOException e) {
            throw new AppenderLoggingException(e.getCause().getMessage(), e.getCause());
        }
    }

    /**
     * Waits until an event is on stable storage.
     *
     * @throws AppenderLoggingException if it cannot be brought there
     */
    void awaitDurable(final long position) {
        try {
            log.awaitDurable(position);
        } catch (final IOException e) {
            throw new AppenderLoggingException(e.getMessage(), e);
        }
    }

    private AppendLog openOnDemand() {
        // Looked at before the lock too: while the file cannot be opened nobody waits for those who try.
        if (hasJustFailed()) {
            throw new AppenderLoggingException(getName() + " could not be opened, and is tried again once a second");
        }
        opening.lock();
        try {
            if (log != null) {
                return log;
            }
            if (isReleased || hasJustFailed() || opening.getHoldCount() > 1) {
                throw new AppenderLoggingException(getName() + " is not open");
            }
            log = open();
            return log;
        } catch (final IOException e) {
            lastFailureNanos = System.nanoTime();
            throw new AppenderLoggingException(cannotOpen(e), e);
        } finally {
            opening.unlock();
        }
    }

    private boolean hasJustFailed() {
        return System.nanoTime() - lastFailureNanos < REOPEN_INTERVAL_NS;
    }

    /**
     * A second appender for this file, or this one of a new configuration. What was settled at open stays; a difference is
     * said.
     */
    @Override
    public void updateData(final Object other) {
        if (!(other instanceof Data next)) {
            throw new ConfigurationException("fileName \"" + getName()
                    + "\" is open by an IoUringFile appender, which no other kind can share; to"
                    + " change an appender's kind, start anew");
        }
        layout = next.layout;
        final Map<String, String> names = new TreeMap<>(data.fixed);
        names.putAll(next.fixed);
        for (final String name : names.keySet()) {
            final String now = data.fixed.get(name);
            final String wanted = next.fixed.get(name);
            if (!Objects.equals(now, wanted)) {
                LOGGER.warn(
                        "IoUringFile {}: {} cannot change while the file is open: it stays {}, not {}",
                        getName(),
                        name,
                        now == null ? "the default" : '"' + now + '"',
                        wanted == null ? "the default" : '"' + wanted + '"');
            }
        }
    }

    @Override
    protected boolean releaseSub(final long timeout, final TimeUnit timeUnit) {
        opening.lock();
        try {
            isReleased = true;
            if (log == null) {
                return true;
            }
            log.close(footer());
            final AppendStatistics last = log.statistics();
            return last.failed() + last.dropped() == 0;
        } finally {
            opening.unlock();
        }
    }

    private byte[] footer() {
        try {
            return layout.getFooter();
        } catch (final RuntimeException e) {
            LOGGER.error("IoUringFile {}: closed without the layout's footer", getName(), e);
            return null;
        }
    }

    @Override
    public Map<String, String> getContentFormat() {
        final Map<String, String> format = new TreeMap<>(super.getContentFormat());
        format.put("fileURI", Path.of(getName()).toUri().toString());
        return format;
    }

    /**
     * The file's counters.
     *
     * @return null until a file that is opened on demand has been
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
        return current == null ? getName() + " is not open yet" : current.description();
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
}
