package dev.uringlog.flush;

import java.util.concurrent.locks.LockSupport;

/** How long bytes are held that the file does not take, and how often they are tried. One thread pauses; any may end it. */
final class Holding {
    private static final long PAUSE_MIN_NS = 5_000_000;

    /** Space that returns is noticed within half of the second that a user is promised. */
    private static final long PAUSE_MAX_NS = 500_000_000;

    /** When it ends, by the nano clock. */
    private volatile long endNanos;

    private volatile boolean isEnding;
    private long nextNanos;

    /** Any thread: from now on for so long at most. */
    void endIn(final long nanos) {
        endNanos = System.nanoTime() + nanos;
        isEnding = true;
    }

    boolean isOver() {
        return isEnding && System.nanoTime() - endNanos >= 0;
    }

    /** The file may take bytes: the next pause is a short one. */
    void begin() {
        nextNanos = PAUSE_MIN_NS;
    }

    /** Pauses, each time longer. A thread that comes to wait shortens it: it wants to know how things are now. */
    void pause(final Object blocker, final Audience audience) {
        final long start = System.nanoTime();
        long left = nextNanos;
        do {
            Thread.interrupted(); // An interrupted thread would not park.
            LockSupport.parkNanos(blocker, isEnding ? Math.min(left, endNanos - System.nanoTime()) : left);
            final long pause = audience.isThere() ? Math.min(nextNanos, PAUSE_MIN_NS) : nextNanos;
            left = pause - (System.nanoTime() - start);
        } while (left > 0 && !isEnding);
        nextNanos = Math.min(PAUSE_MAX_NS, nextNanos * 2);
    }
}
