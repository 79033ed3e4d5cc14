package dev.uringlog.logback;

import dev.uringlog.append.OverflowPolicy;
import dev.uringlog.appender.Options;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;

/** The properties that Logback's own file appender does not have, as written, and what they say of an event. */
final class LogOptions {
    private static final String DISCARD_LEVEL_DEFAULT = "INFO";

    private final Map<String, String> written = new HashMap<>();

    void put(final String property, final String value) {
        written.put(property, value);
    }

    /** The properties, all checked. */
    Options checked() {
        final Options options = options();
        options.check();
        isLazy(options);
        level(options, "discardLevel");
        level(options, "durableLevel");
        return options;
    }

    Options options() {
        return new Options(written::get);
    }

    boolean isLazy() {
        return isLazy(options());
    }

    private static boolean isLazy(final Options options) {
        return options.bool("lazy", false);
    }

    /** Null if none is given. */
    private static Integer level(final Options options, final String property) {
        return options.value(property, ClassicEvents.LEVELS, ClassicEvents::level);
    }

    /** Which events wait as at DISK, whatever the durability; null if none do. */
    Predicate<Object> durable() {
        final Options options = options();
        final Integer level = level(options, "durableLevel");
        final String marker = options.text("durableMarker");
        return level == null && marker == null ? null : event -> ClassicEvents.isDurable(event, level, marker);
    }

    /** Which events may be discarded when the ring is full; null if none may. */
    Predicate<Object> discardable() {
        final Options options = options();
        if (options.overflow() != OverflowPolicy.DISCARD) {
            return null;
        }
        try {
            final Integer given = level(options, "discardLevel");
            final int level = given == null ? ClassicEvents.level(DISCARD_LEVEL_DEFAULT) : given;
            return event -> ClassicEvents.isDiscardable(event, level);
        } catch (final NoClassDefFoundError e) {
            return event -> true; // No logback-classic, no levels.
        }
    }

    /** The warning about a discard level that changes nothing, or null. */
    String discardLevelWarning() {
        return options().discardLevelWarning(DISCARD_LEVEL_DEFAULT);
    }
}
