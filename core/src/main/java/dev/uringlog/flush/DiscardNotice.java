package dev.uringlog.flush;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;

/**
 * Decides when and where the log itself says how many events were discarded: behind the last event that was taken before
 * the first of them, at most once a second while they go on, and once it is over.
 *
 * <pre>
 *   in the ring   a b c │ d e …      the ring was full behind c: x and y were discarded
 *   in the file   a b c │ "2 events discarded" d e …
 * </pre>
 */
final class DiscardNotice {
    /** Batches end where they do. */
    static final long NOWHERE = Long.MAX_VALUE;

    private static final long INTERVAL_NS = 1_000_000_000;

    private final Counters counters;
    private final Reporter reporter;
    private final LongFunction<byte[]> line;

    /** Where the first that has not been told of is missing. */
    private final AtomicLong gap = new AtomicLong(NOWHERE);

    private long told;
    private long lastNanos = System.nanoTime() - INTERVAL_NS;

    /** @param line makes the line that tells of so many events, or returns null; null itself if none is wanted */
    DiscardNotice(final Counters counters, final Reporter reporter, final LongFunction<byte[]> line) {
        this.counters = counters;
        this.reporter = reporter;
        this.line = line;
    }

    /** Producer: an event is discarded that would have come behind a position. */
    void missing(final long position) {
        counters.discarded.increment();
        if (gap.get() == NOWHERE) {
            gap.compareAndSet(NOWHERE, position);
        }
    }

    /** Whether there is anything to tell, due or not. */
    boolean isPending() {
        return counters.discarded.sum() != told;
    }

    /** Holder: where the next batch is to end, so that the line can stand there. */
    long stop(final boolean isOver) {
        return line != null && isPending() && (isOver || isTime()) ? gap.get() : NOWHERE;
    }

    private boolean isTime() {
        return System.nanoTime() - lastNanos >= INTERVAL_NS;
    }

    /**
     * The bytes to write now, or null.
     *
     * @param reached everything before it is in the file
     * @param isOver whether nothing is left to be written
     */
    byte[] due(final long reached, final boolean isOver) {
        if (!isPending() || !isOver && (!isTime() || reached < gap.get())) {
            return null;
        }
        // In this order: one that is discarded meanwhile is counted now, or has a gap of its own.
        gap.set(NOWHERE);
        final long discarded = counters.discarded.sum();
        final long count = discarded - told;
        told = discarded;
        lastNanos = System.nanoTime();
        reporter.discarded(count, discarded);
        return line == null ? null : lineOf(count);
    }

    private byte[] lineOf(final long count) {
        try {
            return line.apply(count);
        } catch (final RuntimeException | LinkageError | StackOverflowError e) {
            reporter.noticeFailed(e);
            return null;
        }
    }
}
