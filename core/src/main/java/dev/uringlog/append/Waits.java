package dev.uringlog.append;

import dev.uringlog.commit.Flusher;
import dev.uringlog.flush.Reporter;
import dev.uringlog.ring.EventRing;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A log's callers as they wait: for a position, for a turn, for the end of the JVM. */
final class Waits {
    private final EventRing ring;
    private final Flusher flusher;
    private final Reporter reporter;

    /** Whether the end of the JVM should find everything on stable storage. */
    private final boolean isKeptDurable;

    private final Duration shutdownTimeout;

    /** How far the log had come when a wait at the JVM's end was in vain. */
    private volatile long stuckAt = -1;

    Waits(
            final EventRing ring,
            final Flusher flusher,
            final Reporter reporter,
            final boolean isKeptDurable,
            final Duration shutdownTimeout) {
        this.ring = ring;
        this.flusher = flusher;
        this.reporter = reporter;
        this.isKeptDurable = isKeptDurable;
        this.shutdownTimeout = shutdownTimeout;
    }

    long checked(final long position) throws IOException {
        if (position == AppendLog.DISCARDED) {
            throw new IOException(reporter.name() + ": the event was discarded, the ring was full");
        }
        if (position > flusher.writtenPosition() && position > ring.claimedPosition()) {
            throw new IllegalArgumentException("position " + position + " is beyond what was appended");
        }
        return position;
    }

    void await(final long position, final boolean isDurable, final Patience patience) throws IOException {
        StackReserve.demand();
        try {
            if (!flusher.await(position, isDurable, patience::isOver)) {
                throw new IOException("closed before it was written");
            }
        } catch (final IOException e) {
            throw toldHere(e);
        }
    }

    /** Waits for an event that the ring has. */
    void awaitAccepted(final long position, final boolean isDurable, final Patience patience) {
        try {
            await(position, isDurable, patience);
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    boolean await(final long position, final boolean isDurable, final Duration timeout, final boolean isInterruptible)
            throws IOException, InterruptedException {
        StackReserve.demand();
        try {
            return flusher.await(position, isDurable, TimeUnit.NANOSECONDS.convert(timeout), isInterruptible);
        } catch (final IOException e) {
            throw toldHere(e);
        }
    }

    void turn(final boolean isRoll) throws IOException {
        turn(isRoll, Long.MAX_VALUE);
    }

    boolean turn(final boolean isRoll, final long nanos) throws IOException {
        StackReserve.demand();
        try {
            return flusher.turn(isRoll, nanos);
        } catch (final IOException e) {
            throw toldHere(e);
        }
    }

    void askAtExit() {
        flusher.ask(ring.claimedPosition(), isKeptDurable);
    }

    /**
     * Waits for a position while the JVM goes down, for what is left of the shutdown timeout.
     *
     * @param startNanos when the timeout began
     */
    void awaitAtExit(final long position, final long startNanos) {
        // One wait in vain is enough, until something is written again: a hook may have more than one line to say.
        if (flusher.isCurrentThread() || reached() == stuckAt) {
            return;
        }
        try {
            final long left = startNanos + shutdownTimeout.toNanos() - System.nanoTime();
            if (!await(position, isKeptDurable, Duration.ofNanos(Math.max(0, left)), false)) {
                stuckAt = reached();
            }
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (final IOException e) {
            reporter.closeFailed(e);
        }
    }

    private long reached() {
        return isKeptDurable ? flusher.durablePosition() : flusher.writtenPosition();
    }

    /** Everybody who waits gets the same one; this caller's says where he is, too. */
    private IOException toldHere(final IOException cause) {
        return new IOException(reporter.name() + ": " + cause.getMessage(), cause);
    }
}
