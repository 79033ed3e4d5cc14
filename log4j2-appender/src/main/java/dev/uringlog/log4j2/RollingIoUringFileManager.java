package dev.uringlog.log4j2;

import dev.uringlog.append.AppendStatistics;
import dev.uringlog.append.AppendTerms;
import dev.uringlog.append.OverflowPolicy;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Date;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.logging.log4j.core.Layout;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.AppenderLoggingException;
import org.apache.logging.log4j.core.appender.ConfigurationFactoryData;
import org.apache.logging.log4j.core.appender.rolling.PatternProcessor;
import org.apache.logging.log4j.core.appender.rolling.RollingFileManager;
import org.apache.logging.log4j.core.appender.rolling.RolloverStrategy;
import org.apache.logging.log4j.core.appender.rolling.TriggeringPolicy;
import org.apache.logging.log4j.core.config.Configuration;
import org.apache.logging.log4j.core.config.ConfigurationException;
import org.apache.logging.log4j.core.lookup.StrSubstitutor;

/**
 * One log in a sequence of files. Appenders with the same file name share it, also across a reconfiguration; without a file
 * name, the pattern counts. The triggering policy, strategy, pattern and layout of a new configuration apply from then on.
 *
 * <p>Log4j's rollover runs as in its own manager, but on the writer's thread, between two events. Any thread may call
 * {@link #rollover()} and {@link #checkRollover}: they wait for the writer, which rolls after everything logged before the
 * call.
 *
 * <p>Each call of {@link #writeBytes(byte[], int, int)} is one event. A layout cannot encode into this manager piece by piece.
 */
public final class RollingIoUringFileManager extends RollingFileManager {
    private final RollingLog log;
    private boolean isFooterSkipped;

    /** The file as an appender's element describes it. */
    static final class Data extends ConfigurationFactoryData {
        private final Attributes attributes;
        private final Layout<?> layout;
        private final String fileName;
        private final String pattern;
        private final TriggeringPolicy policy;
        private final RolloverStrategy strategy;

        Data(
                final Configuration configuration,
                final Attributes attributes,
                final Layout<?> layout,
                final String fileName,
                final String pattern,
                final TriggeringPolicy policy,
                final RolloverStrategy strategy) {
            super(configuration);
            this.attributes = attributes;
            this.layout = layout;
            this.fileName = fileName;
            this.pattern = pattern;
            this.policy = policy;
            this.strategy = strategy;
        }

        /** Direct write has no file name before the first event. */
        private boolean isOpenedOnDemand() {
            return fileName == null || attributes.isCreateOnDemand();
        }

        /** The attribute that all appenders of one file share, with its value. */
        private String label() {
            return fileName == null ? "filePattern \"" + pattern + '"' : "fileName \"" + fileName + '"';
        }
    }

    private RollingIoUringFileManager(final LoggerContext context, final Data data, final File file) {
        super(
                context,
                data.fileName,
                data.pattern,
                null,
                data.attributes.isAppend(),
                data.isOpenedOnDemand(),
                file.size,
                file.timeMillis,
                data.policy,
                data.strategy,
                null,
                data.layout,
                data.attributes.filePermissions(),
                data.attributes.fileOwner(),
                data.attributes.fileGroup(),
                false,
                ByteBuffer.allocate(0));
        log = new RollingLog(getName(), data.attributes, data.layout, () -> Path.of(getFileName()), this);
        log.usePattern(data.pattern);
    }

    /** A file before it is opened. */
    private record File(long size, long timeMillis) {
        private static final long ROUND_MS = 1000;

        static File of(final Data data) throws IOException {
            if (data.fileName == null) {
                return new File(0, 0);
            }
            final Path path = Path.of(data.fileName);
            if (!Files.exists(path)) {
                return new File(0, data.isOpenedOnDemand() ? 0 : System.currentTimeMillis());
            }
            final BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
            final long created = attributes.creationTime().toMillis();
            final long millis =
                    created > 0 ? created : attributes.lastModifiedTime().toMillis();
            // Rounded to a second, as Log4j does: file systems and clocks differ by less.
            return new File(
                    data.attributes.isAppend() ? attributes.size() : 0, (millis + ROUND_MS / 2) / ROUND_MS * ROUND_MS);
        }
    }

    /**
     * The manager of a file: the one that is open, or a new one.
     *
     * @throws ConfigurationException if another kind of appender has the file open, or it cannot be opened
     */
    static RollingIoUringFileManager getManager(final Data data) {
        final RollingIoUringFileManager manager = ManagedLog.share(
                RollingIoUringFileAppender.PLUGIN_NAME,
                data.label(),
                RollingIoUringFileManager.class,
                data.fileName == null ? data.pattern : data.fileName,
                (name, given) -> create(given),
                data);
        boolean isInitialized = false;
        try {
            manager.log.awaitWriter();
            manager.initialize();
            isInitialized = true;
        } finally {
            if (!isInitialized) {
                manager.close();
            }
        }
        return manager;
    }

    private static RollingIoUringFileManager create(final Data data) {
        final LoggerContext context =
                data.getConfiguration() == null ? null : data.getConfiguration().getLoggerContext();
        try {
            final RollingIoUringFileManager manager = new RollingIoUringFileManager(context, data, File.of(data));
            if (!data.isOpenedOnDemand()) {
                manager.log.open();
            }
            return manager;
        } catch (final IOException e) {
            throw new ConfigurationException(ManagedLog.cannotOpen(data.fileName, e), e);
        }
    }

