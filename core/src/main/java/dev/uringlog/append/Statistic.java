package dev.uringlog.append;

import java.util.function.Function;

/**
 * What JMX, Micrometer and Java Flight Recorder show of one value of {@link AppendStatistics}. The table of all of them is
 * {@link AppendStatistics#ALL}.
 *
 * @param name the accessor's name, the field of the flight recorder's event, and with a capital the JMX attribute
 * @param meter the name in Micrometer, after {@code uringlog.}
 * @param unit in the plural
 * @param kind how it changes
 * @param description one line
 * @param value reads it: an Integer or a Long
 */
public record Statistic(
        String name,
        String meter,
        String unit,
        Kind kind,
        String description,
        Function<AppendStatistics, Number> value) {

    /** How a statistic changes while a log is open. */
    public enum Kind {
        /** It only grows. */
        COUNTER,
        /** It may also shrink, or is an extreme. */
        GAUGE
    }

    static Statistic counter(
            final String name, final String meter, final String unit, final Function<AppendStatistics, Number> value) {
        return new Statistic(name, meter, unit, Kind.COUNTER, "", value);
    }

    static Statistic gauge(
            final String name, final String meter, final String unit, final Function<AppendStatistics, Number> value) {
        return new Statistic(name, meter, unit, Kind.GAUGE, "", value);
    }

    Statistic meaning(final String text) {
        return new Statistic(name, meter, unit, kind, text, value);
    }

    /** {@return {@code int} or {@code long}} */
    Class<?> type() {
        return value.apply(AppendStatistics.none()) instanceof Integer ? int.class : long.class;
    }
}
