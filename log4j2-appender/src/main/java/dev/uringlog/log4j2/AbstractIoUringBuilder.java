package dev.uringlog.log4j2;

import dev.uringlog.append.FileNames;
import java.lang.reflect.Field;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.Logger;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.ConfigurationException;
import org.apache.logging.log4j.core.config.plugins.PluginBuilderAttribute;
import org.apache.logging.log4j.status.StatusLogger;

/**
 * The attributes of every Uringlog appender, each with its default. They are kept as written, because Log4j's own conversion
 * replaces a bad value by a default. Here, building the appender reports the bad value by name.
 *
 * @param <B> the builder itself
 */
public abstract class AbstractIoUringBuilder<B extends AbstractIoUringBuilder<B>> extends AbstractAppender.Builder<B> {
    private static final Logger LOGGER = StatusLogger.getLogger();

    @PluginBuilderAttribute
    String fileName;

    @PluginBuilderAttribute
    String append;

    @PluginBuilderAttribute
    String createOnDemand;

    @PluginBuilderAttribute
    String filePermissions;

    @PluginBuilderAttribute
    String fileOwner;

    @PluginBuilderAttribute
    String fileGroup;

    @PluginBuilderAttribute
    String advertise;

    @PluginBuilderAttribute
    String advertiseUri;

    @PluginBuilderAttribute
    String durability;

    @PluginBuilderAttribute
    String durableLevel;

    @PluginBuilderAttribute
    String durableMarker;

    @PluginBuilderAttribute
    String syncInterval;

    @PluginBuilderAttribute
    String strategy;

    @PluginBuilderAttribute
    String ringSize;

    @PluginBuilderAttribute
    String ringDepth;

    @PluginBuilderAttribute
    String maxDelay;

    @PluginBuilderAttribute
    String overflow;

    @PluginBuilderAttribute
    String discardLevel;

    @PluginBuilderAttribute
    String onFailure;

    @PluginBuilderAttribute
    String shutdownTimeout;

    @PluginBuilderAttribute
    String immediateFlush;

    @PluginBuilderAttribute
    String bufferedIo;

    @PluginBuilderAttribute
    String bufferSize;

    @PluginBuilderAttribute
    String locking;

    AbstractIoUringBuilder() {}

    /** The attributes by name, as written. */
    final Map<String, String> attributes() {
        final Map<String, String> attributes = new HashMap<>();
        for (final Field field : AbstractIoUringBuilder.class.getDeclaredFields()) {
            if (field.isAnnotationPresent(PluginBuilderAttribute.class)) {
                try {
                    attributes.put(field.getName(), (String) field.get(this));
                } catch (final IllegalAccessException e) {
                    throw new AssertionError(e); // They are this class's.
                }
            }
        }
        return attributes;
    }

    /** Makes the appender, or returns null after the status log has been told why there is none. */
    final <A> A build(final String element, final Attributes attributes, final Supplier<A> maker) {
        if (Attributes.isAbsent(getName())) {
            attributes.problems().add("name is missing: allowed is any text");
        }
        if (!attributes.problems().isEmpty()) {
            attributes.problems().forEach(problem -> refuse(element, problem));
            return null;
        }
        final String idle = Stream.of("bufferedIo", "bufferSize")
                .filter(name -> attributes.options().text(name) != null)
                .collect(Collectors.joining(", "));
        if (!idle.isEmpty()) {
            LOGGER.info("{} \"{}\": ignored, ringSize is the buffer here: {}", element, getName(), idle);
        }
        final String warning = attributes.discardLevelWarning();
        if (warning != null) {
            LOGGER.warn("{} \"{}\": {}", element, getName(), warning);
        }
        try {
            return maker.get();
        } catch (final ConfigurationException e) {
            refuse(element, e.getMessage());
            return null;
        } catch (final Error e) { // It must not keep the application from starting.
            refuse(element, e.toString());
            return null;
        }
    }

    private void refuse(final String element, final String why) {
        LOGGER.error("{} \"{}\" does not start: {}", element, getName(), why);
    }

    /** The path, or pattern of paths, that Log4j's own appenders would use. Warns if that is not what the text looks like. */
    final String resolved(final String attribute, final String text) {
        if (Attributes.isAbsent(text) || text.indexOf('\0') >= 0) {
            return text;
        }
        final String warning = FileNames.warning(text);
        if (warning != null) {
            LOGGER.warn("\"{}\": {} \"{}\": {}", getName(), attribute, text, warning);
        }
        return FileNames.resolve(text);
    }

    /**
     * Where the file is. Required. Missing directories are made.
     *
     * @param value a path
     * @return this builder
     */
    public B setFileName(final String value) {
        fileName = value;
        return asBuilder();
    }

    /**
     * Whether to append to the file, or to empty it first.
     *
     * @param value true by default
     * @return this builder
     */
    public B setAppend(final boolean value) {
        append = String.valueOf(value);
        return asBuilder();
    }

    /**
     * Whether the first event opens the file, rather than the start.
     *
     * @param value false by default
     * @return this builder
     */
    public B setCreateOnDemand(final boolean value) {
        createOnDemand = String.valueOf(value);
        return asBuilder();
    }

    /**
     * The file's permissions, whatever the umask.
     *
     * @param value nine characters, {@code rw-------} by default for a new file
     * @return this builder
     */
    public B setFilePermissions(final String value) {
        filePermissions = value;
        return asBuilder();
    }

