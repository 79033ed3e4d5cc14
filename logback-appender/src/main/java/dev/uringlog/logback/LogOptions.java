package dev.uringlog.logback;

import dev.uringlog.append.AppendLog;
import dev.uringlog.append.AppendLogBuilder;
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
                .strategy(written.get("strategy"))
                .ringSize(written.get("ringSize"))
                .ringDepth(written.get("ringDepth"))
                .maxDelay(written.get("maxDelay"))
                .overflow(written.get("overflow"))
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
        if (isGiven("discardLevel")) {
            try {
                discardLevel();
            } catch (final IllegalArgumentException e) {
                problems.add("discardLevel \"" + e.getMessage() + "\": allowed is " + ClassicEvents.LEVELS);
            }
        }
        return problems;
    }

    boolean isLazy() {
        return is("lazy", "true");
    }

    boolean hasDurability() {
        return isGiven("durability");
    }

    /** Which events may go when the ring is full; null if none may. */
    Predicate<Object> discardable() {
        if (!is("overflow", OverflowPolicy.DISCARD.name())) {
            return null;
        }
        try {
            final int level = discardLevel();
            return event -> ClassicEvents.isDiscardable(event, level);
        } catch (final NoClassDefFoundError e) {
            return event -> true; // No logback-classic, no levels.
        }
    }

    private int discardLevel() {
        return ClassicEvents.level(
                isGiven("discardLevel") ? written.get("discardLevel").trim() : "INFO");
    }

    private boolean isGiven(final String property) {
        final String value = written.get(property);
        return value != null && !value.isBlank();
    }

    private boolean is(final String property, final String value) {
        return isGiven(property) && written.get(property).trim().equalsIgnoreCase(value);
    }
}
