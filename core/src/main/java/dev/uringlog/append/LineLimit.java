package dev.uringlog.append;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Limits a line that repeats to one a second. Those in between are counted, and the next line says how many they were. An
 * appender has one for each kind of trouble that may last. For any thread.
 */
public final class LineLimit {
    private static final long INTERVAL_NS = 1_000_000_000;

    private final AtomicLong count = new AtomicLong();
    private final AtomicLong nextNanos = new AtomicLong(System.nanoTime());

    /** A limit that lets the first line through. */
    public LineLimit() {}

    /**
     * Counts a line, and says whether it is due.
     *
     * @return how many there were since the last one that was due, with this one; 0 if this one is not due
     */
    public long take() {
        count.incrementAndGet();
        final long now = System.nanoTime();
        final long next = nextNanos.get();
        return now - next >= 0 && nextNanos.compareAndSet(next, now + INTERVAL_NS) ? count.getAndSet(0) : 0;
    }

    /**
     * Says a line if it is due.
     *
     * @param line says it; is given what to end it with
     */
    public void say(final Consumer<String> line) {
        final long taken = take();
        if (taken > 0) {
            line.accept(more(taken));
        }
    }

    /**
     * What to end the line with.
     *
     * @param taken what {@link #take()} returned
     * @return how many were left out; empty if none was
     */
    public static String more(final long taken) {
        return taken > 1 ? " (and " + (taken - 1) + " more since the last such message)" : "";
    }
}
