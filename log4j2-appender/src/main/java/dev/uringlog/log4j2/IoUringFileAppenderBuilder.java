package dev.uringlog.log4j2;

import dev.uringlog.append.AppendLog;
import dev.uringlog.append.AppendLogBuilder;
import dev.uringlog.append.OverflowPolicy;
import dev.uringlog.append.Settings;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.Layout;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.ConfigurationException;
import org.apache.logging.log4j.core.config.plugins.PluginBuilderAttribute;
import org.apache.logging.log4j.status.StatusLogger;
import org.apache.logging.log4j.util.PropertiesUtil;

/**
 * The attributes of {@code <IoUringFile>}, each with its default. Those a file is opened with (all but {@code name},
 * {@code ignoreExceptions}, {@code overflow} and {@code discardLevel}) stay as they are while it is open, a reconfiguration
 * that asks for others is told so.
 */
public final class IoUringFileAppenderBuilder extends AbstractAppender.Builder<IoUringFileAppenderBuilder>
        implements org.apache.logging.log4j.core.util.Builder<IoUringFileAppender> {
    private static final StatusLogger LOGGER = StatusLogger.getLogger();

    private static final String PREFIX = "IoUringFile ";

    @PluginBuilderAttribute
    private String fileName;

    @PluginBuilderAttribute
    private boolean append = true;

    @PluginBuilderAttribute
    private boolean createOnDemand;

    @PluginBuilderAttribute
    private String filePermissions;

    @PluginBuilderAttribute
    private String fileOwner;

    @PluginBuilderAttribute
    private String fileGroup;

    @PluginBuilderAttribute
    private boolean advertise;

    @PluginBuilderAttribute
    private String durability;

    @PluginBuilderAttribute
    private String strategy;

    @PluginBuilderAttribute
    private String ringSize;

    @PluginBuilderAttribute
    private String ringDepth;

    @PluginBuilderAttribute
    private String maxDelay;

    @PluginBuilderAttribute
    private String overflow;

    @PluginBuilderAttribute
    private Level discardLevel;

    @PluginBuilderAttribute
    private String shutdownTimeout;

    @PluginBuilderAttribute
    private String immediateFlush;

    @PluginBuilderAttribute
    private String bufferedIo;

    @PluginBuilderAttribute
    private String bufferSize;

    @PluginBuilderAttribute
    private String locking;

    IoUringFileAppenderBuilder() {}

    /**
     * Where the file is; required. Missing directories are made.
     *
     * @param value a path
     * @return this
     */
    public IoUringFileAppenderBuilder setFileName(final String value) {
        fileName = value;
        return this;
    }

    /**
     * Whether to write after what the file holds, or to empty it first.
     *
     * @param value true by default
     * @return this
     */
    public IoUringFileAppenderBuilder setAppend(final boolean value) {
        append = value;
        return this;
    }

    /**
     * Whether the file is opened by the first event only.
     *
     * @param value false by default
     * @return this
     */
    public IoUringFileAppenderBuilder setCreateOnDemand(final boolean value) {
        createOnDemand = value;
        return this;
    }

    /**
     * The file's permissions, whatever the umask.
     *
     * @param value nine characters, {@code rw-------} by default for a new file
     * @return this
     */
    public IoUringFileAppenderBuilder setFilePermissions(final String value) {
        filePermissions = value;
        return this;
    }

    /**
     * The file's owner.
     *
     * @param value a user name; whoever runs this by default
     * @return this
     */
    public IoUringFileAppenderBuilder setFileOwner(final String value) {
        fileOwner = value;
        return this;
    }

    /**
     * The file's group.
     *
     * @param value a group name; that of whoever runs this by default
     * @return this
     */
    public IoUringFileAppenderBuilder setFileGroup(final String value) {
        fileGroup = value;
        return this;
    }

    /**
     * Whether the file is made known through the configuration's advertiser.
     *
     * @param value false by default
     * @return this
     */
    public IoUringFileAppenderBuilder setAdvertise(final boolean value) {
        advertise = value;
        return this;
    }

    /**
     * What a returned log call means.
     *
     * @param value MEMORY, which is the default and all there is in this version
     * @return this
     */
    public IoUringFileAppenderBuilder setDurability(final String value) {
        durability = value;
        return this;
    }

    /**
     * How bytes reach the kernel.
     *
     * @param value auto (default), iouring, writev; the latter two fail rather than settle for less
     * @return this
     */
    public IoUringFileAppenderBuilder setStrategy(final String value) {
        strategy = value;
        return this;
    }

    /**
     * How much may wait in memory.
     *
     * @param value bytes, a power of two, also with KiB, MiB or GiB; 4 MiB by default
     * @return this
     */
    public IoUringFileAppenderBuilder setRingSize(final String value) {
        ringSize = value;
        return this;
    }

    /**
     * How many entries an io_uring has.
     *
     * @param value a power of two, 1…4096; 16 by default
     * @return this
     */
    public IoUringFileAppenderBuilder setRingDepth(final String value) {
        ringDepth = value;
        return this;
    }

    /**
     * How long an event may wait in memory for others.
     *
     * @param value a duration; 1 ms by default
     * @return this
     */
    public IoUringFileAppenderBuilder setMaxDelay(final String value) {
        maxDelay = value;
        return this;
    }

    /**
     * What happens to an event that finds the ring full.
     *
     * @param value BLOCK or DISCARD; by default DISCARD if {@code log4j2.asyncQueueFullPolicy} says so, else BLOCK
     * @return this
     */
    public IoUringFileAppenderBuilder setOverflow(final String value) {
        overflow = value;
        return this;
    }

    /**
     * Which events DISCARD may drop: those of this level and less; the others wait.
     *
     * @param value by default that of {@code log4j2.discardThreshold}, else INFO
     * @return this
     */
    public IoUringFileAppenderBuilder setDiscardLevel(final Level value) {
        discardLevel = value;
        return this;
    }

    /**
     * How long stopping may take.
     *
     * @param value a duration; 30 s by default
     * @return this
     */
    public IoUringFileAppenderBuilder setShutdownTimeout(final String value) {
        shutdownTimeout = value;
        return this;
    }

    /**
     * An attribute of Log4j's own File. Written out as true it asks for durability KERNEL, which this version does not offer:
     * it says so.
     *
     * @param value true or false
     * @return this
     */
    public IoUringFileAppenderBuilder setImmediateFlush(final String value) {
        immediateFlush = value;
        return this;
    }

    /**
     * An attribute of Log4j's own File, which changes nothing here.
     *
     * @param value anything
     * @return this
     */
    public IoUringFileAppenderBuilder setBufferedIo(final String value) {
        bufferedIo = value;
        return this;
    }

    /**
     * An attribute of Log4j's own File, which changes nothing here.
     *
     * @param value anything
     * @return this
     */
    public IoUringFileAppenderBuilder setBufferSize(final String value) {
        bufferSize = value;
        return this;
    }

    /**
     * An attribute of Log4j's own File, which changes nothing here: a batch of whole lines is one append to the file.
     *
     * @param value anything
     * @return this
     */
    public IoUringFileAppenderBuilder setLocking(final String value) {
        locking = value;
        return this;
    }

    /**
     * Opens the file and makes the appender.
     *
     * @return null if an attribute is bad or the file cannot be opened; the status log says why
     */
    @Override
    public IoUringFileAppender build() {
        final List<String> problems = new ArrayList<>();
        if (getName() == null || getName().isBlank()) {
            problems.add("name is missing");
        }
        final AppendLogBuilder log = log(problems);
        if (!problems.isEmpty()) {
            problems.forEach(problem -> LOGGER.error(PREFIX + "\"{}\" does not start: {}", getName(), problem));
            return null;
        }
        sayWhatChangesNothing();
        final Layout<?> layout = getOrCreateLayout();
        try {
            final IoUringFileManager manager = IoUringFileManager.getManager(
                    fileName, new IoUringFileManager.Data(getConfiguration(), log, layout, createOnDemand, fixed()));
            return new IoUringFileAppender(
                    getName(),
                    layout,
                    getFilter(),
                    isIgnoreExceptions(),
                    getPropertyArray(),
                    manager,
                    OverflowPolicy.valueOf(overflowOrDefault().trim().toUpperCase(java.util.Locale.ROOT)),
                    discardLevelOrDefault(),
                    advertise ? getConfiguration().getAdvertiser() : null);
        } catch (final ConfigurationException | IllegalStateException e) {
            LOGGER.error(PREFIX + "\"{}\" does not start: {}", getName(), e.getMessage());
            return null;
        }
    }

    private AppendLogBuilder log(final List<String> problems) {
        if (fileName == null || fileName.isBlank()) {
            problems.add("fileName is missing");
            return null;
        }
        try {
            final AppendLogBuilder log = AppendLog.builder(Path.of(fileName)).append(append);
            problems.addAll(new Settings(log)
                    .durability(durability)
                    .strategy(strategy)
                    .ringSize(ringSize)
                    .ringDepth(ringDepth)
                    .maxDelay(maxDelay)
                    .overflow(overflowOrDefault())
                    .shutdownTimeout(shutdownTimeout)
                    .filePermissions(filePermissions)
                    .problems());
            return log;
        } catch (final InvalidPathException e) {
            problems.add("fileName \"" + fileName + "\": " + e.getReason());
            return null;
        }
    }

    private String overflowOrDefault() {
        if (overflow != null && !overflow.isBlank()) {
            return overflow;
        }
        final String policy = PropertiesUtil.getProperties().getStringProperty("log4j2.AsyncQueueFullPolicy", "");
        return "Discard".equalsIgnoreCase(policy) ? OverflowPolicy.DISCARD.name() : OverflowPolicy.BLOCK.name();
    }

    private Level discardLevelOrDefault() {
        return discardLevel != null
                ? discardLevel
                : Level.toLevel(
                        PropertiesUtil.getProperties().getStringProperty("log4j2.DiscardThreshold"), Level.INFO);
    }

    private void sayWhatChangesNothing() {
        if (durability == null && Boolean.parseBoolean(immediateFlush)) {
            LOGGER.warn(
                    PREFIX + "\"{}\": immediateFlush=\"true\" asks for durability KERNEL, which this version does not"
                            + " offer; it is MEMORY",
                    getName());
        }
        final List<String> idle = new ArrayList<>();
        addIfGiven(idle, "bufferedIo", bufferedIo);
        addIfGiven(idle, "bufferSize", bufferSize);
        addIfGiven(idle, "locking", locking);
        if (!idle.isEmpty()) {
            LOGGER.info(PREFIX + "\"{}\": {} change nothing here", getName(), String.join(", ", idle));
        }
    }

    private static void addIfGiven(final List<String> names, final String name, final String value) {
        if (value != null) {
            names.add(name);
        }
    }

    private Map<String, String> fixed() {
        final Map<String, String> fixed = new TreeMap<>();
        fixed.put("append", String.valueOf(append));
        fixed.put("createOnDemand", String.valueOf(createOnDemand));
        fixed.put("filePermissions", filePermissions);
        fixed.put("fileOwner", fileOwner);
        fixed.put("fileGroup", fileGroup);
        fixed.put("durability", durability);
        fixed.put("strategy", strategy);
        fixed.put("ringSize", ringSize);
        fixed.put("ringDepth", ringDepth);
        fixed.put("maxDelay", maxDelay);
        fixed.put("shutdownTimeout", shutdownTimeout);
        return fixed;
    }
}
