package dev.uringlog.examples.peers;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;

/** The result of one run of one contender: numbers by name. One line of text carries it between the two JVMs. */
final class Measurement {
    private static final String MARK = "measured";
    private static final double OTHERS_SHARE_MAX = 0.3;

    /** What is measured, in the words of {@link Report}. */
    enum Metric {
        EVENTS_PER_SECOND,
        CPU_NS_PER_EVENT,
        ALLOCATED_PER_EVENT,
        CALLS_PER_EVENT,
        SYSTEM_CALLS_PER_EVENT,
        P50_NS,
        P99_NS,
        P999_NS,
        P9999_NS,
        MAX_NS,
        STALE_P99_NS,
        STALE_MAX_NS,
        LEFT_BEHIND,
        OTHERS_SHARE,
        MACHINE_PACE,
        HANDOVER_NS,
        LINES_MISSING,
        LINES_TORN;

        String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final Map<Metric, Double> values = new EnumMap<>(Metric.class);

    Measurement with(final Metric metric, final double value) {
        values.put(metric, value);
        return this;
    }

    double get(final Metric metric) {
        return values.getOrDefault(metric, Double.NaN);
    }

    boolean isWhole() {
        return get(Metric.LINES_MISSING) == 0 && get(Metric.LINES_TORN) == 0;
    }

    /** Whether other processes used so much of the machine that the numbers mean little. */
    boolean isDisturbed() {
        return get(Metric.OTHERS_SHARE) > OTHERS_SHARE_MAX;
    }

    String format() {
        final StringJoiner joiner = new StringJoiner(" ", MARK + " ", "");
        values.forEach((metric, value) -> joiner.add(metric.name() + "=" + value));
        return joiner.toString();
    }

    static boolean isOne(final String line) {
        return line.startsWith(MARK + " ");
    }

    static Measurement parse(final String line) {
        final Measurement measurement = new Measurement();
        for (final String pair : line.substring(MARK.length() + 1).split(" ")) {
            final int equals = pair.indexOf('=');
            measurement.with(Metric.valueOf(pair.substring(0, equals)), Double.parseDouble(pair.substring(equals + 1)));
        }
        return measurement;
    }
}
