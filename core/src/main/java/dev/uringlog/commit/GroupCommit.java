package dev.uringlog.commit;

import dev.uringlog.flush.Audience;
import dev.uringlog.flush.Drain;
import dev.uringlog.flush.Syncer;
import dev.uringlog.flush.Waiters;
import dev.uringlog.flush.Waiters.Waiter;
import dev.uringlog.flush.Watermarks;
import dev.uringlog.ring.RingConsumer;
import java.io.IOException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/**
 * Who writes, where callers wait for their events: the callers themselves, one for all.
 *
 * <pre>
 *   caller A   append ─ leads: gather, write, sync ─ hands on ─ returns
 *   caller B      append ─ waits ──────────────────── is told ── leads: gather, write, sync ─ …
 *   caller C         append ─ waits ─────────────────────────────────────────────── is woken, returns
 * </pre>
 *
 * A caller that finds the baton free takes it and writes everything there is, its own event with it: nothing is handed to
 * another thread. Other callers wait. For a write they yield briefly before parking; for a sync they park at once. A leader
 * hands the baton to a parked caller whose turn has not come, and wakes those whose position is reached, each once. The
 * flusher's thread is a consumer like any other, for events that no caller waits for; it alone holds what cannot be written.
 */
public final class GroupCommit {
    private static final int SPINS = 64;
    private static final int YIELDS = 16;

    /** How often a caller yields before it parks: some 30 µs in all, where a write takes one. */
    private static final int AWAKE_YIELDS = 32;

    /** How often a claim that is not published yet is looked at. */
    private static final long CLAIM_POLL_NS = 50_000;

    private final Watermarks marks;
    private final Syncer syncer;
    private final Drain drain;
    private final Audience audience;
    private final Watch watch;
    private final boolean callersMayLead;
    private final Runnable wakeFlusher;
    private final Runnable orphaned;
    private final Baton baton;

    private final Waiters callers;
    private final Waiters guests;
    private final Round round;
    private volatile Thread flusher;
    private volatile boolean isOver;

    /** A leader's interrupt, kept until it has handed on: with the flag set it would not park. */
    private boolean isInterrupted;

    /**
     * @param callersMayLead false where only one thread may touch the file
     * @param wakeFlusher ends the flusher's sleep; from any thread
     * @param orphaned has the flusher look after events whose callers have gone
     */
    GroupCommit(
            final Baton baton,
            final Drain drain,
            final Watch watch,
            final boolean callersMayLead,
            final Runnable wakeFlusher,
            final Runnable orphaned) {
        this.baton = baton;
        this.watch = watch;
        this.callersMayLead = callersMayLead;
        this.wakeFlusher = wakeFlusher;
        this.orphaned = orphaned;
        this.drain = drain;
        marks = drain.marks;
        syncer = drain.syncer;
        audience = drain.audience;
        callers = audience.callers;
        guests = audience.guests;
        round = new Round(drain);
    }

    void setFlusher(final Thread thread) {
        flusher = thread;
    }

    /** Whether the current thread is the one that writes: it must never wait for itself. */
    boolean isWriting() {
        return Thread.currentThread() == flusher || baton.isHeldByCurrentThread();
    }

    void refuseToWaitForItself() throws IOException {
        if (isWriting()) {
            throw new IOException("the thread that writes cannot wait for itself");
        }
    }

    boolean isGranted() {
        return baton.isGranted();
    }

    /** Whether a caller waits that only the flusher serves. */
    boolean hasGuests() {
        return !guests.isEmpty();
    }

    /**
     * Waits until everything before a position has been written, or is on stable storage. The caller may find itself
     * writing, for others too. An interrupt is kept and ends no wait.
     *
     * @param position not beyond what has been claimed
     * @param isDurable whether stable storage is meant
     * @param isOver as for {@link Watch#begin}
     * @return false if the log was closed before
     * @throws IOException what keeps it from being so, or has; all callers that wait get the same one
     */
    public boolean await(final long position, final boolean isDurable, final Predicate<Boolean> isOver)
            throws IOException {
        refuseToWaitForItself();
        // A write is over before the caller would have fallen asleep. No thread knows of this caller: it sees that
        // its position is reached, or finds the baton free and leads.
        int yields = isDurable || !callersMayLead ? AWAKE_YIELDS : 0;
        for (; yields < AWAKE_YIELDS && !marks.isReached(position, false); yields++) {
            final RingConsumer cursor = baton.tryTake();
            if (cursor != null) {
                final IOException cause = lead(cursor, null, position);
                if (cause != null && !marks.isReached(position, false)) {
                    throw cause;
                }
            } else if (callers.hasDurable()) {
                break; // A sync is worth falling asleep for.
            } else {
                Thread.yield();
            }
        }
        return !isDurable && isSettled(position, false) || awaitAsleep(position, isDurable, isOver);
    }

