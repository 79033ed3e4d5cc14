package dev.uringlog.flush;

import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/**
 * Decides when and where the log itself says how many events are missing from it, and why.
 *
 * <pre>
 *   in the ring   a b c │ d e …      the ring was full behind c: x and y were discarded
 *   in the file   a b c │ "2 events discarded, the ring was full" d e …
 *
 *   in the ring   a b c d e f …      the file did not take d and e
 *   in the file   a b c │ "2 events could not be written and are lost" f …
 * </pre>
 *
 * Of discarded events it says so at most once a second while they go on, and once it is over; of those that the file did
 * not take, before the next bytes that it takes.
 */
public final class LossNotice {
    /** Batches end where they do. */
    static final long NOWHERE = Long.MAX_VALUE;

    private static final byte[] NONE = {};
    private static final long INTERVAL_NS = 1_000_000_000;

    private final Counters counters;
    private final Reporter reporter;
    private final Function<String, byte[]> line;

    /** The position at which the first discarded event that was not reported is missing. */
    private final AtomicLong gap = new AtomicLong(NOWHERE);

    // Only the baton's holder uses these. What is due is told before the next event is written.
    private long counted;
    private long lastNanos = System.nanoTime() - INTERVAL_NS;
    private long discarded;
    private long lost;
    private IOException cause;

    /** The bytes that tell what is due; null until they are made. A layout may count what it is asked for: ask it once. */
    private byte[] made;

    /** @param line makes the line that says so, or returns null; null itself if none is wanted */
    LossNotice(final Counters counters, final Reporter reporter, final Function<String, byte[]> line) {
        this.counters = counters;
        this.reporter = reporter;
        this.line = line;
    }

    /**
     * Producer: an event is discarded.
     *
     * @param position behind which it would have come
     */
    public void missing(final long position) {
        counters.discarded.increment();
        if (gap.get() == NOWHERE) {
            gap.compareAndSet(NOWHERE, position);
        }
    }

    /** The file did not take the last events of a batch. */
    void lost(final int count, final IOException why) {
        if (line != null) {
            lost += count;
            cause = why;
            made = null;
        }
    }

    /** {@return whether there is anything to tell, due or not} */
    public boolean isPending() {
        return isDue() || counters.discarded.sum() != counted;
    }

    /** Whether something is to be told before the next event is written. */
    boolean isDue() {
        return lost + discarded > 0;
    }

    /** Where the next batch is to end, so that the line can stand there. */
    long stop(final boolean isOver) {
        return line != null && counters.discarded.sum() != counted && (isOver || isTime()) ? gap.get() : NOWHERE;
    }

    private boolean isTime() {
        return System.nanoTime() - lastNanos >= INTERVAL_NS;
    }

    /**
     * Looks whether it is time to tell of discarded events.
     *
     * @param reached everything before it is in the file
     * @param isOver whether nothing is left to be written
     */
    void look(final long reached, final boolean isOver) {
        final long sum = counters.discarded.sum();
        if (sum == counted || !isOver && (!isTime() || reached < gap.get())) {
            return;
        }
        // In this order: an event discarded at this moment is counted now, or sets a gap of its own.
        gap.set(NOWHERE);
        final long now = counters.discarded.sum();
        final long count = now - counted;
        counted = now;
        lastNanos = System.nanoTime();
        reporter.discarded(count, now);
        if (line != null) {
            discarded += count;
            made = null;
        }
    }

    /** Nothing comes after this. */
    void end(final long reached) {
        look(reached, true);
        reporter.discardedInAll(counted);
    }

    /** The bytes that tell all that is due; none if they cannot be made. */
    byte[] bytes() {
        if (made == null) {
            made = lines();
        }
        return made;
    }

    private byte[] lines() {
        final byte[] first = discarded == 0 ? NONE : lineOf(Reporter.discarded(discarded));
        final byte[] second = lost == 0 ? NONE : lineOf(Reporter.lost(lost, cause));
        final byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    /** The bytes are in the file. */
    void told() {
        discarded = 0;
        lost = 0;
        cause = null;
        made = null;
    }

    private byte[] lineOf(final String text) {
        try {
            final byte[] bytes = line.apply(text);
            return bytes == null ? NONE : bytes;
        } catch (final Throwable e) { // Whatever it was: the events that follow are written without it.
            reporter.noticeFailed(e);
            return NONE;
        }
    }
}
