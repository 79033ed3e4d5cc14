package dev.uringlog.flush;

import dev.uringlog.ring.EventRing;

/** How full the ring is: whether a batch is due for its size, and whether a delay had better end. */
final class Filling {
    /** Enough for one submission: beyond it the cost of a call no longer shows. */
    private static final int FLUSH_BYTES_MAX = 128 << 10;

    /** A small ring is flushed when a quarter is full, so that its producers need not wait. */
    private static final int RING_PARTS = 4;

    /** How often, while the ring is filled once, a producer looks whether a delay had better end. */
    private static final int LOOKS_PER_LAP = 8;

    private final EventRing ring;
    private final int flushShift;
    private final int lookShift;
    private final int hurryBytes;

    Filling(final EventRing ring) {
        this.ring = ring;
        flushShift = Integer.numberOfTrailingZeros(Math.min(FLUSH_BYTES_MAX, ring.capacity() / RING_PARTS));
        lookShift = Integer.numberOfTrailingZeros(ring.capacity() / LOOKS_PER_LAP);
        hurryBytes = ring.capacity() / 2;
    }

    /** Whether so many bytes are enough for a submission. */
    boolean isBatch(final long waiting) {
        return waiting >>> flushShift != 0;
    }

    /**
     * Producer: whether a delay had better end because the ring would be full before it does. At the default delay and size
     * that takes 2 GB/s: in steady use a producer never pays for waking the flusher.
     */
    boolean isSoonFull(final long end, final int length) {
        return end - length >>> lookShift != end >>> lookShift && end - ring.releasedPosition() >= hurryBytes;
    }
}
