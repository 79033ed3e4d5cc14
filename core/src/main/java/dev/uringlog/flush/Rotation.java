package dev.uringlog.flush;

import dev.uringlog.file.Sink;
import dev.uringlog.flight.Recorder;
import dev.uringlog.flight.RolloverEvent;
import dev.uringlog.ring.Cut;
import dev.uringlog.ring.EventRing;
import java.io.IOException;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/**
 * From file to file: a log turns before an event that belongs into the next one, at a barrier where somebody waits for that,
 * or when others have put another file in the place. Whoever gathers judges and looks, and leaves the turn itself to the
 * flusher's thread.
 *
 * <pre>
 *   in the ring    e1 e2 e3 │ e4 e5 …       isBefore(e4): due
 *                  written, │ the next batch begins here, in the next file
 *                  synced   └ turn
 * </pre>
 */
final class Rotation implements Cut {
    /** After a roll that failed the roller is not asked again for this long: each try costs a batch its size. */
    private static final long RETRY_NS = 1_000_000_000;

    /**
     * What somebody has who has renamed the file and is to make another: he would find one of ours in his way, and what is
     * written to the old one meanwhile might not be read any more.
     */
    static final long GRACE_NS = 100_000_000;

    private static final long GRACE_LOOK_NS = 100_000;

    /** A path that leads to another file at each look is opened again after 1, 2, 4 s and so on, at last each 64 s. */
    private static final int SETTLE_SHIFT_MAX = 7;

    private static final long NONE = Long.MAX_VALUE;

    private final EventRing ring;
    private final Sink sink;
    private final Syncer syncer;
    private final BatchWriter writer;
    private final Reporter reporter;
    private final Rolling roller;
    private final long lookNanos;
    private final Queue<Barrier> barriers = new ConcurrentLinkedQueue<>();
    private volatile IOException closed;

    /** What the file's size is ahead of the positions: what it held, and what was written beside the events. */
    private volatile long ahead;

    // The baton's holder's own.
    private long barrierPosition = NONE;
    private long duePosition = NONE;
    private long judgedPosition;
    private boolean isBackingOff;
    private long notBeforeNanos;
    private long nextLookNanos = System.nanoTime();
    private Sink.Fate fate = Sink.Fate.IN_PLACE;

    /** The path leads nowhere, and nothing can be made there: nobody is waited for any more, each time anew. */
    private boolean isRefused;

    /** How often the log has followed its path in turn and never found itself in place afterwards. */
    private int unsettled;

    private long lastFollowNanos;

    /** Somebody who waits for a turn behind a position. */
    private static final class Barrier extends CompletableFuture<Void> {
        private final long position;
        private final boolean isRoll;

        /** The turn is to come whether anything waits for it or not. */
        private final boolean isKept;

        Barrier(final long position, final boolean isRoll, final boolean isKept) {
            this.position = position;
            this.isRoll = isRoll;
            this.isKept = isKept;
        }

        boolean await(final long nanos) throws IOException {
            boolean isInterrupted = false;
            final long start = System.nanoTime();
            try {
                for (; ; ) {
                    try {
                        get(nanos - (System.nanoTime() - start), TimeUnit.NANOSECONDS);
                        return true;
                    } catch (final InterruptedException e) {
                        isInterrupted = true;
                    }
                }
            } catch (final TimeoutException e) {
                return false;
            } catch (final ExecutionException e) {
                throw new IOException(e.getCause().getMessage(), e.getCause());
            } finally {
                if (isInterrupted) {
                    Thread.currentThread().interrupt();
                }
            }
        }
    }

    /**
     * @param roller null if the log stays in its file
     * @param lookNanos how long one may write without looking what others have done to the file
     */
    Rotation(
            final EventRing ring,
            final Sink sink,
            final Syncer syncer,
            final BatchWriter writer,
            final Reporter reporter,
            final Rolling roller,
            final long lookNanos) {
        this.ring = ring;
        this.sink = sink;
        this.syncer = syncer;
        this.writer = writer;
        this.reporter = reporter;
        this.roller = roller;
        this.lookNanos = lookNanos;
        measure();
    }

