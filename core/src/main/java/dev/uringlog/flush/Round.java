package dev.uringlog.flush;

import dev.uringlog.flush.Waiters.Waiter;
import dev.uringlog.ring.EventRing;
import java.io.IOException;

/**
 * What the baton's holder does, whoever it is: gathers what there is, writes it, and syncs it if anybody wants that. What he
 * leaves, because only the flusher can do it, is held.
 */
final class Round implements BatchWriter.Audience {
    /**
     * A batch ends where it has so many bytes, so that who waits for room gets it after that much, not after a ring. Where
     * producers outnumber processors the writer is seldom on one. A larger call costs no less by the byte.
     */
    private static final int BATCH_BYTES = 256 << 10;

    private final EventRing ring;
    private final Watermarks marks;
    private final Syncer syncer;
    private final BatchWriter writer;
    private final Rotation rotation;
    private final Waiters callers;
    private final Waiters guests;
    private final Runnable orphaned;
    private final Regrouping regrouping = new Regrouping();

    // The holder's own.
    private boolean isHeld;
    private IOException failure;

    /**
     * @param callers who may lead
     * @param guests who may not
     * @param orphaned has the flusher look after events whose callers have gone
     */
    Round(
            final EventRing ring,
            final Watermarks marks,
            final Syncer syncer,
            final BatchWriter writer,
            final Rotation rotation,
            final Waiters callers,
            final Waiters guests,
            final Runnable orphaned) {
        this.ring = ring;
        this.marks = marks;
        this.syncer = syncer;
        this.writer = writer;
        this.rotation = rotation;
        this.callers = callers;
        this.guests = guests;
        this.orphaned = orphaned;
    }

    /** Holder: what {@link #failure} tells is of the rounds from here on. */
    void begin() {
        failure = null;
    }

    /** Holder: what those who waited for a write have been told; null if nothing kept it from being written. */
    IOException failure() {
        return failure;
    }

    /** Holder: gives the callers of the last sync a moment to come back. */
    void regroup() {
        regrouping.await(callers);
    }

    /** Holder: it is the flusher's turn. */
    void hold() {
        isHeld = true;
    }

    /** Holder: whether it is the flusher's turn, because the batch is to be held, or the log to turn. */
    boolean isHeld() {
        return isHeld;
    }

    /** Holder: as {@link #isHeld}, for him who sees to it that the flusher gets it. */
    boolean takeHeld() {
        final boolean taken = isHeld;
        isHeld = false;
        return taken;
    }

    @Override
    public boolean isThere() {
        return !guests.isEmpty() || !callers.isEmpty();
    }

    @Override
    public void fail(final IOException cause) {
        failure = cause;
        callers.fail(marks, false, cause);
        guests.fail(marks, false, cause);
        rotation.fail(cause);
        orphaned.run();
    }

    private void failDurable(final IOException cause) {
        callers.fail(marks, true, cause);
        guests.fail(marks, true, cause);
    }

    /**
     * Holder: gathers, writes, and syncs if anybody wants it.
     *
     * @param own who leads, if others know of him; else null
     * @param isPatient the flusher: holds what cannot be written, and syncs when it is time
     * @return those whose position is reached, to be woken
     */
    Waiter go(final Waiter own, final boolean isPatient) {
        if (isPatient) {
            told(syncer.reap());
        }
        final boolean isToFollow = rotation.look(isPatient);
        if (!isPatient && (isToFollow || writer.isNoticeDue())) {
            isHeld = true;
            return null;
        }
        if (isToFollow) {
            turn();
        }
        Waiter served;
        for (; ; ) {
            isHeld = !gather(isPatient);
            served = isHeld ? null : takeReached(own, null);
            if (!isHeld && !rotation.isDue()) {
                break;
            }
            if (isHeld || !isPatient) {
                isHeld = true;
                return served;
            }
            Waiters.wake(served);
            turn();
            writer.stopForNotice(false); // Events may have been discarded while this round waited for the file.
        }
        final boolean isSyncDue = isSyncDue(isPatient);
        if (isSyncDue && !isPatient && Waiter.isVirtual(Thread.currentThread())) {
            isHeld = true; // It has written; its carrier is not to wait for a sync that others want.
            return served;
        }
        if (isSyncDue && !(isPatient && begin(served))) {
            Waiters.wake(served);
            if (told(syncer.sync())) {
                return go(own, isPatient);
            }
            regrouping.synced(syncer.lastNanos());
            final int waiting = callers.count();
            served = takeReached(own, null);
            regrouping.released(waiting - callers.count(), callers.count());
        }
        return served;
    }

