package dev.uringlog.append;

import dev.uringlog.commit.Flusher;
import dev.uringlog.flush.Reporter;
import dev.uringlog.ring.EventRing;
import java.io.IOException;

/**
 * How long a log may take to close, if several close in turn and share a disk that takes no bytes.
 *
 * <p>Frameworks stop their appenders one after the other. If each of N logs on a dead disk waited for its own shutdown timeout,
 * a stop would take N timeouts. So a log that is slow to close looks at all other open logs and asks them to write. If a log has
 * written nothing between such a look and its own close, that time counts as used. If the log has written anything, or has
 * nothing to write, the time does not count.
 */
final class StopClock {
    /** A healthy log closes sooner, and then no other log is disturbed. */
    private static final long SLOW_NS = 20_000_000;

    /** This part of a timeout is kept for giving up and counting what could not be written. */
    private static final int SETTLE_PARTS = 10;

    /** If no log has been slow to close for so long, an earlier look belongs to another stop. */
    private static final long FORGET_NS = 10_000_000_000L;

    private final EventRing ring;
    private final Flusher flusher;
    private final Reporter reporter;
    private final boolean isKeptDurable;
    private final long timeoutNanos;

    /** How far the log had come when a wait at the JVM's end ran out of time. */
    private volatile long stuckAt = -1;

    /** The last look of a log that was slow to end; null if there was nothing to see. */
    private volatile Look seen;

    /**
     * What a look saw.
     *
     * @param position how far the log had come
     * @param sinceNanos the time of the first look that saw it there
     * @param lastNanos the time of the last one
     */
    private record Look(long position, long sinceNanos, long lastNanos) {}

    /**
     * A log's clock.
     *
     * @param isKeptDurable whether the log's close waits for stable storage
     * @param timeoutNanos how long the log may take if it closes alone
     */
    StopClock(
            final EventRing ring,
            final Flusher flusher,
            final Reporter reporter,
            final boolean isKeptDurable,
            final long timeoutNanos) {
        this.ring = ring;
        this.flusher = flusher;
        this.reporter = reporter;
        this.isKeptDurable = isKeptDurable;
        this.timeoutNanos = timeoutNanos;
    }

    long timeoutNanos() {
        return timeoutNanos;
    }

    private long position() {
        return isKeptDurable ? flusher.durablePosition() : flusher.writtenPosition();
    }

    /** Whether something is not yet written, or synced if this log's close waits for that. */
    boolean isBehind() {
        return position() < ring.claimedPosition();
    }

    /** The log begins to close. Returns how long it still holds what it cannot write. */
    long holdNanos() {
        final long hold = timeoutNanos - settleNanos();
        final Look look = seen;
        final long now = System.nanoTime();
        if (look == null || look.position != position() || now - look.lastNanos >= FORGET_NS) {
            return hold;
        }
        return Math.max(0, look.sinceNanos + hold - now);
    }

    private long settleNanos() {
        return timeoutNanos / SETTLE_PARTS;
    }

    /** The JVM ends: everything accepted is written without delay. */
    void askAtExit() {
        flusher.synchronous(timeoutNanos);
        flusher.commit().ask(ring.claimedPosition(), isKeptDurable);
    }

    /**
     * Waits for a position while the JVM ends, for what is left of the shutdown timeout.
     *
     * @param startNanos when the timeout began
     */
    void awaitAtExit(final long position, final long startNanos) {
        // Once a wait has run out of time, no other one is begun until something is written again: a hook may log more
        // lines.
        if (flusher.isCurrentThread() || position() == stuckAt) {
            return;
        }
        boolean isTriedAgain = true;
        for (; ; ) {
            final long left = startNanos + timeoutNanos - System.nanoTime();
            try {
                if (!flusher.commit().await(position, isKeptDurable, Math.max(0, left), false)) {
                    stuckAt = position();
                }
                return;
            } catch (final InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (final IOException e) {
                if (!isTriedAgain || left <= 0) {
                    reporter.closeFailed(e);
                    return;
                }
                isTriedAgain = flusher.watch().isHolding(); // The file may take bytes again while there is time.
            }
        }
    }

    /** Another log is slow to close. */
    void look() {
        final long position = position();
        final long claimed = ring.claimedPosition();
        if (position >= claimed) {
            seen = null;
            return;
        }
        final Look before = seen;
        final long now = System.nanoTime();
        if (before != null && before.position == position && now - before.lastNanos < FORGET_NS) {
            seen = new Look(position, before.sinceNanos, now);
        } else {
            seen = new Look(position, now, now);
            flusher.commit().ask(claimed, isKeptDurable);
        }
    }

    /**
     * Waits for the end of the flusher, which has been told to end.
     *
     * @param holdNanos how long it may hold what it cannot write
     * @return false if it runs longer
     */
    boolean await(final long holdNanos) {
        // A thread that has been in one system call all the time will not return just now.
        final boolean isHung = holdNanos == 0 && !flusher.isStalled();
        final long deadline =
                System.nanoTime() + holdNanos + (isHung ? Math.min(SLOW_NS, settleNanos()) : settleNanos());
        long left = deadline - System.nanoTime();
        while (left > 0 && !flusher.awaitEnd(Math.min(left, SLOW_NS))) {
            ExitGuard.open().forEach(AppendLog::expectClose);
            left = deadline - System.nanoTime();
        }
        return flusher.join(0);
    }
}
