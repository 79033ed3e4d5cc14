package dev.uringlog.append;

import dev.uringlog.flush.Flusher;
import dev.uringlog.ring.EventRing;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.LockSupport;

/** The way into the ring: an event's room, its bytes and its time, and what becomes of an event that finds no room. */
final class Admission {
    private static final int FULL_YIELDS = 16;
    private static final long FULL_PARK_MIN_NS = 20_000;
    private static final long FULL_PARK_MAX_NS = 1_000_000;

    private final EventRing ring;
    private final Flusher flusher;
    private final String description;
    private final boolean isTimed;
    private final boolean isShared;

    /**
     * A log's.
     *
     * @param isTimed whether events carry their time
     * @param isShared whether other processes write to the same file
     */
    Admission(
            final EventRing ring,
            final Flusher flusher,
            final String description,
            final boolean isTimed,
            final boolean isShared) {
        this.ring = ring;
        this.flusher = flusher;
        this.description = description;
        this.isTimed = isTimed;
        this.isShared = isShared;
    }

    /** When an event happened that does not say so itself. */
    long now() {
        return isTimed ? System.currentTimeMillis() : 0;
    }

    /** Returns the event's end position, or {@link AppendLog#DISCARDED}. */
    long put(
            final byte[] event,
            final int offset,
            final int length,
            final OverflowPolicy whenFull,
            final long timeMillis) {
        return put(event, null, offset, length, whenFull, timeMillis);
    }

    /** As the other; the buffer's position stays. */
    long put(final ByteBuffer event, final int length, final OverflowPolicy whenFull, final long timeMillis) {
        return put(null, event, event.position(), length, whenFull, timeMillis);
    }

    /**
     * An event longer than the ring, in a buffer of its own, on the heap: direct memory is scarce where an application has set
     * a limit, and one that has been used comes back with a garbage collection only.
     *
     * @throws UncheckedIOException if there is no memory for it; the event counts as discarded
     */
    long putOversized(final ByteBuffer event, final int length, final OverflowPolicy whenFull, final long timeMillis) {
        final ByteBuffer copy; // Before the claim: there may be no memory for it.
        try {
            copy = isShared ? directOrNot(length) : ByteBuffer.allocate(length);
        } catch (final OutOfMemoryError e) {
            flusher.counters().discarded.increment();
            throw new UncheckedIOException(new IOException(
                    description + ": no memory for an event of " + length + " bytes, which is longer than the ring",
                    e));
        }
        copy.put(event.duplicate()).flip();
        return put(null, copy, 0, length, whenFull, timeMillis);
    }

    /** As {@link #putOversized}, in a buffer that is the log's own from now on, and begins with the event. */
    long give(final ByteBuffer event, final int length, final OverflowPolicy whenFull, final long timeMillis) {
        return isShared
                ? putOversized(event, length, whenFull, timeMillis)
                : put(null, event, 0, length, whenFull, timeMillis);
    }

    /** Direct memory is written in one piece, so that no line of another process comes between. */
    private static ByteBuffer directOrNot(final int length) {
        try {
            return ByteBuffer.allocateDirect(length);
        } catch (final OutOfMemoryError e) {
            return ByteBuffer.allocate(length);
        }
    }

    /** One of both has the bytes. */
    private long put(
            final byte[] array,
            final ByteBuffer buffer,
            final int offset,
            final int length,
            final OverflowPolicy whenFull,
            final long timeMillis) {
        final long claim = claim(length, whenFull);
        if (claim < 0) {
            return AppendLog.DISCARDED;
        }
        boolean isCopied = false;
        try {
            if (length > ring.capacity()) {
                ring.copyOversized(claim, buffer);
            } else if (array != null) {
                ring.copy(claim, array, offset, length);
            } else {
                ring.copy(claim, buffer, offset, length);
            }
            isCopied = true;
        } finally {
            if (!isCopied) {
                ring.abandon(claim, length);
            }
        }
        return publish(claim, length, timeMillis);
    }

    private long publish(final long claim, final int length, final long timeMillis) {
        return isTimed ? ring.publish(claim, length, timeMillis) : ring.publish(claim, length);
    }

    private long claim(final int length, final OverflowPolicy whenFull) {
        StackReserve.demand();
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
