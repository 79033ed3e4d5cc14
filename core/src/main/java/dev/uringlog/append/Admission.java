package dev.uringlog.append;

import dev.uringlog.flush.Flusher;
import dev.uringlog.ring.EventRing;
import java.util.concurrent.locks.LockSupport;

/** The way into the ring: an event's room, and what becomes of an event that finds none. */
final class Admission {
    private static final int FULL_YIELDS = 16;
    private static final long FULL_PARK_MIN_NS = 20_000;
    private static final long FULL_PARK_MAX_NS = 1_000_000;

    private final EventRing ring;
    private final Flusher flusher;
    private final String description;

    Admission(final EventRing ring, final Flusher flusher, final String description) {
        this.ring = ring;
        this.flusher = flusher;
        this.description = description;
    }

    /** Returns a claim, or {@link AppendLog#DISCARDED}. */
    long claim(final int length, final OverflowPolicy whenFull) {
        final long claim = ring.tryClaim(length);
        return claim >= 0 ? claim : claimWhenFull(length, whenFull);
    }

    private long claimWhenFull(final int length, final OverflowPolicy whenFull) {
        boolean isInterrupted = false;
        boolean isBlocked = false;
        long parkNanos = FULL_PARK_MIN_NS;
        try {
            for (int tries = 0; ; tries++) {
                final long claim = ring.tryClaim(length);
                if (claim >= 0) {
                    return claim;
                }
                if (claim == EventRing.IS_CLOSED) {
                    throw new LogClosedException(description);
                }
                flusher.wantRoom();
                // The flusher must never wait for itself: what its own error path logs can be discarded, it cannot
                // block.
                if (whenFull == OverflowPolicy.DISCARD || flusher.isCurrentThread()) {
                    flusher.discarded();
                    return AppendLog.DISCARDED;
                }
                if (!isBlocked) {
                    isBlocked = true;
                    flusher.counters().blocked.increment();
                }
                if (tries < FULL_YIELDS) {
                    Thread.yield();
                } else {
                    isInterrupted |= Thread.interrupted(); // A thread that is interrupted does not park.
                    LockSupport.parkNanos(this, parkNanos);
                    parkNanos = Math.min(FULL_PARK_MAX_NS, parkNanos * 2);
                }
            }
        } finally {
            if (isInterrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
