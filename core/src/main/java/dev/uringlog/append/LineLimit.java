package dev.uringlog.append;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Keeps a line that repeats down to one a second. What is kept back is counted, and told with the next. For an appender, which has
 * one for each trouble that may last. For any thread.
 */
public final class LineLimit {
    private static final long INTERVAL_NS = 1_000_000_000;

    private final AtomicLong count = new AtomicLong();
    private final AtomicLong nextNanos = new AtomicLong(System.nanoTime());

    /** A limit that lets the first line through. */
    public LineLimit() {}

    /**
     * Asks whether to say it now.
     *
     * @return how often it has happened since it was last said, with this time; 0 if it is not to be said now
     */
    public long take() {
        count.incrementAndGet();
        final long now = System.nanoTime();
        final long next = nextNanos.get();
        return now - next >= 0 && nextNanos.compareAndSet(next, now + INTERVAL_NS) ? count.getAndSet(0) : 0;
    }

    /**
     * What to end the line with.
     *
     * @param taken what {@link #take()} returned
     * @return words that tell of those that were kept back; none if there were none
     */
    public static String more(final long taken) {
        return taken > 1 ? " (and " + (taken - 1) + " times like it since)" : "";
    }
}
