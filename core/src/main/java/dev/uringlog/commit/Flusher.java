package dev.uringlog.commit;

import dev.uringlog.file.Sink;
import dev.uringlog.flush.Counters;
import dev.uringlog.flush.Drain;
import dev.uringlog.flush.FlushOptions;
import dev.uringlog.flush.Reporter;
import dev.uringlog.flush.Rolling;
import dev.uringlog.flush.SyncSchedule;
import dev.uringlog.flush.Syncer;
import dev.uringlog.flush.Watermarks;
import dev.uringlog.ring.EventRing;
import java.io.IOException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.LongConsumer;

/**
 * A log's own thread, and what the log's callers ask of it. It writes what no caller waits for, as often as
 * {@link FlushSchedule} says, and takes its turn as the ring's consumer, see {@link GroupCommit}.
 */
public final class Flusher {
    private static final int BUSY = 0;
    private static final int DELAYING = 1;
    private static final int PARKED = 2;
    private static final long BREATH_NS = 5_000_000;

    private final EventRing ring;
    private final Drain drain;
    private final Watermarks marks;
    private final Syncer syncer;
    private final SyncSchedule syncs;
    private final GroupCommit commit;
    private final Watch watch;
    private final FlushSchedule schedule;

    /** Whether each event's caller waits, so that callers write for each other and this thread writes what it is asked for. */
    private final boolean isOnDemand;

    private final AtomicInteger state = new AtomicInteger(BUSY);
    private volatile boolean isAwaitingNews;
    private volatile boolean isSynchronous;
    private volatile boolean isClosing;
    private volatile boolean isAsked;
    private volatile Thread thread;

    /**
     * A flusher that has not begun.
     *
     * @param ring the log's; nothing else consumes it
     * @param sink where batches go; closed at the end
     * @param reporter hears of every trouble
     * @param lossNotice as for {@link Drain}
     * @param durable as for {@link Drain}
     * @param roller says where a file ends; null for one file
     * @param options how and when
     */
    public Flusher(
            final EventRing ring,
            final Sink sink,
            final Reporter reporter,
            final Function<String, byte[]> lossNotice,
            final LongConsumer durable,
            final Rolling roller,
            final FlushOptions options) {
        this.ring = ring;
        drain = new Drain(ring, sink, reporter, lossNotice, durable, roller, options);
        marks = drain.marks;
        syncer = drain.syncer;
        syncs = syncer.schedule();
        isOnDemand = options.everyoneWaits() && !sink.isInterruptible();
        schedule = new FlushSchedule(options.delayNanos(), isOnDemand, ring.capacity());
        watch = new Watch(() -> drain.isStalled() && !options.dropsOnFailure());
        final Baton baton = new Baton(ring.consumer());
        commit = new GroupCommit(baton, drain, watch, !sink.isInterruptible(), this::wake, this::orphaned);
    }

    /**
     * Begins.
     *
     * @param factory makes the thread
     */
    public void start(final ThreadFactory factory) {
        thread = factory.newThread(this::run);
        commit.setFlusher(thread);
        thread.start();
    }

    /**
     * Whether it is the consumer itself that calls, from its error path: it must never wait for itself.
     *
     * @return true on the flusher's thread, and on a caller's while it leads
     */
    public boolean isCurrentThread() {
        return commit.isWriting();
    }

    /**
     * Producer: an event has been published. A read, unless the flusher sleeps: this volatile read comes after the claim's
     * compare-and-set, and the flusher looks at the claims after it has said that it parks, so one sees the other.
     *
     * @param end the event's end position
     * @param length its count of bytes
     * @return whether each caller has to wait until its event is written, because the JVM is going down
     */
    public boolean published(final long end, final int length) {
        if (isOnDemand) {
            isAsked = true; // Rare: no caller waits for this one.
        }
        final int seen = state.get();
        if (seen != BUSY && (seen == PARKED || schedule.isSoonFull(end, length, ring.releasedPosition()))) {
            wake();
        }
        return isSynchronous;
    }

