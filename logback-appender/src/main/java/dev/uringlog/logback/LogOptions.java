package dev.uringlog.logback;

import dev.uringlog.append.AppendLog;
import dev.uringlog.append.AppendLogBuilder;
import dev.uringlog.append.Durability;
import dev.uringlog.append.OverflowPolicy;
import dev.uringlog.append.Settings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** The options that Logback's own file appender does not have, as they were written. */
final class LogOptions {
    private static final String DISCARD_LEVEL_DEFAULT = "INFO";

    private final Map<String, String> written = new HashMap<>();

    void put(final String property, final String value) {
        written.put(property, value);
    }

    /** Describes the log, as far as the options can be used. */
    AppendLogBuilder describe(final Path file) {
        return describe(file, new ArrayList<>());
    }

    private AppendLogBuilder describe(final Path file, final List<String> problems) {
        final AppendLogBuilder builder = AppendLog.builder(file);
        final Settings settings = new Settings(builder)
                .durability(written.get("durability"))
                .syncInterval(written.get("syncInterval"))
                .strategy(written.get("strategy"))
                .ringSize(written.get("ringSize"))
                .ringDepth(written.get("ringDepth"))
                .maxDelay(written.get("maxDelay"))
                .overflow(written.get("overflow"))
                .onFailure(written.get("onFailure"))
                .shutdownTimeout(written.get("shutdownTimeout"))
                .filePermissions(written.get("filePermissions"));
        problems.addAll(settings.problems());
        return builder;
    }

    /** What is wrong with any of them, one line each. */
    List<String> problems(final Path file) {
        final List<String> problems = new ArrayList<>();
        describe(file, problems);
        if (isGiven("lazy") && !is("lazy", "true") && !is("lazy", "false")) {
            problems.add("lazy \"" + written.get("lazy") + "\": allowed is true, false");
        }
        for (final String property : List.of("discardLevel", "durableLevel")) {
            if (isGiven(property)) {
                try {
                    level(property);
                } catch (final IllegalArgumentException e) {
                    problems.add(property + " \"" + e.getMessage() + "\": allowed is " + ClassicEvents.LEVELS);
                }
            }
        }
        return problems;
    }

    /** Which events wait as at DISK, whatever the durability; null if none do. */
    Predicate<Object> durable() {
        if (!isGiven("durableLevel") && !isGiven("durableMarker")) {
            return null;
        }
        final Integer level = isGiven("durableLevel") ? Integer.valueOf(level("durableLevel")) : null;
        final String marker =
                isGiven("durableMarker") ? written.get("durableMarker").trim() : null;
        return event -> ClassicEvents.isDurable(event, level, marker);
    }

    boolean isLazy() {
        return is("lazy", "true");
    }

    boolean hasDurability() {
        return isGiven("durability");
    }

    /** Whether anything that is written is meant to survive loss of power. */
    boolean promisesStableStorage() {
        return is("durability", Durability.DISK.name()) || isGiven("syncInterval") || durable() != null;
    }

    /** Which events may go when the ring is full; null if none may. */
    Predicate<Object> discardable() {
        if (!is("overflow", OverflowPolicy.DISCARD.name())) {
            return null;
        }
        try {
            final int level =
                    isGiven("discardLevel") ? level("discardLevel") : ClassicEvents.level(DISCARD_LEVEL_DEFAULT);
            return event -> ClassicEvents.isDiscardable(event, level);
        } catch (final NoClassDefFoundError e) {
            return event -> true; // No logback-classic, no levels.
        }
    }

    /** Whether a level is given, and not the default, where nothing is discarded. */
    boolean isDiscardLevelIdle() {
        return isGiven("discardLevel")
                && !is("discardLevel", DISCARD_LEVEL_DEFAULT)
                && !is("overflow", OverflowPolicy.DISCARD.name());
    }

    private int level(final String property) {
        return ClassicEvents.level(written.get(property).trim());
    }

    private boolean isGiven(final String property) {
        final String value = written.get(property);
        return value != null && !value.isBlank();
    }

    private boolean is(final String property, final String value) {
        return isGiven(property) && written.get(property).trim().equalsIgnoreCase(value);
    }
}
