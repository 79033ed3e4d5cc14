package dev.uringlog.append;

import dev.uringlog.commit.Flusher;
import dev.uringlog.commit.Watch;
import dev.uringlog.ring.EventRing;
import dev.uringlog.ring.WaitingLine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A caller's way through a log: room in the ring for its event, the bytes, and the wait until they are where they should be. */
final class Admission {
    /** How often a caller yields before it sleeps: a ring that is being written has room soon. */
    private static final int FULL_YIELDS = 16;

    /** Naps before it joins the line, each twice as long as the one before, 0.6 ms in all: most waits end here, unaided. */
    private static final int FULL_NAPS = 5;

    private static final long FULL_NAP_MIN_NS = 20_000;

    private final EventRing ring;
    private final Flusher flusher;
    private final StopClock stopClock;
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
            final StopClock stopClock,
            final String description,
            final boolean isTimed,
            final boolean isShared) {
        this.ring = ring;
        this.flusher = flusher;
        this.stopClock = stopClock;
        this.description = description;
        this.isTimed = isTimed;
        this.isShared = isShared;
    }

    /** The time of an event whose caller does not give one. */
    long now() {
        return isTimed ? System.currentTimeMillis() : 0;
    }

    /**
     * Appends an event.
     *
     * @param awaited what the returned call means; an event that it waits for is never discarded
     * @return the event's end position, or {@link AppendLog#DISCARDED}
     */
    long append(
            final byte[] event,
            final int offset,
            final int length,
            final AppendTerms terms,
            final long timeMillis,
            final Durability awaited) {
        Objects.checkFromIndexSize(offset, length, event.length);
        expect(awaited);
        if (length == 0 || length > ring.capacity()) {
            return append(ByteBuffer.wrap(event, offset, length), terms, timeMillis, awaited);
        }
        final long claim = claim(length, terms, awaited != Durability.MEMORY);
        return settle(put(event, null, offset, length, claim, timeMillis), length, terms, awaited);
    }

    /** Appends what remains in a buffer, and leaves nothing remaining unless it was discarded. */
    long append(final ByteBuffer event, final AppendTerms terms, final long timeMillis, final Durability awaited) {
        final int length = event.remaining();
        if (length == 0) {
            return ring.claimedPosition(); // There is nothing to append.
        }
        expect(awaited);
        final ByteBuffer source = length > ring.capacity() ? copyOf(event) : event;
        final long claim = claim(length, terms, awaited != Durability.MEMORY);
        final long end = put(null, source, source.position(), length, claim, timeMillis);
        if (end != AppendLog.DISCARDED) {
            event.position(event.limit());
        }
        return settle(end, length, terms, awaited);
    }

    private void expect(final Durability awaited) {
        if (awaited == Durability.DISK) {
            flusher.expectDurable();
        }
    }

    /** Appends an event longer than the ring from an array that belongs to the log from now on. */
    long give(
            final byte[] event,
            final int offset,
            final int length,
            final AppendTerms terms,
            final long timeMillis,
            final Durability awaited) {
        final ByteBuffer given = ByteBuffer.wrap(event, offset, length).slice();
        if (isShared) {
            return append(given, terms, timeMillis, awaited);
        }
        expect(awaited);
        final long claim = claim(length, terms, awaited != Durability.MEMORY);
        return settle(put(null, given, 0, length, claim, timeMillis), length, terms, awaited);
    }

    /**
     * Copies an event longer than the ring into a buffer on the heap. Direct memory may be limited, and it is returned only at
     * a garbage collection.
     *
     * @throws UncheckedIOException if there is no memory for it; the event counts as discarded
     */
    private ByteBuffer copyOf(final ByteBuffer event) {
        final int length = event.remaining();
        final ByteBuffer copy; // Before the claim: there may be no memory for it.
        try {
            copy = isShared ? directOrNot(length) : ByteBuffer.allocate(length);
        } catch (final OutOfMemoryError e) {
            flusher.counters().discarded.increment();
            throw new UncheckedIOException(new IOException(
                    description + ": no memory for an event of " + length + " bytes, which is longer than the ring",
                    e));
        }
        return copy.put(event.duplicate()).flip();
    }

    /** Direct memory is written in one piece, so that no line of another process can come between. */
    private static ByteBuffer directOrNot(final int length) {
        try {
            return ByteBuffer.allocateDirect(length);
        } catch (final OutOfMemoryError e) {
            return ByteBuffer.allocate(length);
        }
    }

    /** The event is in the ring, or was discarded. Waits if the caller asked for it. */
    private long settle(final long end, final int length, final AppendTerms terms, final Durability awaited) {
        if (end == AppendLog.DISCARDED) {
            return end;
        }
        // What the log's own thread logs, such as an error, is not waited for: the thread would wait for itself.
        if (awaited != Durability.MEMORY && !flusher.isCurrentThread()) {
            StackReserve.demand();
            try {
                settled(flusher.commit().await(end, awaited == Durability.DISK, terms.patience()::isOver));
            } catch (final IOException e) {
                throw new UncheckedIOException(named(e));
            }
        } else if (flusher.published(end, length)) {
            stopClock.awaitAtExit(end, System.nanoTime());
        }
        return end;
    }

    /**
     * Waits until everything up to a position is where it should be.
     *
     * @param awaited {@code KERNEL} or {@code DISK}
     */
    void await(final long position, final Durability awaited, final Patience patience) throws IOException {
        StackReserve.demand();
        try {
            settled(flusher.commit().await(position, awaited == Durability.DISK, patience::isOver));
        } catch (final IOException e) {
            throw named(e);
        }
    }

    private static void settled(final boolean isReached) throws IOException {
        if (!isReached) {
            throw new IOException("closed before it was written");
        }
    }

    /** As {@link #await(long, Durability, Patience)}, but for so long at most. Returns false if that was not enough. */
    boolean await(final long position, final Durability awaited, final Duration timeout, final boolean isInterruptible)
            throws IOException, InterruptedException {
        StackReserve.demand();
        try {
            final long nanos = TimeUnit.NANOSECONDS.convert(timeout);
            return flusher.commit().await(position, awaited == Durability.DISK, nanos, isInterruptible);
        } catch (final IOException e) {
            throw named(e);
        }
    }

    /** Returns a position that can be waited for. */
    long checked(final long position) throws IOException {
        if (position == AppendLog.DISCARDED) {
            throw new IOException(description + ": the event was discarded, the ring was full");
        }
        if (position > flusher.writtenPosition() && position > ring.claimedPosition()) {
            throw new IllegalArgumentException("position " + position + " is beyond what was appended");
        }
        return position;
    }

    /** Rolls to another file, or reopens the path, behind everything appended, and waits for that. */
    boolean turn(final boolean isRoll, final long nanos) throws IOException {
        StackReserve.demand();
        try {
            return flusher.turn(isRoll, nanos);
        } catch (final IOException e) {
            throw named(e);
        }
    }

    /** All callers that wait get the same exception. This one also has the caller's own stack, and the log's name. */
    private IOException named(final IOException cause) {
        return new IOException(description + ": " + cause.getMessage(), cause);
    }

    /** Copies and publishes an event; its bytes are in the array or in the buffer. */
    private long put(
            final byte[] array,
            final ByteBuffer buffer,
            final int offset,
            final int length,
            final long claim,
            final long timeMillis) {
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

    private long claim(final int length, final AppendTerms terms, final boolean isAwaited) {
        StackReserve.demand();
        if (isAwaited) {
            // Before the claim: an accepted event could not be taken back while the file takes no bytes.
            failIfToBeTold(terms.patience());
        }
        final long claim = ring.tryClaim(length);
        return claim >= 0 ? claim : claimWhenFull(length, terms, isAwaited);
    }

    private long claimWhenFull(final int length, final AppendTerms terms, final boolean isAwaited) {
        for (int tries = 0; tries < FULL_YIELDS + FULL_NAPS; tries++) {
            final long claim = ring.tryClaim(length);
            if (isAnswer(claim)) {
                return claim;
            }
            flusher.wantRoom();
            // The consumer must never wait for itself. What it logs itself, such as an error, can be lost.
            if (flusher.isCurrentThread() || terms.whenFull() == OverflowPolicy.DISCARD && !isAwaited) {
                return discard(isAwaited);
            }
            if (tries == 0) {
                flusher.counters().blocked.increment();
            }
            if (tries < FULL_YIELDS) {
                Thread.yield();
            } else {
                LockSupport.parkNanos(this, FULL_NAP_MIN_NS << tries - FULL_YIELDS);
            }
        }
        return claimInLine(length, terms.patience());
    }

    private void failIfToBeTold(final Patience patience) {
        if (flusher.watch().isHolding() && patience.isOver(true)) {
            throw gaveUp(patience);
        }
    }

    private long discard(final boolean isAwaited) {
        flusher.discarded();
        if (isAwaited) {
            throw new NotAcceptedException(description + ": the ring is full, and its own thread cannot wait for room");
        }
        return AppendLog.DISCARDED;
    }

    /** Whether the claim succeeded. */
    private boolean isAnswer(final long claim) {
        if (claim == EventRing.IS_CLOSED) {
            throw new LogClosedException(description);
        }
        return claim >= 0;
    }

    /** Sleeps until there is room, or the caller's time is over. An interrupt is kept. */
    private long claimInLine(final int length, final Patience patience) {
        boolean isInterrupted = false;
        final Watch.Wait wait = flusher.watch().begin(patience::isOver);
        final WaitingLine.Place place = ring.line().join(length);
        try {
            for (; ; ) {
                final long claim = place.tryClaim();
                if (isAnswer(claim)) {
                    return claim;
                }
                if (wait.isGivenUp()) {
                    throw gaveUp(patience);
                }
                flusher.wantRoom();
                isInterrupted |= Thread.interrupted(); // A thread that is interrupted does not park.
                wait.park(this);
            }
        } finally {
            ring.line().leave(place);
            wait.end();
            if (isInterrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private NotAcceptedException gaveUp(final Patience patience) {
        final boolean isHeld = flusher.watch().isHolding();
        if (isHeld && patience.isOver(true) && !patience.isOver(false)) {
            // The caller asked to be told and still has the event, so it does not count as discarded.
            return new NotAcceptedException(description + ": the file takes no bytes for now");
        }
        flusher.discarded();
        return new NotAcceptedException(description + ": the ring is full, and no time is left to wait for room");
    }
}
