package dev.uringlog.commit;

import dev.uringlog.flush.Audience;
import dev.uringlog.flush.Drain;
import dev.uringlog.flush.PathWatch;
import dev.uringlog.flush.Rotation;
import dev.uringlog.flush.SyncSchedule;
import dev.uringlog.flush.Syncer;
import dev.uringlog.flush.Waiters;
import dev.uringlog.flush.Waiters.Waiter;
import dev.uringlog.ring.RingConsumer;

/**
 * What the baton's holder does, a caller or the flusher: writes what there is, syncs it if a caller wants that, and turns to
 * another file. What only the flusher can do is left to it.
 */
final class Round {
    private final Syncer syncer;
    private final SyncSchedule syncs;
    private final Drain drain;
    private final Rotation rotation;
    private final PathWatch path;
    private final Audience audience;
    private final Regrouping regrouping = new Regrouping();
    private boolean isHeld;

    Round(final Drain drain) {
        this.drain = drain;
        syncer = drain.syncer;
        syncs = syncer.schedule();
        rotation = drain.rotation;
        path = drain.path;
        audience = drain.audience;
    }

    /** Gives the callers of the last sync a moment to come back. */
    void regroup() {
        regrouping.await(audience.callers);
    }

    /** It is the flusher's turn. */
    void hold() {
        isHeld = true;
    }

    /** Whether it is the flusher's turn, because the batch is to be held, or the log to turn. */
    boolean isHeld() {
        return isHeld;
    }

    /** As {@link #isHeld}, for the thread that sees to it that the flusher gets its turn. */
    boolean takeHeld() {
        final boolean taken = isHeld;
        isHeld = false;
        return taken;
    }

    /**
     * Writes, and syncs if a caller wants it.
     *
     * @param own the leader, if others know of it; else null
     * @param isFlusher whether this thread may hold what cannot be written, turn, and sync when it is time
     * @return those whose position is reached, to be woken
     */
    Waiter go(final RingConsumer cursor, final Waiter own, final boolean isFlusher) {
        if (isFlusher) {
            drain.reap(cursor);
        }
        final boolean isToFollow = path.look(cursor, isFlusher, drain.isHalfWritten(cursor));
        if (!isFlusher && (isToFollow || drain.isNoticeDue())) {
            isHeld = true;
            return null;
        }
        if (isToFollow) {
            turn(cursor);
        }
        Waiter served;
        for (; ; ) {
            isHeld = !drain.drain(cursor, isFlusher);
            served = isHeld ? null : audience.takeReached(own, null);
            if (!isHeld && !rotation.isDue(cursor)) {
                break;
            }
            if (isHeld || !isFlusher) {
                isHeld = true;
                return served;
            }
            Waiters.wake(served);
            turn(cursor);
            drain.stopForNotice(cursor, false); // Events may have been discarded while this round waited for the file.
        }
        return isSyncDue(isFlusher) ? sync(cursor, own, served, isFlusher) : served;
    }

    private Waiter sync(final RingConsumer cursor, final Waiter own, final Waiter written, final boolean isFlusher) {
        if (!isFlusher && Waiter.isVirtual(Thread.currentThread())) {
            isHeld = true; // It has written; its carrier is not to wait for a sync that others want.
            return written;
        }
        if (isFlusher && begin(cursor, written)) {
            return written;
        }
        Waiters.wake(written);
        if (drain.sync(cursor)) {
            return go(cursor, own, isFlusher);
        }
        regrouping.synced(syncer.lastNanos());
        final int waiting = audience.callers.count();
        final Waiter served = audience.takeReached(own, null);
        regrouping.released(waiting - audience.callers.count(), audience.callers.count());
        return served;
    }

    /** Begins a sync. Returns false if that has to be waited for. */
    private boolean begin(final RingConsumer cursor, final Waiter served) {
        try {
            return syncer.begin(cursor);
        } catch (final RuntimeException | Error e) {
            Waiters.wake(served); // They have been taken, and no other thread knows of them.
            throw e;
        }
    }

    private boolean isSyncDue(final boolean isFlusher) {
        if (isFlusher && syncer.overlaps() && !syncer.isRewriting() && (syncs.isCovered() || syncs.isFull())) {
            return false; // Those in flight will tell.
        }
        return audience.wantsSync() || syncer.isRewriting() || isFlusher && syncs.nanosToDue() <= 0;
    }

    /** The flusher: on to the next file. */
    private void turn(final RingConsumer cursor) {
        drain.syncOrKeep(cursor);
        Waiters.wake(audience.takeReached(null, null));
        rotation.turn(cursor);
    }

    /** The flusher, at the end: nothing more is written. */
    void end(final RingConsumer cursor) {
        if (syncer.keepsAlways() || syncer.inFlight() > 0 || audience.wantsSync()) {
            drain.syncAll(cursor);
        }
        syncer.closeLeft();
        Waiters.wake(audience.takeReached(null, null));
    }
}
