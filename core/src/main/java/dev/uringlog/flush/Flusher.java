package dev.uringlog.flush;

import dev.uringlog.file.Sink;
import dev.uringlog.ring.EventRing;
import java.io.IOException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongFunction;

/**
 * The one consumer of a log's ring: decides when a batch is due, and has the {@link BatchWriter} write it.
 *
 * <p>Writing whatever is there the moment it is there makes batches of a few events and halves the throughput. A batch is
 * due when enough bytes wait, when one has waited for the longest delay, when somebody waits for a position, or when the
 * log is closing. After some delays in which nothing came the thread parks without a timer, and the next event wakes it.
 */
public final class Flusher {
    /** Enough for one submission: beyond it the cost of a call no longer shows. */
    private static final int FLUSH_BYTES_MAX = 128 << 10;

    /** A small ring is flushed when a quarter is full, so that its producers need not wait. */
    private static final int RING_PARTS = 4;

    /** How often, while the ring is filled once, a producer looks whether a delay had better end. */
    private static final int LOOKS_PER_LAP = 8;

    /** Delays without an event before the thread parks for good: a log in steady use never pays for a wake-up. */
    private static final int IDLE_DELAYS = 16;

    /** How often a claim that is not published yet is looked at when nothing else is to be done. */
    private static final long CLAIM_POLL_NS = 50_000;

    private static final int BUSY = 0;
    private static final int DELAYING = 1;
    private static final int PARKED = 2;

    private final EventRing ring;
    private final Counters counters = new Counters();
    private final BatchWriter writer;
    private final Waiters waiters = new Waiters();
    private final long delayNanos;
    private final int flushShift;
    private final int lookShift;
    private final int hurryBytes;
    private final AtomicInteger state = new AtomicInteger(BUSY);
    private volatile boolean isSynchronous;
    private volatile boolean isClosing;
    private volatile boolean isOver;
    private volatile Thread thread;

    /**
     * A flusher that has not begun.
     *
     * @param ring the log's; nobody else consumes it
     * @param sink where batches go; closed at the end
     * @param reporter hears of every trouble
     * @param discardNotice makes the line that tells of so many discarded events, or returns null; null itself if none is
     *     wanted
     * @param delayNanos how long an event may wait for others
     */
    public Flusher(
            final EventRing ring,
            final Sink sink,
            final Reporter reporter,
            final LongFunction<byte[]> discardNotice,
            final long delayNanos) {
        this.ring = ring;
        this.delayNanos = delayNanos;
        final DiscardNotice notice = new DiscardNotice(counters, reporter, discardNotice);
        writer = new BatchWriter(ring, sink, counters, waiters, reporter, notice);
        final int flushBytes = Math.min(FLUSH_BYTES_MAX, ring.capacity() / RING_PARTS);
        flushShift = Integer.numberOfTrailingZeros(flushBytes);
        lookShift = Integer.numberOfTrailingZeros(ring.capacity() / LOOKS_PER_LAP);
        hurryBytes = ring.capacity() / 2;
    }

    /**
     * Begins.
     *
     * @param factory makes the thread
     */
    public void start(final ThreadFactory factory) {
        thread = factory.newThread(this::run);
        thread.start();
    }

    /**
     * Whether the flusher itself is calling: from its error path it must never wait for itself.
     *
     * @return true on the flusher's thread
     */
    public boolean isCurrentThread() {
        return Thread.currentThread() == thread;
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
        final int seen = state.get();
        if (seen != BUSY && (seen == PARKED || isFilling(end, length))) {
            wake();
        }
        return isSynchronous;
    }

    /**
     * Whether a delay had better end because the ring would be full before it does. At the default delay and size that
     * takes 2 GB/s: in steady use a producer never pays for waking the flusher.
     */
    private boolean isFilling(final long end, final int length) {
        return end - length >>> lookShift != end >>> lookShift && end - ring.releasedPosition() >= hurryBytes;
    }

    /** Ends a delay or a park, if there is one. */
    public void wake() {
        if (state.get() != BUSY && state.getAndSet(BUSY) != BUSY) {
            LockSupport.unpark(thread);
        }
    }

    /** From now on {@link #published} tells every producer to wait. */
    public void synchronous() {
        isSynchronous = true;
    }

    /**
     * What has been done so far.
     *
     * @return the log's counters; the adders are the caller's to count with
     */
    public Counters counters() {
        return counters;
    }