    private boolean awaitAsleep(final long position, final boolean isDurable, final Predicate<Boolean> isTimeOver)
            throws IOException {
        want(isDurable);
        if (isDurable && marks.suspect() != null && !marks.isReached(position, true)) {
            // It cannot be durable; written it can be, and there may be no other thread to see to that.
            await(position, false, isTimeOver);
        }
        if (isSettled(position, isDurable)) {
            return true;
        }
        final Waiter own = new Waiter(position, isDurable);
        final Watch.Wait wait = watch.begin(isTimeOver);
        // A virtual thread would hold its carrier for the length of a sync: the flusher syncs for it.
        if (callersMayLead && !(isDurable && Waiter.isVirtual(Thread.currentThread()))) {
            callers.push(own);
            askHowThingsAre();
            follow(own, wait);
        } else {
            visit(own);
            while (!own.isDone() && !isOver && !wait.isGivenUp()) {
                wait.park(this);
                own.keepInterrupt();
            }
            own.leave();
        }
        wait.end();
        own.wakeOthers();
        own.restoreInterrupt();
        final boolean isSettled = outcome(own);
        if (!isSettled && !isOver && wait.isGivenUp()) {
            orphaned.run(); // There may be no other thread to write it.
            throw new IOException("gave up waiting for it, and it may be written yet");
        }
        return isSettled;
    }

    /**
     * Waits, but not for ever. The flusher's thread does the work: a system call may take longer than this caller has.
     *
     * @param position not beyond what has been claimed
     * @param isDurable whether stable storage is meant
     * @param nanos how long at most
     * @param isInterruptible whether an interrupt ends the wait; it is kept if not
     * @return false if it was not by then, or the log was closed before
     * @throws IOException what keeps it from being so, or has; all callers that wait get the same one
     * @throws InterruptedException if the caller was interrupted, and it matters
     */
    public boolean await(final long position, final boolean isDurable, final long nanos, final boolean isInterruptible)
            throws IOException, InterruptedException {
        refuseToWaitForItself();
        final long start = System.nanoTime();
        want(isDurable);
        if (isSettled(position, isDurable)) {
            return true;
        }
        final Waiter own = new Waiter(position, isDurable);
        visit(own);
        while (!own.isDone() && !isOver) {
            final long left = nanos - (System.nanoTime() - start);
            if (left <= 0 || own.keepInterrupt() && isInterruptible) {
                break;
            }
            LockSupport.parkNanos(this, left);
        }
        own.leave();
        own.wakeOthers();
        final boolean isInterrupted = own.keepInterrupt();
        if (isInterrupted && isInterruptible && !marks.isReached(position, isDurable)) {
            throw new InterruptedException();
        }
        own.restoreInterrupt();
        return outcome(own);
    }

    /**
     * Has everything before a position written, or brought to stable storage, without delay. Waits for nothing.
     *
     * @param position not beyond what has been claimed
     * @param isDurable whether stable storage is meant
     */
    public void ask(final long position, final boolean isDurable) {
        want(isDurable);
        final boolean isToBeSynced = isDurable && marks.suspect() == null;
        if (!isOver && !marks.isReached(position, isToBeSynced)) {
            visit(Waiter.absent(position, isToBeSynced));
        }
    }

    private void want(final boolean isDurable) {
        if (isDurable) {
            syncer.want();
        }
    }

    private void visit(final Waiter own) {
        guests.push(own);
        wakeFlusher.run();
        askHowThingsAre();
    }

    /** A flusher that holds a batch and pauses tries again for this caller. */
    private void askHowThingsAre() {
        if (drain.isStalled()) {
            LockSupport.unpark(flusher);
        }
    }

    private boolean outcome(final Waiter own) throws IOException {
        if (own.isDone() && own.failure() != null) {
            throw own.failure();
        }
        return isSettled(own.position, own.isDurable);
    }

    private boolean isSettled(final long position, final boolean isDurable) throws IOException {
        if (marks.isReached(position, isDurable)) {
            final IOException failure = marks.failure(position, isDurable);
            if (failure != null) {
                throw failure;
            }
            return true;
        }
        if (isDurable && marks.suspect() != null) {
            throw marks.suspect();
        }
        return false;
    }

    private void follow(final Waiter own, final Watch.Wait wait) {
        while (!own.isDone()) {
            // Reached, and not told: it came after the leader had looked, or the leader hands the baton on first.
            final boolean isReached = marks.isReached(own.position, own.isDurable);
            final RingConsumer cursor = own.isLeading() ? baton.receive() : isReached ? null : baton.tryTake();
            if (cursor != null) {
                lead(cursor, own, own.position);
            } else if (isReached || isOver || wait.isGivenUp()) {
                if (own.leave()) {
                    return; // If it cannot, the baton has just been passed to it, or it was told.
                }
            } else {
                wait.park(this);
                own.keepInterrupt();
            }
        }
    }

