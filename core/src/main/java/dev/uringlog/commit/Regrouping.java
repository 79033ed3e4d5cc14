package dev.uringlog.commit;

import dev.uringlog.flush.Waiters;

/**
 * How many callers a leader waits for before it gathers a batch, and for how long. If every caller waits, those that
 * the last batch released come back at once, and one sync for all of them is cheaper than two for half of them each.
 *
 * <p>Never at one caller; never longer than a sync takes, since that is what is to be saved; and less and less often where
 * the callers do not come back. Only the baton's holder uses it.
 */
final class Regrouping {
    /** Longer than this a caller should not wait for others, however slow the device is. */
    static final long PATIENCE_NS_MAX = 400_000;

    /** After n waits in vain in a row, it waits once in 2^n batches; n is at most this. */
    private static final int MISSES_MAX = 6;

    private int expected = 1;
    private int misses;
    private int rest;
    private long patienceNanos;

    /**
     * Gives the callers that the last batch released a moment to come back. It yields and does not park: the processor
     * goes to the callers that are about to come.
     */
    void await(final Waiters callers) {
        if (expected <= 1) {
            return;
        }
        final long start = System.nanoTime();
        while (callers.count() < expected && System.nanoTime() - start < patienceNanos) {
            Thread.yield();
        }
        came(callers.count());
    }

    /** A sync took so long. */
    void synced(final long nanos) {
        patienceNanos = Math.min(PATIENCE_NS_MAX, nanos);
    }

    /** A batch released so many callers while so many others had come. */
    void released(final int count, final int waiting) {
        if (rest > 0) {
            rest--;
            expected = 1;
        } else {
            expected = count + waiting;
        }
    }

    /** How many callers make the next batch full; waiting is for more than one only. */
    int expected() {
        return expected;
    }

    /** How long to wait for them at most. */
    long patienceNanos() {
        return patienceNanos;
    }

    /** So many had come when waiting was over. */
    void came(final int count) {
        if (count * 2 > expected) {
            misses = 0;
            return;
        }
        misses = Math.min(misses + 1, MISSES_MAX);
        rest = 1 << misses;
    }
}