    /** Producer: the ring was full, and an event is discarded for it. */
    public void discarded() {
        drain.notice.missing(ring.claimedPosition());
    }

    /** Producer: the ring is full. */
    public void wantRoom() {
        syncs.wantRoom();
        wake();
    }

    /** Ends a delay or a park, if there is one. */
    public void wake() {
        if (state.get() != BUSY && state.getAndSet(BUSY) != BUSY) {
            LockSupport.unpark(thread);
            if (isAwaitingNews) {
                syncer.wake();
            }
        }
    }

    /**
     * From now on {@link #published} tells every producer to wait.
     *
     * @param nanos and none longer than this, from now
     */
    public void synchronous(final long nanos) {
        watch.endAfter(nanos);
        isSynchronous = true;
    }

    /** Producer, before it claims an event that it will wait for until it is on stable storage. */
    public void expectDurable() {
        syncer.want();
    }

    /** {@return what tells callers to wait no longer} */
    public Watch watch() {
        return watch;
    }

    /**
     * What has been done so far.
     *
     * @return the log's counters; the adders are the caller's to count with
     */
    public Counters counters() {
        return drain.counters();
    }

    /** {@return what a caller waits with} */
    public GroupCommit commit() {
        return commit;
    }

    /** {@return whether the last write failed, and the file has taken no bytes since} */
    public boolean isStalled() {
        return drain.isStalled();
    }

    /**
     * Turns to another file, or opens the same one again, behind everything claimed, and waits for that. An interrupt is kept.
     *
     * @param isRoll whether the roller turns
     * @param nanos how long to wait at most; the log turns all the same
     * @return false if it has not turned by then
     * @throws IOException if it failed, or the log was closed before
     */
    public boolean turn(final boolean isRoll, final long nanos) throws IOException {
        commit.refuseToWaitForItself();
        if (isRoll) {
            drain.rotation.requireRoller();
        }
        return drain.audience.barriers.await(ring.claimedPosition(), isRoll, nanos, this::wake);
    }

    /** {@return bytes in the file, and in the ring on their way to it} */
    public long fileSize() {
        return drain.rotation.fileSize();
    }

    /** {@return the position of the end of everything written, or failed} */
    public long writtenPosition() {
        return marks.written();
    }

    /** {@return the position of the end of everything on stable storage, or failed} */
    public long durablePosition() {
        return marks.durable();
    }

    /**
     * Has everything written without delay, then closes the sink and ends the thread. The ring has been closed before.
     *
     * @param footer bytes to write last, or null
     * @param nanos how long what cannot be written is held at most
     */
    public void close(final byte[] footer, final long nanos) {
        drain.endWith(footer, nanos);
        isClosing = true;
        LockSupport.unpark(thread);
        wake();
    }

    /**
     * Waits for the end, unless it is the flusher itself that asks. From then on {@link GroupCommit#await(long, boolean, Predicate)} waits no more and answers
     * with what is.
     *
     * @param nanos how long at most
     * @return false if it goes on beyond that
     */
    public boolean join(final long nanos) {
        final boolean inTime = awaitEnd(nanos);
        commit.over();
        return inTime;
    }

    /**
     * Whether a caller has waited for the end, and could not wait any longer.
     *
     * @return true after {@link #join} was too late, until the thread does end
     */
    public boolean isLate() {
        return commit.isOver() && thread.isAlive();
    }

    /**
     * Waits for the end.
     *
     * @param nanos how long at most
     * @return false if it had not ended by then
     */
    public boolean awaitEnd(final long nanos) {
        return isCurrentThread() || Threads.join(thread, nanos);
    }

    private void run() {
        while (awaitWork()) {
            final long written = marks.written();
            isAsked = false;
            if (!commit.work(false)) {
                isAsked = true; // What it was asked for may not be written yet.
                LockSupport.parkNanos(this, BREATH_NS);
                if (drain.hasGivenUp()) {
                    drain.giveUpRest();
                    break;
                }
            } else if (marks.written() == written && ring.claimedPosition() != written) {
                delay(FlushSchedule.CLAIM_POLL_NS, false); // Claimed and not published yet: any moment now.
            }
        }
        commit.end();
    }