    /** Anybody: bytes in the file and in the ring, as if there were no turn before the last of them. */
    long fileSize() {
        return ring.claimedPosition() + ahead;
    }

    /** Anybody: whether somebody waits at a barrier. */
    boolean isAsked() {
        return !barriers.isEmpty();
    }

    /**
     * Anybody but the holder: waits for a turn behind everything claimed. An interrupt is kept.
     *
     * @param isRoll whether the roller makes it, or the file is only opened anew
     * @param nanos how long at most; the turn comes all the same
     * @param wakeFlusher tells the flusher
     * @return false if it has not come by then
     */
    boolean await(final boolean isRoll, final long nanos, final Runnable wakeFlusher) throws IOException {
        if (isRoll && roller == null) {
            throw new IllegalStateException("the log has no roller");
        }
        final Barrier barrier = new Barrier(ring.claimedPosition(), isRoll, nanos != Long.MAX_VALUE);
        barriers.add(barrier);
        if (closed != null) {
            failAll(closed); // The thread that closed the log may have looked before.
        }
        wakeFlusher.run();
        return barrier.await(nanos);
    }

    /** Anybody: waiting is in vain for now. A barrier that nothing waits at for long stays. */
    void fail(final IOException cause) {
        barriers.removeIf(barrier -> !barrier.isKept && (barrier.isDone() || barrier.completeExceptionally(cause)));
    }

    /** Anybody: waiting is in vain from now on. */
    void over(final IOException cause) {
        closed = cause;
        failAll(cause);
    }

    private void failAll(final IOException cause) {
        Barrier barrier;
        while ((barrier = barriers.poll()) != null) {
            barrier.completeExceptionally(cause);
        }
    }

    /** Holder: what the ring is to be polled with now; null if the log stays in its file. */
    Cut cut() {
        if (roller == null) {
            return null;
        }
        final Barrier first = barriers.peek();
        barrierPosition = first == null ? NONE : first.position;
        measure();
        return this;
    }

    @Override
    public boolean isBefore(final long position, final long timeMillis, final int length) {
        if (position >= barrierPosition || position == duePosition) {
            return true;
        }
        if (position < judgedPosition) {
            return false; // The ring begins anew.
        }
        judgedPosition = position + length;
        final boolean isDue = isDue(timeMillis, length, position + ahead);
        if (isDue) {
            duePosition = position;
        }
        return isDue;
    }

    private boolean isDue(final long timeMillis, final int length, final long fileSize) {
        if (isBackingOff && System.nanoTime() - notBeforeNanos < 0) {
            return false;
        }
        isBackingOff = false;
        try {
            return roller.isDue(timeMillis, length, fileSize);
        } catch (final Throwable e) { // Whatever it was: an event that is not judged is written all the same.
            failed(e);
            return false;
        }
    }

    private IOException failed(final Throwable cause) {
        isBackingOff = true;
        notBeforeNanos = System.nanoTime() + RETRY_NS;
        final IOException told = cause instanceof IOException io ? io : new IOException(cause.toString(), cause);
        reporter.rollFailed(told);
        return told;
    }