    /**
     * Waits until everything before a position has been written or has failed. An interrupt is kept and ends no wait.
     *
     * @param position not beyond what has been claimed
     * @param nanos how long at most
     * @return false if it was not by then, or the flusher is over
     * @throws IOException what keeps it from being written; everybody who waits gets the same one
     */
    public boolean await(final long position, final long nanos) throws IOException {
        final long start = System.nanoTime();
        if (ring.releasedPosition() >= position) {
            return true;
        }
        final Waiters.Waiter waiter = new Waiters.Waiter(position);
        waiters.push(waiter);
        wake();
        boolean isInterrupted = false;
        while (!waiter.isDone() && !isOver) {
            final long left = nanos - (System.nanoTime() - start);
            if (left <= 0) {
                break;
            }
            LockSupport.parkNanos(this, left);
            isInterrupted |= Thread.interrupted();
        }
        if (isInterrupted) {
            Thread.currentThread().interrupt();
        }
        if (waiter.isDone() && waiter.failure() != null) {
            throw waiter.failure();
        }
        return ring.releasedPosition() >= position;
    }

    /**
     * Has everything written without delay, then closes the sink and ends the thread. The ring has been closed before.
     *
     * @param footer bytes to write last, or null
     * @param nanos how long what cannot be written is held at most
     */
    public void close(final byte[] footer, final long nanos) {
        writer.endWith(footer, nanos);
        isClosing = true;
        LockSupport.unpark(thread);
    }

    /**
     * Waits for the end, unless it is the flusher itself that asks. From then on {@link #await} waits no more and answers
     * with what is.
     *
     * @param nanos how long at most
     * @return false if it goes on beyond that
     */
    public boolean join(final long nanos) {
        final boolean inTime = isCurrentThread() || awaitEnd(nanos);
        isOver = true;
        waiters.fail(ring.releasedPosition(), new IOException("closed before it was written"));
        return inTime;
    }

    /**
     * Whether somebody has waited for the end.
     *
     * @return true after {@link #join}, in time or not
     */
    public boolean isOver() {
        return isOver;
    }

    private boolean awaitEnd(final long nanos) {
        boolean interrupted = false;
        final long deadline = System.nanoTime() + nanos;
        while (thread.isAlive()) {
            final long left = deadline - System.nanoTime();
            if (left <= 0) {
                break;
            }
            try {
                thread.join(left / 1_000_000, (int) (left % 1_000_000));
            } catch (final InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return !thread.isAlive();
    }

    private void run() {
        boolean more = true;
        while (more) {
            try {
                more = awaitBatch();
                if (more) {
                    writer.writeBatch();
                }
            } catch (final Throwable e) { // Whatever it was: while this thread lives no producer waits in vain.
                writer.flusherFailed(e);
                more = !writer.hasGivenUp();
            }
        }
        writer.close();
    }

    /**
     * Waits until a batch is due.
     *
     * @return false if the log is closed and everything claimed has been released
     */
    private boolean awaitBatch() {
        int idleDelays = 0;
        boolean delayed = delayNanos == 0;
        for (; ; ) {
            final long bytes = ring.poll();
            if (bytes == 0 && writer.skipAbandoned()) {
                continue;
            }
            if (bytes > 0 && (delayed || bytes >>> flushShift != 0 || isUrgent())) {
                return true;
            }
            if (bytes == 0 && isUrgent()) {
                waiters.reached(ring.releasedPosition());
                if (isClosing && ring.claimedPosition() == ring.releasedPosition()) {
                    return false;
                }
            }
            if (bytes == 0 && (delayNanos == 0 || idleDelays == IDLE_DELAYS)) {
                writer.writeNotice(true);
                park();
                idleDelays = 0;
                delayed = delayNanos == 0;
                continue;
            }
            delay(isUrgent() ? CLAIM_POLL_NS : delayNanos);
            delayed = true;
            idleDelays++;
        }
    }

    private boolean isUrgent() {
        return isClosing || !waiters.isEmpty();
    }

    private void delay(final long nanos) {
        final long deadline = System.nanoTime() + nanos;
        state.set(DELAYING);
        // A waiter pushed before the state was set woke nobody; one pushed after it does.
        boolean waits = !isUrgent() || nanos == CLAIM_POLL_NS;
        while (waits && state.get() == DELAYING) {
            final long left = deadline - System.nanoTime();
            waits = left > 0;
            if (waits) {
                Thread.interrupted(); // An interrupted thread would not park.
                LockSupport.parkNanos(this, left);
            }
            waits &= !isClosing;
        }
        state.set(BUSY);
    }

    private void park() {
        state.set(PARKED);
        while (state.get() == PARKED && !isUrgent() && ring.claimedPosition() == ring.releasedPosition()) {
            Thread.interrupted();
            LockSupport.park(this);
        }
        if (state.get() == PARKED && ring.claimedPosition() != ring.releasedPosition()) {
            Thread.onSpinWait(); // Claimed and not published yet: any moment now.
        }
        state.set(BUSY);
    }
}
