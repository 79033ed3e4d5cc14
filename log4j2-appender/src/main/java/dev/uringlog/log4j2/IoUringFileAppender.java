package dev.uringlog.log4j2;

import dev.uringlog.append.AppendStatistics;
import dev.uringlog.append.OverflowPolicy;
import dev.uringlog.write.VectoredWriter;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.Appender;
import org.apache.logging.log4j.core.Core;
import org.apache.logging.log4j.core.Filter;
import org.apache.logging.log4j.core.Layout;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Property;
import org.apache.logging.log4j.core.config.plugins.Plugin;
import org.apache.logging.log4j.core.config.plugins.PluginBuilderFactory;
import org.apache.logging.log4j.core.net.Advertiser;

/**
 * Writes events to a file through Uringlog: the logging thread encodes, copies into a ring and goes on; one thread a file
 * hands everything waiting to the kernel at once.
 *
 * <pre>{@code
 * <IoUringFile name="file" fileName="logs/app.log">
 *   <PatternLayout pattern="%d %p %c [%t] %m%n"/>
 * </IoUringFile>
 * }</pre>
 *
 * <p>The attributes are those of {@link IoUringFileAppenderBuilder}. A failure reaches the appender's error handler and,
 * with {@code ignoreExceptions="false"}, the caller; where a call waits for its event (durability KERNEL and DISK,
 * durableLevel, durableMarker) that it could not be written or synced is such a failure.
 */
@Plugin(
        name = IoUringFileAppender.PLUGIN_NAME,
        category = Core.CATEGORY_NAME,
        elementType = Appender.ELEMENT_TYPE,
        printObject = true)
public final class IoUringFileAppender extends AbstractAppender {
    /** The element's name. */
    public static final String PLUGIN_NAME = "IoUringFile";

    private final IoUringFileManager manager;
    private final OverflowPolicy overflow;
    private final Level discardLevel;
    private final Level durableLevel;
    private final String durableMarker;
    private final Advertiser advertiser;
    private final Object advertisement;
    private final AtomicBoolean isReleased = new AtomicBoolean();

    IoUringFileAppender(
            final String name,
            final Layout<?> layout,
            final Filter filter,
            final boolean ignoreExceptions,
            final Property[] properties,
            final IoUringFileManager manager,
            final OverflowPolicy overflow,
            final Level discardLevel,
            final Level durableLevel,
            final String durableMarker,
            final Advertiser advertiser) {
        super(name, filter, layout, ignoreExceptions, properties);
        this.manager = manager;
        this.overflow = overflow;
        this.discardLevel = discardLevel;
        this.durableLevel = durableLevel;
        this.durableMarker = durableMarker;
        this.advertiser = advertiser;
        advertisement = advertiser == null ? null : advertiser.advertise(contentFormat());
    }

    private Map<String, String> contentFormat() {
        final Map<String, String> format = new HashMap<>(getLayout().getContentFormat());
        format.putAll(manager.getContentFormat());
        format.put("contentType", getLayout().getContentType());
        format.put("name", getName());
        return format;
    }

    /**
     * What Log4j fills from the element.
     *
     * @return a builder with every default
     */
    @PluginBuilderFactory
    public static IoUringFileAppenderBuilder newBuilder() {
        VectoredWriter.prepare(); // While Log4j looks at the attributes.
        return new IoUringFileAppenderBuilder();
    }

    @Override
    public void append(final LogEvent event) {
        // Encoded before anything is claimed: formatting may log in turn, or throw.
        final EventEncoder encoded = EventEncoder.encode(getLayout(), event);
        final long position;
        try {
            position = manager.append(encoded.bytes(), encoded.length(), whenFull(event));
        } finally {
            encoded.release();
        }
        if (isDurable(event)) {
            manager.awaitDurable(position);
        }
    }

    private boolean isDurable(final LogEvent event) {
        return durableLevel != null && event.getLevel().isMoreSpecificThan(durableLevel)
                || durableMarker != null
                        && event.getMarker() != null
                        && event.getMarker().isInstanceOf(durableMarker);
    }

    private OverflowPolicy whenFull(final LogEvent event) {
        return overflow == OverflowPolicy.DISCARD && event.getLevel().isLessSpecificThan(discardLevel)
                ? OverflowPolicy.DISCARD
                : OverflowPolicy.BLOCK;
    }

    @Override
    public boolean stop(final long timeout, final TimeUnit timeUnit) {
        if (!isReleased.compareAndSet(false, true)) {
            return true; // The file's other appenders count on their references.
        }
        setStopping();
        boolean stopped = super.stop(timeout, timeUnit, false);
        stopped &= manager.stop(timeout, timeUnit);
        if (advertiser != null) {
            advertiser.unadvertise(advertisement);
        }
        setStopped();
        return stopped;
    }

    /**
     * The file, as configured.
     *
     * @return its path
     */
    public String getFileName() {
        return manager.getName();
    }

    /**
     * The file's counters, shared by every appender of the file.
     *
     * @return null until a file that is opened on demand has been
     */
    public AppendStatistics statistics() {
        return manager.statistics();
    }

    /**
     * What the file is written with, and why.
     *
     * @return one line
     */
    public String description() {
        return manager.description();
    }

    /**
     * Waits until everything logged before is in the page cache.
     *
     * @throws IOException if the file does not take it
     */
    public void flush() throws IOException {
        manager.flush();
    }
}