    /**
     * The file's owner.
     *
     * @param value a user name; by default the user that the process runs as
     * @return this builder
     */
    public B setFileOwner(final String value) {
        fileOwner = value;
        return asBuilder();
    }

    /**
     * The file's group.
     *
     * @param value a group name; by default the group of the process
     * @return this builder
     */
    public B setFileGroup(final String value) {
        fileGroup = value;
        return asBuilder();
    }

    /**
     * Whether the configuration's advertiser publishes the file.
     *
     * @param value false by default
     * @return this builder
     */
    public B setAdvertise(final boolean value) {
        advertise = String.valueOf(value);
        return asBuilder();
    }

    /**
     * The URI that the configuration's advertiser publishes.
     *
     * @param value a URI; the file's own by default
     * @return this builder
     */
    public B setAdvertiseUri(final String value) {
        advertiseUri = value;
        return asBuilder();
    }

    /**
     * What a returned log call means.
     *
     * @param value MEMORY (default): the event is in memory; KERNEL: it is in the page cache and survives kill -9; DISK: it is
     *     on stable storage and survives loss of power
     * @return this builder
     */
    public B setDurability(final String value) {
        durability = value;
        return asBuilder();
    }

    /**
     * Which events wait as at DISK whatever the durability: those of this level and more severe.
     *
     * @param value none by default
     * @return this builder
     */
    public B setDurableLevel(final Level value) {
        durableLevel = value == null ? null : value.name();
        return asBuilder();
    }

    /**
     * Which events wait as at DISK whatever the durability: those with this marker, or one that has it among its parents.
     *
     * @param value a marker's name; none by default
     * @return this builder
     */
    public B setDurableMarker(final String value) {
        durableMarker = value;
        return asBuilder();
    }

    /**
     * How long an event may stay in the page cache before it is synced, if no caller waits for it.
     *
     * @param value a duration; 0 syncs after each flush; none by default
     * @return this builder
     */
    public B setSyncInterval(final String value) {
        syncInterval = value;
        return asBuilder();
    }

    /**
     * How bytes reach the kernel.
     *
     * @param value auto (default), iouring, writev; with the latter two the appender does not start if they are not available
     * @return this builder
     */
    public B setStrategy(final String value) {
        strategy = value;
        return asBuilder();
    }

    /**
     * The size of the ring in memory.
     *
     * @param value bytes, a power of two, also with KiB, MiB or GiB; 4 MiB by default
     * @return this builder
     */
    public B setRingSize(final String value) {
        ringSize = value;
        return asBuilder();
    }

    /**
     * How many entries an io_uring has.
     *
     * @param value a power of two, 1…4096; 16 by default
     * @return this builder
     */
    public B setRingDepth(final String value) {
        ringDepth = value;
        return asBuilder();
    }

    /**
     * How long an event may wait in memory for others.
     *
     * @param value a duration; 1 ms by default
     * @return this builder
     */
    public B setMaxDelay(final String value) {
        maxDelay = value;
        return asBuilder();
    }

    /**
     * What happens to an event when the ring is full. An event that its call waits for is never discarded. With
     * {@code ignoreExceptions="false"} the call throws if the file is known to take no bytes.
     *
     * @param value BLOCK or DISCARD; the default follows {@code log4j2.asyncQueueFullPolicy}, and is BLOCK without it
     * @return this builder
     */
    public B setOverflow(final String value) {
        overflow = value;
        return asBuilder();
    }

    /**
     * The highest level that DISCARD may drop. Events above it wait.
     *
     * @param value the default follows {@code log4j2.discardThreshold}, and is INFO without it
     * @return this builder
     */
    public B setDiscardLevel(final Level value) {
        discardLevel = value == null ? null : value.name();
        return asBuilder();
    }

    /**
     * What happens to events that the file does not take: no space, an I/O error.
     *
     * @param value HOLD (default): they are kept and tried again; DROP: they are dropped and counted
     * @return this builder
     */
    public B setOnFailure(final String value) {
        onFailure = value;
        return asBuilder();
    }

    /**
     * How long stopping may take.
     *
     * @param value a duration; 30 s by default
     * @return this builder
     */
    public B setShutdownTimeout(final String value) {
        shutdownTimeout = value;
        return asBuilder();
    }

    /**
     * An attribute of Log4j's own File. True means durability KERNEL if no durability is given.
     *
     * @param value true or false
     * @return this builder
     */
    public B setImmediateFlush(final String value) {
        immediateFlush = value;
        return asBuilder();
    }

    /**
     * An attribute of Log4j's own File. It has no effect here.
     *
     * @param value anything
     * @return this builder
     */
    public B setBufferedIo(final String value) {
        bufferedIo = value;
        return asBuilder();
    }

    /**
     * An attribute of Log4j's own File. It has no effect here.
     *
     * @param value anything
     * @return this builder
     */
    public B setBufferSize(final String value) {
        bufferSize = value;
        return asBuilder();
    }

    /**
     * Whether other processes write to the same file, each with this attribute. Such a file cannot be rolled. Each batch of
     * whole lines is one append without a lock: on a local file system lines of several processes mix, and none is torn.
     *
     * @param value {@code true} or {@code false}, the default
     * @return this builder
     */
    public B setLocking(final String value) {
        locking = value;
        return asBuilder();
    }
}
