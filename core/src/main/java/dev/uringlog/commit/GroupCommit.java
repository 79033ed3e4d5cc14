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
 * A caller that finds the baton free takes it and writes everything there is, his own event with it: nothing is handed to
 * another thread. Whoever comes meanwhile waits: for a write awake for a while, then, and for a sync at once, asleep. A leader
 * hands the baton to one of those who sleep and whose turn has not come, and wakes those whose position is reached, each once;
 * nobody else is woken. The flusher's thread is a consumer like any other, for events that nobody waits for; and it alone has
 * the patience to hold what cannot be written.
 */
final class GroupCommit {
    private static final int SPINS = 64;
    private static final int YIELDS = 16;

    /** How often somebody lends his processor to others before he falls asleep: some 30 µs, where a write takes one. */
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

    /** Those who may lead. */
    private final Waiters callers;

    /** Those who may not. */
    private final Waiters guests;

    private final Round round;
    private volatile Thread flusher;
    private volatile boolean isOver;

    /** Holder's own: a leader's interrupt, kept until he has handed on, since with the flag set he would not park. */
    private boolean isInterrupted;

    /**
     * @param watch tells callers to wait no longer
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

    /** Before anything else. */
    void setFlusher(final Thread thread) {
        flusher = thread;
    }

    boolean isHeldByCurrentThread() {
        return baton.isHeldByCurrentThread();
    }

    /** Whether the baton waits for the flusher to take it. */
    boolean isGranted() {
        return baton.isGranted();
    }

    /** Whether somebody waits whom only the flusher serves. */
    boolean hasGuests() {
        return !guests.isEmpty();
    }

