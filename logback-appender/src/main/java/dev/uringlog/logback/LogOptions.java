package dev.uringlog.logback;

import dev.uringlog.append.AppendLog;
import dev.uringlog.append.AppendLogBuilder;
import dev.uringlog.append.OverflowPolicy;
import dev.uringlog.append.Settings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** The options that Logback's own file appender does not have, as they were written. */
final class LogOptions {
    String durability;
    String strategy;
    String ringSize;
    String ringDepth;
    String maxDelay;
    String overflow;
    String discardLevel;
    String shutdownTimeout;
    String filePermissions;
    String lazy;

    /** Describes the log, as far as the options can be used. */
    AppendLogBuilder describe(final Path file) {
        return describe(file, new ArrayList<>());
    }

    private AppendLogBuilder describe(final Path file, final List<String> problems) {
        final AppendLogBuilder builder = AppendLog.builder(file);
        final Settings settings = new Settings(builder)
                .durability(durability)
                .strategy(strategy)
                .ringSize(ringSize)
                .ringDepth(ringDepth)
                .maxDelay(maxDelay)
                .overflow(overflow)
                .shutdownTimeout(shutdownTimeout)
                .filePermissions(filePermissions);
        problems.addAll(settings.problems());
        return builder;
    }

    /** What is wrong with any of them, one line each. */
    List<String> problems(final Path file) {
        final List<String> problems = new ArrayList<>();
        describe(file, problems);
        if (isGiven(lazy) && !is(lazy, "true") && !is(lazy, "false")) {
            problems.add("lazy \"" + lazy + "\": allowed is true, false");
        }
        if (isGiven(discardLevel)) {
            try {
                discardLevelOrDefault();
            } catch (final IllegalArgumentException e) {
                problems.add("discardLevel \"" + discardLevel + "\": allowed is " + ClassicEvents.LEVELS);
            }
        }
        return problems;
    }

    boolean isLazy() {
        return is(lazy, "true");
    }

    boolean hasDurability() {
        return isGiven(durability);
    }

    /** Which events may go when the ring is full; null if none may. */
    Predicate<Object> discardable() {
        if (!is(overflow, OverflowPolicy.DISCARD.name())) {
            return null;
        }
        try {
            final int level = discardLevelOrDefault();
            return event -> ClassicEvents.isDiscardable(event, level);
        } catch (final NoClassDefFoundError e) {
            return event -> true; // No logback-classic, no levels.
        }
    }

    private int discardLevelOrDefault() {
        return ClassicEvents.level(isGiven(discardLevel) ? discardLevel.trim() : "INFO");
    }

    private static boolean isGiven(final String text) {
        return text != null && !text.isBlank();
    }

    private static boolean is(final String text, final String value) {
        return text != null && text.trim().equalsIgnoreCase(value);
    }
}