    /**
     * Writes, syncs if a caller wants that, and hands the baton on.
     *
     * @param own the leader; null if no thread knows of it
     * @return what kept its position, if it is not reached, from being so; null if it has been told
     */
    private IOException lead(final RingConsumer cursor, final Waiter own, final long position) {
        Waiter served = null;
        boolean isTimerNews = false;
        final boolean isDurable = own != null && own.isDurable;
        final IOException told;
        final boolean wasInterrupted;
        audience.begin();
        isInterrupted = Thread.interrupted();
        try {
            if (!marks.isReached(position, isDurable)) {
                if (isDurable) {
                    round.regroup();
                }
                for (int tries = 0; ; tries++) {
                    served = round.go(cursor, own, false);
                    if (round.isHeld() || isServed(own, position)) {
                        break;
                    }
                    Waiters.wake(served);
                    served = null;
                    awaitClaim(tries);
                }
            }
            isTimerNews = syncer.schedule().takeTimerNews();
            if (audience.failure() != null) {
                orphaned.run(); // Inside the try: if this throws, the baton goes on all the same.
            }
        } catch (final Throwable e) { // Whatever it was: the baton goes on, and the flusher looks after the batch.
            round.hold();
            failed(e);
        } finally {
            told = audience.failure();
            wasInterrupted = isInterrupted;
            if (own != null) {
                own.stopLeading();
            }
            Waiters.wake(handOn(served));
            if (isTimerNews) {
                wakeFlusher.run();
            }
            marks.tell();
            if (wasInterrupted) {
                Thread.currentThread().interrupt();
            }
        }
        return told;
    }

    private void failed(final Throwable cause) {
        try {
            drain.failed(cause);
            orphaned.run();
        } catch (final Throwable e) {
            return; // Not even words can be made: callers that wait go on waiting, and the baton goes on.
        }
    }

    /** Another thread has claimed before this caller and not published yet: it will any moment now. */
    private void awaitClaim(final int tries) {
        if (tries < SPINS) {
            Thread.onSpinWait();
        } else if (tries < SPINS + YIELDS) {
            Thread.yield();
        } else {
            LockSupport.parkNanos(this, CLAIM_POLL_NS);
            isInterrupted |= Thread.interrupted();
        }
    }

    private boolean isServed(final Waiter own, final long position) {
        return own == null ? audience.failure() != null || marks.isReached(position, false) : own.isDone();
    }

    /** Another thread's turn. Returns those to be woken, and some that came late and are reached as well. */
    private Waiter handOn(final Waiter before) {
        Waiter served = before;
        for (; ; ) {
            if (round.takeHeld() || baton.isWanted()) {
                baton.grant(flusher);
                wakeFlusher.run();
                return served;
            }
            served = audience.takeReached(null, served);
            if (baton.passTo(callers)) {
                return served;
            }
            baton.free();
            // After it was freed: a caller that came before that and found it taken is here, or in the flusher's wish.
            final boolean isMissed = baton.isWanted() || !isOver && !callers.isEmpty();
            if (!isMissed || baton.tryTake() == null) {
                if (!guests.isEmpty()) {
                    wakeFlusher.run();
                }
                return served;
            }
        }
    }

    /** The flusher's turn: one round. Returns false if it failed, and it should take a breath. */
    boolean work(final boolean isIdle) {
        final RingConsumer cursor = baton.acquire();
        Waiter served = null;
        audience.begin();
        try {
            drain.stopForNotice(cursor, isIdle);
            served = round.go(cursor, null, true);
            syncer.expireLeft(); // A caller that waited for one of these has had it synced.
            drain.writeNotice(cursor, isIdle);
            if (audience.failure() != null) {
                orphaned.run();
            }
        } catch (final Throwable e) { // Whatever it was: while this thread lives no producer waits in vain.
            failed(e);
            return false;
        } finally {
            Waiters.wake(handOn(served));
            marks.tell();
        }
        return true;
    }

    /** The flusher's last turn: no thread has the baton after it. */
    void end() {
        final RingConsumer cursor = baton.acquire();
        try {
            round.end(cursor);
            marks.tell();
        } catch (final Throwable e) {
            failed(e);
        }
        drain.close(cursor);
    }

    /** From now on no caller waits any more. */
    void over() {
        isOver = true;
        audience.over();
    }

    boolean isOver() {
        return isOver;
    }
}