    RollingLog log() {
        return log;
    }

    @Override
    public void initialize() {
        super.initialize();
        log.ready();
    }

    /** Called for another appender of this file, or for a new configuration. */
    @Override
    public void updateData(final Object other) {
        if (!(other instanceof Data next)) {
            throw log.isOpenHere();
        }
        log.update(next.attributes, next.layout);
        log.usePattern(next.pattern);
        final Runnable change = () -> {
            setRolloverStrategy(next.strategy);
            setPatternProcessor(new PatternProcessor(next.pattern, getPatternProcessor()));
            setTriggeringPolicy(next.policy);
        };
        log.change(change);
    }

    /** If no other appender uses the file, writes everything and closes it, within {@code shutdownTimeout}. */
    @Override
    public boolean stop(final long timeout, final TimeUnit timeUnit) {
        return log.release.stop(() -> super.stop(timeout, timeUnit), () -> super.releaseSub(timeout, timeUnit));
    }

    @Override
    public boolean releaseSub(final long timeout, final TimeUnit timeUnit) {
        log.release.begin();
        return true;
    }

    @Override
    public void rollover() {
        if (log.isHere()) {
            log.rollHere(super::rollover);
        } else {
            log.betweenEvents(this::rollover);
        }
    }

    @Override
    public void rollover(final Date prevFileTime, final Date prevRollTime) {
        log.betweenEvents(() -> super.rollover(prevFileTime, prevRollTime));
    }

    @Override
    public void checkRollover(final LogEvent event) {
        log.betweenEvents(() -> super.checkRollover(event));
    }

    /** True, so that Log4j's rollover runs; it needs no stream here. */
    @Override
    public boolean hasOutputStream() {
        return true;
    }

    @Override
    public void skipFooter(final boolean skipFooter) {
        isFooterSkipped = skipFooter;
    }

    /** Writes the footer between two events. The last file gets its footer when it is closed. */
    @Override
    protected void writeFooter() {
        final byte[] footer = log.isHere() && !isFooterSkipped ? log.footer() : null;
        if (footer != null) {
            writeToDestination(footer, 0, footer.length);
        }
    }

    @Override
    protected boolean closeOutputStream() {
        if (!log.isHere()) {
            return log.close(isFooterSkipped ? null : log.footer());
        }
        try {
            log.closeFile();
            return true;
        } catch (final IOException e) {
            logError("cannot close the file", e);
            return false;
        }
    }

    /** The directory that the ended file was moved to, unless a custom strategy chose another one. */
    Path archiveDirectory() {
        final StringBuilder name = new StringBuilder();
        final StrSubstitutor substitutor = getStrSubstitutor();
        if (substitutor == null) {
            getPatternProcessor().formatFileName(name, false, 1);
        } else {
            getPatternProcessor().formatFileName(substitutor, name, 1);
        }
        return Path.of(name.toString()).toAbsolutePath().getParent();
    }

    @Override
    protected void createFileAfterRollover() throws IOException {
        log.openFile(Path.of(getFileName()));
    }

    @Override
    protected void write(final byte[] bytes, final int offset, final int length, final boolean immediateFlush) {
        writeToDestination(bytes, offset, length);
        if (immediateFlush) {
            flush();
        }
    }

    @Override
    protected void writeToDestination(final byte[] bytes, final int offset, final int length) {
        if (!log.isHere()) {
            final long now = log.noted(System.currentTimeMillis());
            log.append(bytes, offset, length, now, AppendTerms.of(OverflowPolicy.BLOCK));
            return;
        }
        try {
            log.write(bytes, offset, length);
        } catch (final IOException e) {
            throw new AppenderLoggingException("cannot write to " + getName(), e);
        }
    }

    @Override
    public void writeBytes(final ByteBuffer data) {
        final byte[] bytes = new byte[data.remaining()];
        data.get(bytes);
        writeBytes(bytes, 0, bytes.length);
    }

    /**
     * Not supported.
     *
     * @throws UnsupportedOperationException always
     */
    @Override
    public ByteBuffer getByteBuffer() {
        throw new UnsupportedOperationException("not supported: a layout encodes into a buffer of the logging thread");
    }

    /**
     * Waits until everything logged before is in the page cache.
     *
     * @throws AppenderLoggingException if the file does not take it
     */
    @Override
    public void flush() {
        if (log.isHere()) {
            return; // Everything before this roll is in the file.
        }
        try {
            log.flush();
        } catch (final IOException e) {
            throw new AppenderLoggingException(e.getMessage(), e);
        }
    }

    @Override
    protected void flushDestination() {
        flush();
    }

    /**
     * The current size of the file.
     *
     * @return bytes. A triggering policy gets the size before the event that it judges; other callers get the size with the
     *     events that still wait
     */
    @Override
    public long getFileSize() {
        final long open = log.fileSize();
        return open < 0 ? size : open;
    }

    @Override
    public Map<String, String> getContentFormat() {
        final Map<String, String> format = new TreeMap<>(super.getContentFormat());
        format.put("fileURI", log.advertisedUri(Path.of(getFileName())));
        return format;
    }

    /**
     * The log's counters, of all its files.
     *
     * @return a snapshot; all zeros until a file has been opened
     */
    public AppendStatistics statistics() {
        return log.statistics();
    }

    /**
     * How the log is written, and why.
     *
     * @return one line
     */
    public String description() {
        return log.description();
    }
}
