package dev.uringlog.append;

import dev.uringlog.ring.EventRing;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * The one consumer of a log's ring: decides when a batch is due, and has the {@link BatchWriter} write it.
 *
 * <p>Writing whatever is there the moment it is there makes batches of a few events and halves the throughput. A batch is
 * due when enough bytes wait, when one has waited for the longest delay, when somebody waits for a position, or when the
 * log is closing. After some delays in which nothing came the thread parks without a timer, and the next event wakes it.
 */
final class Flusher implements Runnable {
    /** Enough for one submission: beyond it the cost of a call no longer shows. */
    private static final int FLUSH_BYTES_MAX = 128 << 10;

    /** A small ring is flushed when a quarter is full, so that its producers need not wait. */
    private static final int RING_PARTS = 4;

    /** Delays without an event before the thread parks for good: a log in steady use never pays for a wake-up. */
    private static final int IDLE_DELAYS = 16;

    /** How often a claim that is not published yet is looked at when nothing else is to be done. */
    private static final long CLAIM_POLL_NS = 50_000;

    private static final int BUSY = 0;
    private static final int DELAYING = 1;
    private static final int PARKED = 2;

    private final EventRing ring;
    private final BatchWriter writer;
    private final Waiters waiters;
    private final long delayNanos;
    private final int flushShift;
    private final AtomicInteger state = new AtomicInteger(BUSY);
    private volatile boolean isSynchronous;
    private volatile boolean isClosing;
    private volatile Thread thread;

    Flusher(final EventRing ring, final BatchWriter writer, final Waiters waiters, final long delayNanos) {
        this.ring = ring;
        this.writer = writer;
        this.waiters = waiters;
        this.delayNanos = delayNanos;
        final int flushBytes = Math.min(FLUSH_BYTES_MAX, ring.capacity() / RING_PARTS);
        flushShift = Integer.numberOfTrailingZeros(flushBytes);
    }

    void start(final Thread newThread) {
        thread = newThread;
        newThread.start();
    }

    boolean isCurrentThread() {
        return Thread.currentThread() == thread;
    }

    /**
     * Producer: an event has been published. A read, unless the flusher sleeps: this volatile read comes after the claim's
     * compare-and-set, and the flusher looks at the claims after it has said that it parks, so one sees the other.
     *
     * @return whether each caller has to wait until its event is written, because the JVM is going down
     */
    boolean published(final long end, final int length) {
        final int seen = state.get();
        if (seen != BUSY && (seen == PARKED || end - length >>> flushShift != end >>> flushShift)) {
            wake();
        }
        return isSynchronous;
    }

    /** Ends a delay or a park, if there is one. */
    void wake() {
        if (state.get() != BUSY && state.getAndSet(BUSY) != BUSY) {
            LockSupport.unpark(thread);
        }
    }

    /** From now on {@link #published} tells every producer to wait. */
    void synchronous() {
        isSynchronous = true;
    }

    /** Has everything written without delay, then ends the thread. The ring has been closed before. */
    void close() {
        isClosing = true;
        LockSupport.unpark(thread);
    }

    /** Waits for the thread's end. */
    boolean join(final long nanos) {
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

    @Override
    public void run() {
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
