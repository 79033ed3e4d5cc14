package dev.uringlog.flush;

import dev.uringlog.file.FaultPolicy;
import dev.uringlog.file.Sink;
import dev.uringlog.ring.Batch;
import java.io.IOException;
import java.util.concurrent.locks.LockSupport;

/**
 * Whether the log's path still leads to the file that it writes, or others have moved, removed or replaced that file. Only
 * the baton's holder uses it.
 */
public final class PathWatch {
    /**
     * The time in which a program that has renamed the file makes another. If the log made one first, it would be in that
     * program's way, and events that go to the renamed file might not be read any more.
     */
    private static final long GRACE_NS = 100_000_000;

    private static final long GRACE_LOOK_NS = 100_000;

    /** A path that leads to another file at each look is opened again after 1, 2, 4 s and so on, at last each 64 s. */
    private static final long SETTLE_NS = 1_000_000_000;

    private static final int SETTLE_SHIFT_MAX = 7;

    /** After a path could not be opened it is looked at again. */
    private static final long RETRY_NS = 1_000_000_000;

    private final Sink sink;
    private final long lookNanos;
    private long nextLookNanos = System.nanoTime();
    private Sink.Fate fate = Sink.Fate.IN_PLACE;

    /** The path leads nowhere, and no file can be made there: no grace is given any more. */
    private boolean isRefused;

    /** How often in a row the log has followed its path and never found its file in place afterwards. */
    private int unsettled;

    private long lastFollowNanos;

    /** The file takes no bytes, and its path has not led to it for as long as {@link #GRACE_NS}. */
    private boolean isTakenAway;

    private boolean isSeenAway;
    private long seenAwayNanos;

    /** @param lookNanos how long the log may write without a look */
    PathWatch(final Sink sink, final long lookNanos) {
        this.sink = sink;
        this.lookNanos = lookNanos;
    }

    /**
     * Looks where the path leads, if it is time.
     *
     * @param batch the holder's
     * @param mayWait whether this thread may wait for a program that has renamed the file and is about to make another
     * @param isHalfWritten whether the file has a part of the batch's first event: that is completed where it was begun
     * @return whether the log is to follow its path at once
     */
    public boolean look(final Batch batch, final boolean mayWait, final boolean isHalfWritten) {
        final long now = System.nanoTime();
        if (fate == Sink.Fate.IN_PLACE && !isTakenAway && now - nextLookNanos < 0 || !sink.isOpen() || isHalfWritten) {
            return isAway();
        }
        nextLookNanos = now + lookNanos;
        try {
            fate = sink.look();
            while (mayWait && !isTakenAway && !isRefused && isGone() && System.nanoTime() - now < GRACE_NS) {
                Thread.interrupted(); // An interrupted thread would not park.
                LockSupport.parkNanos(this, GRACE_LOOK_NS);
                fate = sink.look();
            }
            isRefused &= isAway();
            if (!isAway()) {
                unsettled = 0;
            } else if (fate == Sink.Fate.REPLACED && !isTakenAway && now - lastFollowNanos < settleNanos()) {
                nextLookNanos = lastFollowNanos + settleNanos();
                fate = Sink.Fate.IN_PLACE; // As far as can be told: it was opened a moment ago.
            }
        } catch (final IOException e) {
            return false; // Whatever it is, a write will meet it too, and say so.
        }
        return isAway();
    }

    /** Where inode numbers are not stable, each look finds another file, and no opening changes that. */
    private long settleNanos() {
        return unsettled == 0 ? 0 : SETTLE_NS << Math.min(unsettled, SETTLE_SHIFT_MAX) - 1;
    }

    private boolean isGone() {
        return fate == Sink.Fate.MOVED || fate == Sink.Fate.UNLINKED;
    }

    /** Whether the last look found that the log is to follow its path. */
    boolean isAway() {
        return fate != Sink.Fate.IN_PLACE;
    }

    /** The log is about to follow its path. Returns whether the file it writes has no name any more. */
    boolean follow() {
        final boolean isUnlinked = fate == Sink.Fate.UNLINKED;
        fate = Sink.Fate.IN_PLACE;
        return isUnlinked;
    }

    /** The log has followed its path. Returns how often in a row it did before. */
    int followed() {
        isRefused = false;
        lastFollowNanos = System.nanoTime();
        return unsettled++;
    }

    /** The log could not follow its path, and has no file. */
    void refused() {
        isRefused = true;
    }

    /** The log could not follow its path, and goes on in the file that it has: it looks again later. */
    void postponed() {
        isRefused = true;
        nextLookNanos = System.nanoTime() + RETRY_NS;
    }

    /** The file takes bytes, or is about to be tried again. */
    void tried() {
        isTakenAway = false;
    }

    /** A stall begins. */
    void stalled() {
        isSeenAway = false;
    }

    /**
     * Whether the file takes no bytes and has been away from its path for some time: its file system may be broken, and
     * another may be mounted in its place. A file that lacks only space will take the rest of the event that it has a part of,
     * unless it was removed, perhaps to make space.
     *
     * @param failure of the last write
     */
    boolean isTakenAway(final IOException failure) {
        final boolean wasSeen = isSeenAway;
        try {
            final Sink.Fate found = sink.isOpen() ? sink.look() : Sink.Fate.IN_PLACE;
            isSeenAway =
                    found == Sink.Fate.UNLINKED || found != Sink.Fate.IN_PLACE && !FaultPolicy.isWantOfSpace(failure);
        } catch (final IOException e) {
            isSeenAway = false; // Asked again after the next try.
        }
        if (isSeenAway && !wasSeen) {
            seenAwayNanos = System.nanoTime();
        }
        isTakenAway = isSeenAway && System.nanoTime() - seenAwayNanos >= GRACE_NS;
        return isTakenAway;
    }
}
