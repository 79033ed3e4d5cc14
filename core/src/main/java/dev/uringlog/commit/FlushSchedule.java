package dev.uringlog.commit;

/**
 * When the flusher's thread writes. It holds no clock and touches nothing: it is told what there is, and answers how long to
 * wait before it is asked again.
 *
 * <p>Writing each event the moment it is there makes batches of a few events and halves the throughput. So a batch is due
 * when it has enough bytes, when one of its events has waited for the delay, or when a caller needs something done at once.
 * After some delays without an event the thread parks without a timer, and the next event wakes it.
 */
final class FlushSchedule {
    /** There is work to do now. */
    static final long NOW = 0;

    /** There is none until an event comes, or a caller. */
    static final long PARK = Long.MAX_VALUE;

    /** How often a claim that is not published yet is looked at when there is nothing else to do. */
    static final long CLAIM_POLL_NS = 50_000;

    /** How long the thread waits at a time while as many syncs are in flight as may be. */
    static final long FULL_POLL_NS = 10_000_000;

    /** Delays without an event before the thread parks for good: a log in steady use never pays for a wake-up. */
    static final int IDLE_DELAYS = 16;

    /** Enough for one submission: beyond it the cost of a call no longer shows. */
    private static final int FLUSH_BYTES_MAX = 128 << 10;

    /** A small ring is flushed when a quarter is full, so that its producers need not wait. */
    private static final int RING_PARTS = 4;

    /** How often, while the ring is filled once, a producer looks whether a delay had better end. */
    private static final int LOOKS_PER_LAP = 8;

    private final long delayNanos;
    private final boolean isOnDemand;
    private final int flushShift;
    private final int lookShift;
    private final int hurryBytes;
    private int idleDelays;
    private boolean isDelayed;

    /**
     * @param delayNanos how long an event may wait for others; 0 for not at all
     * @param isOnDemand whether the thread writes only what it is asked for, because callers write for each other
     * @param capacity of the ring, bytes
     */
    FlushSchedule(final long delayNanos, final boolean isOnDemand, final int capacity) {
        this.delayNanos = delayNanos;
        this.isOnDemand = isOnDemand;
        flushShift = Integer.numberOfTrailingZeros(Math.min(FLUSH_BYTES_MAX, capacity / RING_PARTS));
        lookShift = Integer.numberOfTrailingZeros(capacity / LOOKS_PER_LAP);
        hurryBytes = capacity / 2;
    }

    /** The thread has worked, and begins to wait for more. */
    void begin() {
        idleDelays = 0;
        isDelayed = delayNanos == 0;
    }

    /**
     * Answers what the thread does next.
     *
     * @param waiting bytes in the ring that are this thread's to write
     * @param isHeld whether they had better wait because the syncs in flight are as many as may be
     * @param isRoomShort whether a caller sleeps until there is room in the ring
     * @param isUrgent whether there is something to do at once
     * @param nanosToTimer until something is due by the clock; the largest long if nothing is
     * @return {@link #NOW}, {@link #PARK}, or nanoseconds to wait
     */
    long next(
            final long waiting,
            final boolean isHeld,
            final boolean isRoomShort,
            final boolean isUrgent,
            final long nanosToTimer) {
        final boolean isDue = isDelayed || waiting >>> flushShift != 0 || isRoomShort;
        if (waiting > 0 && !isHeld && isDue || isUrgent || nanosToTimer <= 0) {
            return NOW;
        }
        if (isHeld) {
            return FULL_POLL_NS;
        }
        if (waiting == 0 && (delayNanos == 0 || idleDelays == IDLE_DELAYS || isOnDemand)) {
            begin();
            return PARK;
        }
        isDelayed = true;
        idleDelays++;
        return Math.min(delayNanos, Math.max(CLAIM_POLL_NS, nanosToTimer));
    }

    /**
     * Producer: whether a delay had better end because the ring would be full before it does. At the default delay and size
     * that takes 2 GB/s: in steady use a producer never pays for waking the flusher.
     *
     * @param end the event's end position
     * @param length its count of bytes
     * @param released the position of the end of everything released
     */
    boolean isSoonFull(final long end, final int length, final long released) {
        return end - length >>> lookShift != end >>> lookShift && end - released >= hurryBytes;
    }
}
