package dev.uringlog.flush;

import java.util.function.LongFunction;

/** Decides when the log itself says how many events were discarded: when it is over, and once a second meanwhile. */
final class DiscardNotice {
    private static final long INTERVAL_NS = 1_000_000_000;

    private final Counters counters;
    private final Reporter reporter;
    private final LongFunction<byte[]> line;
    private long told;
    private long seen;
    private long lastNanos;

    /** @param line makes the line that tells of so many events, or returns null; null itself if none is wanted */
    DiscardNotice(final Counters counters, final Reporter reporter, final LongFunction<byte[]> line) {
        this.counters = counters;
        this.reporter = reporter;
        this.line = line;
    }

    /** Whether there is anything to tell, due or not. */
    boolean isPending() {
        return counters.discarded.sum() != told;
    }

    /** The bytes to write now, or null. */
    byte[] due(final boolean isOver) {
        final long discarded = counters.discarded.sum();
        if (discarded == told) {
            return null;
        }
        final long now = System.nanoTime();
        if (seen == told) {
            lastNanos = now; // It has just begun.
        }
        final boolean isQuiet = discarded == seen;
        seen = discarded;
        if (!isOver && !isQuiet && now - lastNanos < INTERVAL_NS) {
            return null;
        }
        final long count = discarded - told;
        told = discarded;
        lastNanos = now;
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