    /**
     * Waits, and leads if need be, until the caller's time is over. An interrupt is kept. Returns false only if the log is
     * over.
     */
    boolean await(final long position, final boolean isDurable, final Predicate<Boolean> isOverNow) throws IOException {
        want(isDurable);
        if (isDurable && marks.suspect() != null && !marks.isReached(position, true)) {
            // It cannot be durable; written it can be, and nobody else may be there to see to that.
            await(position, false, isOverNow);
        }
        if (isSettled(position, isDurable)) {
            return true;
        }
        if (callersMayLead && !isDurable && awaitAwake(position)) {
            return isSettled(position, false);
        }
        final Waiter own = new Waiter(position, isDurable);
        final Watch.Wait wait = watch.begin(isOverNow);
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

    /** Waits for so long at most, and never leads: a system call takes its time. */
    boolean await(final long position, final boolean isDurable, final long nanos, final boolean isInterruptible)
            throws IOException, InterruptedException {
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

    /** As the waits, for a caller that does not wait. */
    void ask(final long position, final boolean isDurable) {
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

    /**
     * Who waits for a write stays on his feet for a while: it is over before he would have fallen asleep. Nobody knows of him,
     * so nobody owes him anything: he sees his position reached, or finds the baton free and leads.
     *
     * @return whether it is reached; if not, he is to wait asleep
     */
    private boolean awaitAwake(final long position) throws IOException {
        for (int yields = 0; !marks.isReached(position, false); yields++) {
            final RingConsumer cursor = baton.tryTake();
            if (cursor != null) {
                final IOException cause = lead(cursor, null, position);
                if (cause != null && !marks.isReached(position, false)) {
                    throw cause;
                }
            } else if (yields >= AWAKE_YIELDS || callers.hasDurable()) {
                return false; // A sync is worth falling asleep for.
            } else {
                Thread.yield();
            }
        }
        return true;
    }

    private void follow(final Waiter own, final Watch.Wait wait) {
        while (!own.isDone()) {
            // Reached, and not told: he came after the leader had looked, or the leader hands the baton on first.
            final boolean isReached = marks.isReached(own.position, own.isDurable);
            final RingConsumer cursor = own.isLeading() ? baton.receive() : isReached ? null : baton.tryTake();
            if (cursor != null) {
                lead(cursor, own, own.position);
            } else if (isReached || isOver || wait.isGivenUp()) {
                if (own.leave()) {
                    return; // If he cannot, the baton has just been passed to him, or he was told.
                }
            } else {
                wait.park(this);
                own.keepInterrupt();
            }
        }
    }

    /**
     * Writes, and syncs if anybody wants it, and hands the baton on.
     *
     * @param own he who leads; null if nobody knows of him
     * @return what kept his position, if it is not reached, from being so; null if he has been told himself
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
                served = goThrough(cursor, own, position);
            }
            isTimerNews = syncer.schedule().takeTimerNews();
        } catch (final Throwable e) { // Whatever it was: the baton goes on, and the flusher looks after the batch.
            round.hold();
            failed(e);
        } finally {
            told = audience.failure();
            wasInterrupted = isInterrupted;
            if (own != null) {
                own.stopLeading();
            }
            if (told != null) {
                orphaned.run();
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
        } catch (final Throwable e) {
            // Not even words can be made: whoever waits goes on waiting, and the baton goes on.
            return;
        }
    }

    /** Goes on until this caller is served, or the batch is to be held. */
    private Waiter goThrough(final RingConsumer cursor, final Waiter own, final long position) {
        for (int tries = 0; ; tries++) {
            final Waiter served = round.go(cursor, own, false);
            if (round.isHeld() || isServed(own, position)) {
                return served;
            }
            Waiters.wake(served);
            // Somebody has claimed before this caller and not published yet: any moment now.
            if (tries < SPINS) {
                Thread.onSpinWait();
            } else if (tries < SPINS + YIELDS) {
                Thread.yield();
            } else {
                LockSupport.parkNanos(this, CLAIM_POLL_NS);
                isInterrupted |= Thread.interrupted();
            }
        }
    }

    private boolean isServed(final Waiter own, final long position) {
        return own == null ? audience.failure() != null || marks.isReached(position, false) : own.isDone();
    }

    /** Holder: somebody else's turn. Returns those to be woken, and some who came late and are reached as well. */
    private Waiter handOn(final Waiter before) {
        Waiter served = before;
        for (; ; ) {
            if (round.takeHeld() || baton.isWanted()) {
                baton.grant(flusher);
                wakeFlusher.run();
                return served;
            }
            served = audience.takeReached(null, served);
            if (isPassed()) {
                return served;
            }
            baton.free();
            // After it was freed: whoever came before that and found it taken is here, or in the flusher's wish.
            final boolean isMissed = baton.isWanted() || !isOver && !callers.isEmpty();
            if (!isMissed || baton.tryTake() == null) {
                if (!guests.isEmpty()) {
                    wakeFlusher.run();
                }
                return served;
            }
        }
    }

    /** Holder: passes the baton to a caller, if one waits. */
    private boolean isPassed() {
        if (callers.isEmpty()) {
            return false;
        }
        baton.letGo();
        final boolean isPassed = callers.promoteOne();
        if (!isPassed) {
            baton.receive();
        }
        return isPassed;
    }

    /** The flusher's turn: one round. Returns false if it failed, and it should take a breath. */
    boolean work(final boolean isIdle) {
        final RingConsumer cursor = baton.acquire();
        Waiter served = null;
        boolean isWell = false;
        audience.begin();
        try {
            drain.stopForNotice(cursor, isIdle);
            served = round.go(cursor, null, true);
            syncer.expireLeft(); // A caller that waited for one of these has had it synced.
            drain.writeNotice(cursor, isIdle);
            isWell = true;
        } catch (final Throwable e) { // Whatever it was: while this thread lives no producer waits in vain.
            failed(e);
        } finally {
            if (audience.failure() != null) {
                orphaned.run();
            }
            Waiters.wake(handOn(served));
            marks.tell();
        }
        return isWell;
    }

    /** The flusher's last turn: nobody has the baton after it. */
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

    /** From now on nobody waits any more. */
    void over() {
        isOver = true;
        audience.over();
    }

    boolean isOver() {
        return isOver;
    }
}