    /**
     * Holder: looks what others have done to the file, before it writes. Returns whether the log is to follow it at once.
     *
     * @param isFlusher may wait for whoever has renamed the file and is about to make another
     */
    boolean look(final boolean isFlusher) {
        final long now = System.nanoTime();
        final boolean isAway = writer.isTakenAway(); // Then it has been looked at, and the grace is over.
        // What is half written is completed where it was begun.
        if (fate == Sink.Fate.IN_PLACE && !isAway && now - nextLookNanos < 0
                || !sink.isOpen()
                || writer.reachedPosition() != ring.batchPosition()) {
            return fate != Sink.Fate.IN_PLACE;
        }
        nextLookNanos = now + lookNanos;
        try {
            fate = sink.look();
            while (isFlusher && !isAway && !isRefused && isGone() && System.nanoTime() - now < GRACE_NS) {
                Thread.interrupted(); // An interrupted thread would not park.
                LockSupport.parkNanos(this, GRACE_LOOK_NS);
                fate = sink.look();
            }
            isRefused &= fate != Sink.Fate.IN_PLACE;
            if (fate == Sink.Fate.IN_PLACE) {
                unsettled = 0;
            } else if (fate == Sink.Fate.REPLACED && !isAway && now - lastFollowNanos < settleNanos()) {
                nextLookNanos = lastFollowNanos + settleNanos();
                fate = Sink.Fate.IN_PLACE; // As far as can be told: it was opened a moment ago.
            }
        } catch (final IOException e) {
            return false; // Whatever it is, a write will meet it too, and say so.
        }
        return fate != Sink.Fate.IN_PLACE;
    }

    /** Where inode numbers are not stable, each look finds another file, and no opening changes that. */
    private long settleNanos() {
        return unsettled == 0 ? 0 : RETRY_NS << Math.min(unsettled, SETTLE_SHIFT_MAX) - 1;
    }

    private boolean isGone() {
        return fate == Sink.Fate.MOVED || fate == Sink.Fate.UNLINKED;
    }

    /** Holder, between two batches: whether the next is to go elsewhere. */
    boolean isDue() {
        return ring.batchPosition() == duePosition || reached() != null;
    }

    private Barrier reached() {
        final Barrier first = barriers.peek();
        return first != null && first.position <= ring.batchPosition() ? first : null;
    }

    /** Holder: looks how large the file is. */
    void measure() {
        final long found = sink.size() - writer.reachedPosition();
        if (found != ahead) {
            ahead = found;
        }
    }

    /** The flusher, when it is due: everything before is written, and synced if it is kept so. */
    void turn() {
        if (fate != Sink.Fate.IN_PLACE) {
            follow();
            return;
        }
        final Barrier barrier = reached();
        final IOException failure = barrier == null || barrier.isRoll ? roll() : open();
        measure();
        if (barrier != null) {
            barriers.remove(barrier);
            if (failure == null) {
                barrier.complete(null);
            } else {
                barrier.completeExceptionally(failure);
            }
        }
    }

    private IOException roll() {
        duePosition = NONE;
        final RolloverEvent event = Recorder.isReady() ? RolloverEvent.begun() : null;
        final String left = sink.path().toString();
        final long size = sink.size();
        final RolledFile file = new RolledFile(sink, syncer, writer, reporter);
        IOException failure = null;
        try {
            roller.roll(file);
        } catch (final Throwable e) { // Whatever it was: the log goes on, in whichever file.
            failure = failed(e);
        }
        file.end();
        try {
            writer.openIfClosed();
        } catch (final IOException e) {
            reporter.reopenFailed(e); // Whatever is written next waits for it.
        }
        syncer.turned();
        if (event != null) {
            event.done(left, sink.path().toString(), size, failure == null ? null : failure.getMessage());
        }
        return failure;
    }

    /** Others have moved the file: the log goes on where its path leads now. If that cannot be, in the old one, if that can. */
    private void follow() {
        final boolean isLost = fate == Sink.Fate.UNLINKED || writer.isStalled();
        fate = Sink.Fate.IN_PLACE;
        isRefused = open() != null;
        if (!isRefused) {
            lastFollowNanos = System.nanoTime();
            reporter.followed(unsettled++);
        } else if (isLost) {
            writer.leave(); // Whatever is written next waits until it can be opened.
        } else {
            nextLookNanos = System.nanoTime() + RETRY_NS;
        }
        measure();
    }

    private IOException open() {
        try {
            sink.reopen();
            writer.opened();
            syncer.turned();
            return null;
        } catch (final IOException e) {
            reporter.reopenFailed(e);
            return e;
        }
    }
}
