package dev.uringlog.examples.peers;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import org.HdrHistogram.Histogram;

/**
 * The time from append to durable. Each producer notes some of its events; the log's thread finds when they were
 * acknowledged.
 */
final class Lags implements LongConsumer {
    private static final int NOTES = 1 << 16;
    private static final long MAX_NS = 60_000_000_000L;

    /** One producer's notes: a ring of positions and times. */
    static final class Notes {
        private final long[] positions = new long[NOTES];
        private final long[] times = new long[NOTES];
        private final AtomicLong head = new AtomicLong();
        private final AtomicLong tail = new AtomicLong();

        /** Producer: notes an event that ends at a position, unless too many are open. */
        void add(final long position, final long nanos) {
            final long at = tail.get();
            if (at - head.get() < NOTES) {
                final int i = (int) at & NOTES - 1;
                positions[i] = position;
                times[i] = nanos;
                tail.set(at + 1);
            }
        }
    }

    private final Notes[] notes;
    private final Histogram histogram = new Histogram(MAX_NS, 3);
    private volatile boolean isOn;

    Lags(final int producers) {
        notes = new Notes[producers];
        for (int i = 0; i < producers; i++) {
            notes[i] = new Notes();
        }
    }

    Notes of(final int producer) {
        return notes[producer];
    }

    /** Events acknowledged from now on count. */
    void start() {
        isOn = true;
    }

    void stop() {
        isOn = false;
    }

    @Override
    public void accept(final long durable) {
        final long now = System.nanoTime();
        for (final Notes each : notes) {
            long at = each.head.get();
            final long end = each.tail.get();
            for (; at < end && each.positions[(int) at & NOTES - 1] <= durable; at++) {
                if (isOn) {
                    histogram.recordValue(Math.min(MAX_NS, now - each.times[(int) at & NOTES - 1]));
                }
            }
            each.head.set(at);
        }
    }

    /** The result; call it after the log is closed. */
    Histogram histogram() {
        return histogram;
    }
}