    /** Holder: writes what there is, up to where the log turns. Returns false if it is to be held. */
    private boolean gather(final boolean isPatient) {
        final boolean keep = callers.hasDurable() || guests.hasDurable();
        // What stays until it is synced makes no room.
        final int most = keep || syncer.keepsAlways() ? ring.capacity() : BATCH_BYTES;
        final long claimed = ring.claimedPosition();
        long bytes;
        do {
            bytes = ring.poll(rotation.cut(), most);
            while (bytes == 0 && writer.skipAbandoned()) {
                bytes = ring.poll(rotation.cut(), most);
            }
            if (bytes > 0 && !writer.writeBatch(isPatient, keep)) {
                return false;
            }
            marks.written(ring.batchPosition()); // At once: these are not to hear what becomes of the next batch.
        } while (bytes > 0
                && ring.batchPosition() < (syncer.isRewriting() ? marks.written() : bytes < most ? 0 : claimed));
        rotation.measure();
        return true;
    }

    /** The flusher: on to the next file; this one is synced before, or kept in case a caller asks for that in a moment. */
    private void turn() {
        if (syncer.keepsAtTurn()) {
            syncAll();
        } else {
            syncer.leaveUnsynced();
        }
        Waiters.wake(takeReached(null, null));
        rotation.turn();
    }

    /** The flusher: syncs what is written, in whichever file that takes. */
    private void syncAll() {
        while (marks.durable() < marks.written() && told(syncer.sync())) {
            gather(true);
        }
    }

    /** Those who wait for stable storage hear of a failure. Returns whether the ring begins anew. */
    private boolean told(final IOException cause) {
        if (cause != null) {
            failDurable(cause);
        }
        final boolean isRewound = cause != null && syncer.takeRewound();
        if (isRewound) {
            writer.beginAnew();
        }
        return isRewound;
    }

    private boolean isSyncDue(final boolean isPatient) {
        if (isPatient && syncer.overlaps() && !syncer.isRewriting() && (syncer.isCovered() || syncer.isFull())) {
            return false; // Those in flight will tell.
        }
        return wantsSync() || syncer.isRewriting() || isPatient && syncer.nanosToDue() <= 0;
    }

    /** The flusher: begins a sync. Returns false if that has to be waited for. */
    private boolean begin(final Waiter served) {
        try {
            return syncer.begin();
        } catch (final RuntimeException | Error e) {
            Waiters.wake(served); // They have been taken, and nobody else knows of them.
            throw e;
        }
    }

    private boolean wantsSync() {
        return marks.durable() < marks.written()
                && (callers.wantsSync(marks.written()) || guests.wantsSync(marks.written()));
    }

    /**
     * Holder: takes those whose position is reached.
     *
     * @param own is not taken but done with at once; may be null
     * @param before waiters taken earlier, or null
     * @return those taken and those before
     */
    Waiter takeReached(final Waiter own, final Waiter before) {
        return guests.takeReached(marks, null, callers.takeReached(marks, own, before));
    }

    /** The flusher, at the end: nothing more is written. */
    void end() {
        if (syncer.keepsAlways() || syncer.inFlight() > 0 || wantsSync()) {
            syncAll();
        }
        syncer.closeLeft();
        Waiters.wake(takeReached(null, null));
    }
}
