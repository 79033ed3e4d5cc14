package dev.uringlog.commit;

import dev.uringlog.flush.Syncer;
import java.util.concurrent.locks.LockSupport;

/** What a thread's own methods do not do. */
final class Threads {
    private Threads() {}

    /**
     * Waits for a thread's end. An interrupt is kept.
     *
     * @param nanos how long at most
     * @return false if it had not ended by then
     */
    static boolean join(final Thread thread, final long nanos) {
        boolean isInterrupted = false;
        final long deadline = System.nanoTime() + nanos;
        while (thread.isAlive()) {
            final long left = deadline - System.nanoTime();
            if (left <= 0) {
                break;
            }
            try {
                thread.join(left / 1_000_000, (int) (left % 1_000_000));
            } catch (final InterruptedException e) {
                isInterrupted = true;
            }
        }
        if (isInterrupted) {
            Thread.currentThread().interrupt();
        }
        return !thread.isAlive();
    }

    /**
     * Parks the current thread, without its interrupt.
     *
     * @param nanos how long at most; without a timer if it is the largest long
     */
    static void park(final Object blocker, final long nanos) {
        Thread.interrupted(); // An interrupted thread would not park.
        if (nanos == Long.MAX_VALUE) {
            LockSupport.park(blocker);
        } else {
            LockSupport.parkNanos(blocker, nanos);
        }
    }

    /**
     * The flusher: sleeps until it is woken. It has set its state first, so that other threads know how.
     *
     * @param hasSyncs whether news of syncs in flight wake it; else an unpark does
     * @param nanos as for {@link #park}
     */
    static void rest(final Syncer syncer, final boolean hasSyncs, final long nanos) {
        if (hasSyncs) {
            syncer.awaitNews(nanos);
        } else {
            park(syncer, nanos);
        }
    }
}
