package dev.uringlog.log4j2;

import dev.uringlog.append.AppendStatistics;
import dev.uringlog.append.AppendTerms;
import dev.uringlog.append.Durability;
import dev.uringlog.append.OverflowPolicy;
import dev.uringlog.append.Patience;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.Layout;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.appender.AbstractManager;
import org.apache.logging.log4j.core.appender.AppenderLoggingException;
import org.apache.logging.log4j.core.net.Advertiser;

/**
 * The base of Uringlog's appenders. The logging thread encodes, copies into a ring and returns, or waits as the event's
 * durability requires.
 */
public abstract class AbstractIoUringAppender extends AbstractAppender {
    private final AbstractManager manager;
    private final ManagedLog log;
    private final AppendTerms blocking;
    private final AppendTerms discarding;
    private final AppendTerms durable;
    private final Level discardLevel;
    private final Level durableLevel;
    private final String durableMarker;
    private final Advertiser advertiser;
    private final Object advertisement;
    private final AtomicBoolean isReleased = new AtomicBoolean();

    AbstractIoUringAppender(
            final AbstractIoUringBuilder<?> builder,
            final Layout<?> layout,
            final Attributes attributes,
            final AbstractManager manager,
            final ManagedLog log) {
        super(builder.getName(), builder.getFilter(), layout, builder.isIgnoreExceptions(), builder.getPropertyArray());
        this.manager = manager;
        this.log = log;
        final Patience patience = new CallerPatience(builder.getConfiguration(), log, !builder.isIgnoreExceptions());
        blocking = new AppendTerms(Durability.MEMORY, OverflowPolicy.BLOCK, patience);
        discarding = new AppendTerms(Durability.MEMORY, attributes.overflow(), patience);
        durable = new AppendTerms(Durability.DISK, OverflowPolicy.BLOCK, patience);
        discardLevel = attributes.discardLevel();
        durableLevel = attributes.durableLevel();
        durableMarker = attributes.durableMarker();
        advertiser = attributes.isAdvertise() && builder.getConfiguration() != null
                ? builder.getConfiguration().getAdvertiser()
                : null;
        advertisement = advertiser == null ? null : advertiser.advertise(contentFormat());
    }

    private Map<String, String> contentFormat() {
        final Map<String, String> format = new HashMap<>(getLayout().getContentFormat());
        format.putAll(manager.getContentFormat());
        format.put("contentType", getLayout().getContentType());
        format.put("name", getName());
        return format;
    }

    @Override
    public final void append(final LogEvent event) {
        // Encodes before it claims: formatting may throw, or log itself.
        final EventEncoder encoded = encode(event);
        try {
            log.append(encoded, log.noted(event.getTimeMillis()), terms(event));
        } finally {
            encoded.release();
        }
    }

    private AppendTerms terms(final LogEvent event) {
        if (isDurable(event)) {
            return durable;
        }
        return event.getLevel().isLessSpecificThan(discardLevel) ? discarding : blocking;
    }

    private EventEncoder encode(final LogEvent event) {
        try {
            return EventEncoder.encode(getLayout(), event);
        } catch (final OutOfMemoryError e) { // One event must not cause an Error in the application.
            log.onDemand.discardUnencoded();
            throw new AppenderLoggingException("no memory to encode an event for appender " + getName(), e);
        }
    }

    private boolean isDurable(final LogEvent event) {
        return durableLevel != null && event.getLevel().isMoreSpecificThan(durableLevel)
                || durableMarker != null
                        && event.getMarker() != null
                        && event.getMarker().isInstanceOf(durableMarker);
    }

    @Override
    public final boolean stop(final long timeout, final TimeUnit timeUnit) {
        if (!isReleased.compareAndSet(false, true)) {
            return true; // A second release would take a reference of the file's other appenders.
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
     * The file's counters, shared by every appender of the file.
     *
     * @return a snapshot; all zeros until the file has been opened
     */
    public final AppendStatistics statistics() {
        return log.statistics();
    }

    /**
     * How the file is written, and why.
     *
     * @return one line
     */
    public final String description() {
        return log.description();
    }

    /**
     * Waits until everything logged before is in the page cache.
     *
     * @throws IOException if the file does not take it
     */
    public final void flush() throws IOException {
        log.flush();
    }
}
