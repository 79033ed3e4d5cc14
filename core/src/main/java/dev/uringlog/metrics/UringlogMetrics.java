package dev.uringlog.metrics;

import dev.uringlog.append.AppendLog;
import dev.uringlog.append.AppendStatistics;
import dev.uringlog.append.Statistic;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/**
 * Binds a log's statistics to a registry: a meter for each row of {@link AppendStatistics#ALL}, under the prefix
 * {@code uringlog.} and with the tag {@code file}. They are read when the registry is, and cost the log nothing.
 *
 * <pre>{@code
 * new UringlogMetrics("logs/app.log", appender::statistics).bindTo(registry); // An appender, of either framework.
 * new UringlogMetrics("events.log", log).bindTo(registry);                    // A log of your own.
 * }</pre>
 */
public final class UringlogMetrics implements MeterBinder {
    private final Supplier<AppendStatistics> statistics;
    private final Tags tags;

    /**
     * For a log of your own. The meters keep it from being garbage collected.
     *
     * @param file the tag's value
     * @param log the log
     * @param more further tags
     */
    public UringlogMetrics(final String file, final AppendLog log, final Tag... more) {
        this(file, log::statistics, more);
    }

    /**
     * For an appender, or anything else that has statistics.
     *
     * @param file the tag's value
     * @param statistics gives the statistics; null reads as zeros. The meters keep it from being garbage collected
     * @param more further tags
     */
    public UringlogMetrics(final String file, final Supplier<AppendStatistics> statistics, final Tag... more) {
        this.statistics = Objects.requireNonNull(statistics, "statistics");
        tags = Tags.of("file", file).and(more);
    }

    @Override
    public void bindTo(final MeterRegistry registry) {
        for (final Statistic statistic : AppendStatistics.ALL) {
            final String name = "uringlog." + statistic.meter();
            switch (statistic.kind()) {
                case COUNTER ->
                    FunctionCounter.builder(name, statistics, reading(statistic))
                            .tags(tags)
                            .baseUnit(statistic.unit())
                            .description(statistic.description())
                            .register(registry);
                case GAUGE ->
                    Gauge.builder(name, statistics, reading(statistic))
                            .tags(tags)
                            .baseUnit(statistic.unit())
                            .description(statistic.description())
                            .register(registry);
            }
        }
    }

    /** The function holds the supplier, because a registry holds only a weak reference to what it reads. */
    private ToDoubleFunction<Supplier<AppendStatistics>> reading(final Statistic statistic) {
        final Supplier<AppendStatistics> held = statistics;
        return ignored -> {
            final AppendStatistics now = held.get();
            return now == null ? 0 : statistic.value().apply(now).doubleValue();
        };
    }
}
