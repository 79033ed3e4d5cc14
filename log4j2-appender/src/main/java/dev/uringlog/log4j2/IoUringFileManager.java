package dev.uringlog.log4j2;

import dev.uringlog.append.AppendStatistics;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.logging.log4j.core.Layout;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.AbstractManager;
import org.apache.logging.log4j.core.appender.ConfigurationFactoryData;
import org.apache.logging.log4j.core.config.Configuration;
import org.apache.logging.log4j.core.config.ConfigurationException;

/**
 * One open file: its ring, its thread, its descriptor. Appenders with the same file name share it, also across a
 * reconfiguration, which therefore loses nothing. The last one to stop closes it.
 */
public final class IoUringFileManager extends AbstractManager {
    private final ManagedLog log;

    /** The file as an appender's element describes it. */
    static final class Data extends ConfigurationFactoryData {
        private final Attributes attributes;
        private final Layout<?> layout;

        Data(final Configuration configuration, final Attributes attributes, final Layout<?> layout) {
            super(configuration);
            this.attributes = attributes;
            this.layout = layout;
        }
    }

    private IoUringFileManager(final LoggerContext context, final String fileName, final Data data) {
        super(context, fileName);
        log = new ManagedLog(
                IoUringFileAppender.PLUGIN_NAME, fileName, data.attributes, data.layout, () -> Path.of(fileName));
    }

    /**
     * The manager of a file: the one that is open, or a new one.
     *
     * @throws ConfigurationException if another kind of appender has the file open, or it cannot be opened
     */
    static IoUringFileManager getManager(final String fileName, final Data data) {
        return ManagedLog.share(
                IoUringFileAppender.PLUGIN_NAME,
                "fileName \"" + fileName + '"',
                IoUringFileManager.class,
                fileName,
                IoUringFileManager::create,
                data);
    }

    private static IoUringFileManager create(final String fileName, final Data data) {
        final LoggerContext context =
                data.getConfiguration() == null ? null : data.getConfiguration().getLoggerContext();
        final IoUringFileManager manager = new IoUringFileManager(context, fileName, data);
        if (!data.attributes.isCreateOnDemand()) {
            try {
                manager.log.open();
            } catch (final IOException e) {
                throw new ConfigurationException(ManagedLog.cannotOpen(fileName, e), e);
            }
        }
        return manager;
    }

    ManagedLog log() {
        return log;
    }

    /**
     * Called for another appender of this file, or for a new configuration. Attributes that were settled at open stay; each
     * that differs is reported.
     */
    @Override
    public void updateData(final Object other) {
        if (!(other instanceof Data next)) {
            throw log.isOpenHere();
        }
        log.update(next.attributes, next.layout);
    }

    /** If no other appender uses the file, writes everything and closes it, within {@code shutdownTimeout}. */
    @Override
    public boolean stop(final long timeout, final TimeUnit timeUnit) {
        return log.release.stop(() -> super.stop(timeout, timeUnit), () -> log.close(log.footer()));
    }

    @Override
    protected boolean releaseSub(final long timeout, final TimeUnit timeUnit) {
        log.release.begin();
        return true;
    }

    @Override
    public Map<String, String> getContentFormat() {
        final Map<String, String> format = new TreeMap<>(super.getContentFormat());
        format.put("fileURI", log.advertisedUri(Path.of(getName())));
        return format;
    }

    /**
     * The file's counters.
     *
     * @return a snapshot; all zeros until the file has been opened
     */
    public AppendStatistics statistics() {
        return log.statistics();
    }

    /**
     * How the file is written, and why.
     *
     * @return one line
     */
    public String description() {
        return log.description();
    }

    /**
     * Waits until everything logged before is in the page cache.
     *
     * @throws IOException if the file does not take it
     */
    public void flush() throws IOException {
        log.flush();
    }
}