    /**
     * Waits until there is something for this thread to do.
     *
     * @return false if the log is closed and everything claimed has been written
     */
    private boolean awaitWork() {
        schedule.begin();
        for (; ; ) {
            final long waiting = waiting();
            if (isClosing && waiting == 0 && !commit.isGranted()) {
                return false;
            }
            final long nanos = schedule.next(
                    isMine() ? waiting : 0,
                    syncs.holdsWrites(),
                    ring.line().lacksRoom(),
                    isUrgent() || syncer.hasNews(),
                    nanosToTimer());
            if (nanos == FlushSchedule.NOW) {
                return true;
            }
            if (nanos != FlushSchedule.PARK) {
                delay(nanos, true);
                continue;
            }
            if (drain.notice.isPending()) {
                commit.work(true);
            }
            park();
        }
    }

    private long nanosToTimer() {
        return Math.min(syncs.nanosToDue(), syncer.nanosToExpiry());
    }

    /** Whether what waits is this thread's to write. */
    private boolean isMine() {
        return !isOnDemand || isAsked || isClosing;
    }

    private long waiting() {
        final long waiting = ring.claimedPosition() - marks.written();
        if (waiting > 0 || !isAsked) {
            return waiting;
        }
        // Another thread has written what this one was asked for. A caller that asks from here on has claimed before.
        isAsked = false;
        final long since = ring.claimedPosition() - marks.written();
        if (since > 0) {
            isAsked = true;
        }
        return since;
    }

    private void orphaned() {
        isAsked = true;
        wake();
    }

    private boolean isUrgent() {
        return isClosing
                || commit.isGranted()
                || !drain.audience.barriers.isEmpty()
                || commit.hasGuests() && !isOnItsWay();
    }

    /** Whether callers wait for nothing but syncs in flight. */
    private boolean isOnItsWay() {
        return syncer.inFlight() > 0
                && ring.claimedPosition() == marks.written()
                && (syncs.isCovered() || syncs.isFull());
    }

    /** @param isUrgencyLooked whether something urgent keeps the thread from sleeping: not if it was just looked after */
    private void delay(final long nanos, final boolean isUrgencyLooked) {
        final long deadline = System.nanoTime() + nanos;
        final boolean hasSyncs = syncer.inFlight() > 0;
        isAwaitingNews = hasSyncs;
        state.set(DELAYING);
        // A waiter that was pushed, or joined the line, before the state was set woke no thread; one after it does.
        boolean waits = (!isUrgencyLooked || !isUrgent() && !isRoomDue()) && !syncer.hasNews();
        while (waits && state.get() == DELAYING) {
            final long left = deadline - System.nanoTime();
            waits = left > 0;
            if (waits) {
                Threads.rest(syncer, hasSyncs, left);
            }
            waits &= !isClosing && !commit.isGranted() && !syncer.hasNews();
        }
        state.set(BUSY);
        isAwaitingNews = false;
    }

    /** Whether a caller sleeps until there is room, and this thread can make some. */
    private boolean isRoomDue() {
        return ring.line().lacksRoom()
                && !syncs.holdsWrites()
                && (isMine() && ring.claimedPosition() != marks.written() || syncs.nanosToDue() <= 0);
    }

    /** Without a timer, unless something is to be synced at a certain time. */
    private void park() {
        final boolean hasSyncs = syncer.inFlight() > 0;
        isAwaitingNews = hasSyncs;
        state.set(PARKED);
        while (state.get() == PARKED && !isUrgent() && !isMissed() && !syncer.hasNews()) {
            final long left = nanosToTimer();
            if (left <= 0) {
                break;
            }
            Threads.rest(syncer, hasSyncs, left);
        }
        state.set(BUSY);
        isAwaitingNews = false;
    }

    /** Whether an event came before the producers could see that this thread parks. */
    private boolean isMissed() {
        return isOnDemand ? isAsked : ring.claimedPosition() != marks.written();
    }
}
