package dev.uringlog.examples.quickstart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class LatenciesTest {
    private static final double WIDTH = 1.0 / 32;

    @Test
    void shouldGiveAPercentileNoFurtherUpThanItsBucketIsWide() {
        for (long value = 0; value >= 0; value = value * 5 / 4 + 1) {
            final Latencies latencies = new Latencies();
            latencies.record(value);
            final long percentile = latencies.percentile(0.99);
            assertTrue(percentile >= value, value + ": " + percentile);
            assertTrue(percentile - value <= value * WIDTH, value + ": " + percentile);
            if (value > Long.MAX_VALUE / 8) {
                return;
            }
        }
    }

    @Test
    void shouldOrderWhatSeveralThreadsRecorded() {
        final Latencies one = new Latencies();
        final Latencies other = new Latencies();
        for (int i = 0; i < 99; i++) {
            one.record(10);
        }
        other.record(31);
        one.add(other);
        assertEquals(10, one.percentile(0.5));
        assertEquals(10, one.percentile(0.99));
        assertEquals(31, one.percentile(1));
    }

    @Test
    void shouldSayZeroOfNothing() {
        assertEquals(0, new Latencies().percentile(0.99));
    }
}
