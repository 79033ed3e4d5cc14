package dev.uringlog.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.uringlog.append.AppendLog;
import dev.uringlog.append.AppendStatistics;
import dev.uringlog.append.Durability;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class UringlogMetricsTest {
    private static final String FILE = "logs/app.log";

    @TempDir
    Path directory;

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    private double counted(final String name) {
        return registry.get("uringlog." + name)
                .tag("file", FILE)
                .functionCounter()
                .count();
    }

    private double gauged(final String name) {
        return registry.get("uringlog." + name).tag("file", FILE).gauge().value();
    }

    @Test
    void shouldCountWhatTheLogCounts() throws Exception {
        try (AppendLog log = AppendLog.builder(directory.resolve("app.log"))
                .durability(Durability.KERNEL)
                .open()) {
            new UringlogMetrics(FILE, log).bindTo(registry);
            log.append("event\n".getBytes(StandardCharsets.US_ASCII));
            assertEquals(1, counted("events.accepted"));
            assertEquals(1, counted("events.written"));
            assertEquals(6, counted("bytes.written"));
            assertEquals(0, counted("events.failed"));
            assertEquals(6, gauged("bytes.undurable"));
            log.sync();
            assertEquals(0, gauged("bytes.undurable"));
            assertEquals(1, counted("syncs"));
        }
    }

    @Test
    void shouldTagEachMeter() {
        new UringlogMetrics(FILE, AppendStatistics::none, Tag.of("application", "shop")).bindTo(registry);
        assertFalse(registry.getMeters().isEmpty());
        for (final Meter meter : registry.getMeters()) {
            final Meter.Id id = meter.getId();
            assertEquals(FILE, id.getTag("file"));
            assertEquals("shop", id.getTag("application"));
        }
    }

    @Test
    void shouldShowZerosUntilThereAreCounters() {
        new UringlogMetrics(FILE, () -> null).bindTo(registry);
        assertEquals(0, counted("events.written"));
        assertEquals(0, gauged("events.waiting"));
    }

    /** A registry holds what it reads weakly: a meter would read NaN, or stand still, after a garbage collection. */
    @Test
    void shouldKeepCountingIfNothingElseHoldsTheSupplier() throws Exception {
        try (AppendLog log = AppendLog.builder(directory.resolve("app.log"))
                .durability(Durability.KERNEL)
                .open()) {
            new UringlogMetrics(FILE, () -> log.statistics()).bindTo(registry);
            log.append("event\n".getBytes(StandardCharsets.US_ASCII));
            System.gc();
            log.append("event\n".getBytes(StandardCharsets.US_ASCII));
            assertEquals(12, gauged("bytes.undurable"));
            assertEquals(2, counted("events.accepted"));
        }
    }
}
