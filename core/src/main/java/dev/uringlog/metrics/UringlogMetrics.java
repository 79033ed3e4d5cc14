package dev.uringlog.metrics;

import dev.uringlog.append.AppendLog;
import dev.uringlog.append.AppendStatistics;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.BaseUnits;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/**
 * Binds one log's counters to a registry, each meter with the tag {@code file}. {@link AppendStatistics} says what each
 * counts; they are read when the registry is, and cost the log nothing.
 *
 * <pre>{@code
 * new UringlogMetrics("logs/app.log", appender::statistics).bindTo(registry); // An appender, of either framework.
 * new UringlogMetrics("events.log", log).bindTo(registry);                    // A log of one's own.
 * }</pre>
 *
 * <table>
 * <caption>Meters</caption>
 * <tr><th>name</th><th>kind</th></tr>
 * <tr><td>uringlog.events.accepted, .written, .dropped, .failed, .discarded, .blocked</td><td>counters, of events</td></tr>
 * <tr><td>uringlog.events.waiting</td><td>gauge, of events</td></tr>
 * <tr><td>uringlog.bytes.written</td><td>counter, of bytes</td></tr>
 * <tr><td>uringlog.bytes.waiting, uringlog.bytes.undurable</td><td>gauges, of bytes: in memory; in memory or not known to
 * be on stable storage</td></tr>
 * <tr><td>uringlog.flushes, uringlog.syscalls, uringlog.writes.short</td><td>counters</td></tr>
 * <tr><td>uringlog.flushes.largest</td><td>gauge, of events</td></tr>
 * <tr><td>uringlog.stalls, uringlog.syncs, uringlog.syncs.failed</td><td>counters</td></tr>
 * </table>
 */
public final class UringlogMetrics implements MeterBinder {
    private static final String EVENTS = "events";

    private final Supplier<AppendStatistics> statistics;
    private final Tags tags;

    /**
     * For a log of one's own, which the meters then keep from being collected.
     *
     * @param file the tag's value
     * @param log the log
     * @param more further tags
     */
    public UringlogMetrics(final String file, final AppendLog log, final Tag... more) {
        this(file, log::statistics, more);
    }

    /**
     * For an appender, or whatever has statistics.
     *
     * @param file the tag's value
     * @param statistics gives the counters; null while there are none, which then show as zeros. The meters keep it from
     *     being collected
     * @param more further tags
     */
    public UringlogMetrics(final String file, final Supplier<AppendStatistics> statistics, final Tag... more) {
        this.statistics = Objects.requireNonNull(statistics, "statistics");
        tags = Tags.of("file", file).and(more);
    }

    @Override
    public void bindTo(final MeterRegistry registry) {
        final Binding meters = new Binding(registry);
        meters.counter("events.accepted", EVENTS, "Events taken into the ring", AppendStatistics::accepted);
        meters.counter("events.written", EVENTS, "Events handed to the kernel", AppendStatistics::written);
        meters.counter("events.dropped", EVENTS, "Events the file did not take", AppendStatistics::dropped);
        meters.counter("events.failed", EVENTS, "Events not or not wholly in the file", AppendStatistics::failed);
        meters.counter("events.discarded", EVENTS, "Events that found the ring full", AppendStatistics::discarded);
        meters.counter("events.blocked", EVENTS, "Events whose caller waited for room", AppendStatistics::blocked);
        meters.gauge("events.waiting", EVENTS, "Events in memory", AppendStatistics::waiting);
        meters.counter("bytes.written", BaseUnits.BYTES, "Bytes of events written", AppendStatistics::bytes);
        meters.gauge("bytes.waiting", BaseUnits.BYTES, "Bytes in memory", AppendStatistics::backlog);
        meters.gauge(
                "bytes.undurable",
                BaseUnits.BYTES,
                "Bytes not known to be on stable storage",
                now -> now.backlog() + now.writtenPosition() - now.durablePosition());
        meters.counter("flushes", "flushes", "Batches written", AppendStatistics::flushes);
        meters.gauge("flushes.largest", EVENTS, "The most events in a batch", AppendStatistics::largestBatch);
        meters.counter("syscalls", "calls", "Submissions of batches", AppendStatistics::systemCalls);
        meters.counter("writes.short", "writes", "Submissions cut short", AppendStatistics::shortWrites);
        meters.counter("stalls", "stalls", "Times the file took no bytes", AppendStatistics::stalls);
        meters.counter("syncs", "syncs", "Times all was brought to stable storage", AppendStatistics::syncs);
        meters.counter("syncs.failed", "syncs", "Times that failed", AppendStatistics::failedSyncs);
    }

    private final class Binding {
        private final MeterRegistry registry;

        Binding(final MeterRegistry registry) {
            this.registry = registry;
        }

        /** The function holds the supplier: a registry itself holds what it asks weakly. */
        private ToDoubleFunction<Supplier<AppendStatistics>> reading(final ToDoubleFunction<AppendStatistics> of) {
            final Supplier<AppendStatistics> held = statistics;
            return ignored -> {
                final AppendStatistics now = held.get();
                return now == null ? 0 : of.applyAsDouble(now);
            };
        }

        void counter(
                final String name, final String unit, final String what, final ToDoubleFunction<AppendStatistics> of) {
            FunctionCounter.builder("uringlog." + name, statistics, reading(of))
                    .tags(tags)
                    .baseUnit(unit)
                    .description(what)
                    .register(registry);
        }

        void gauge(
                final String name, final String unit, final String what, final ToDoubleFunction<AppendStatistics> of) {
            Gauge.builder("uringlog." + name, statistics, reading(of))
                    .tags(tags)
                    .baseUnit(unit)
                    .description(what)
                    .register(registry);
        }
    }
}
