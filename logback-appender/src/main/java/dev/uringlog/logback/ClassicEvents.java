package dev.uringlog.logback;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.Context;
import java.util.List;
import java.util.function.ToLongFunction;
import org.slf4j.Marker;

/** Everything that needs logback-classic. Access logs are written without it. */
final class ClassicEvents {
    static final String LEVELS = "ALL, TRACE, DEBUG, INFO, WARN, ERROR, OFF";

    private static final String LOGGER = "dev.uringlog";

    private ClassicEvents() {}

    /** The level of that name, in any case, as a number; null if there is none. */
    static Integer level(final String name) {
        final Level level = Level.toLevel(name, null);
        return level == null ? null : level.levelInt;
    }

    /** The time of an event; the current time if the event has none, or if there is no logback-classic. */
    static ToLongFunction<Object> times() {
        try {
            ILoggingEvent.class.getName();
            return event ->
                    event instanceof ILoggingEvent logging ? logging.getTimeStamp() : System.currentTimeMillis();
        } catch (final NoClassDefFoundError e) {
            return event -> System.currentTimeMillis();
        }
    }

    /** Whether an event may be discarded when the ring is full. One without a level may. */
    static boolean isDiscardable(final Object event, final int discardLevel) {
        return !(event instanceof ILoggingEvent logging) || logging.getLevel().toInt() <= discardLevel;
    }

    /** Whether an event has at least this level, or a marker that has or refers to this name. Null asks for neither. */
    static boolean isDurable(final Object event, final Integer level, final String marker) {
        if (!(event instanceof ILoggingEvent logging)) {
            return false;
        }
        if (level != null && logging.getLevel().toInt() >= level) {
            return true;
        }
        final List<Marker> markers = marker == null ? null : logging.getMarkerList();
        if (markers != null) {
            for (final Marker each : markers) {
                if (each.contains(marker)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** The event that reports missing ones; null if events are not logback-classic's. */
    static Object notice(final Context context, final String words) {
        return context instanceof LoggerContext loggers
                ? new LoggingEvent(LOGGER, loggers.getLogger(LOGGER), Level.WARN, words, null, null)
                : null;
    }
}
