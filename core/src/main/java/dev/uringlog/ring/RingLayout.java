package dev.uringlog.ring;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The layout of a ring's native block: payload, then a slot for each event, then a time for each if events have times, then
 * the watermarks, each group on cache lines of its own.
 *
 * <p>The claim word says everything a producer needs to claim in one compare-and-set:
 *
 * <pre>
 *  63        62       61 … 40              39 … 0
 *  closed    gated    sequence mod 2^22    position mod 2^40
 * </pre>
 *
 * Positions and sequences in the trailer are whole. The narrow ones are widened against the released watermark, which is
 * never further behind than the ring is long.
 */
final class RingLayout {
    private static final int CACHE_LINE = 64;

    /** Two lines: adjacent-line prefetchers pull lines in pairs. */
    private static final int LINE_PAIR = 128;

    /** A slot holds one long: the event's end position, or its complement if there is nothing to write. */
    static final int SLOT_SIZE_SHIFT = 3;

    static final int POSITION_BITS = 40;
    static final long POSITION_MASK = (1L << POSITION_BITS) - 1;
    static final long SEQUENCE_MASK = (1L << 22) - 1;
    static final long CLOSED = 1L << 63;
    static final long GATED = 1L << 62;
    static final int FLAGS_SHIFT = 62;

    /** Half of what a sequence can tell apart, so that a full ring and an empty one never look alike. */
    private static final int SLOTS_MAX = 1 << 21;

    /** Events shorter than this fill the slots before the bytes; one slot costs an eighth of it. */
    private static final int BYTES_PER_SLOT = 64;

    final int slotsOffset;
    final int slotCount;
    final int timesOffset;
    final int claimOffset;
    final int releasedPositionOffset;
    final int releasedSequenceOffset;
    final int blockSize;

    RingLayout(final int capacity, final boolean hasTimes) {
        if (Integer.bitCount(capacity) != 1 || capacity < EventRing.CAPACITY_MIN || capacity > EventRing.CAPACITY_MAX) {
            throw new IllegalArgumentException("ring size " + capacity + " is not a power of two from "
                    + EventRing.CAPACITY_MIN + " to " + EventRing.CAPACITY_MAX + " bytes");
        }
        slotsOffset = capacity;
        slotCount = Math.min(SLOTS_MAX, capacity / BYTES_PER_SLOT);
        timesOffset = slotsOffset + (slotCount << SLOT_SIZE_SHIFT);
        claimOffset = timesOffset + (hasTimes ? slotCount << SLOT_SIZE_SHIFT : 0);
        releasedPositionOffset = claimOffset + LINE_PAIR;
        releasedSequenceOffset = releasedPositionOffset + Long.BYTES;
        blockSize = releasedPositionOffset + LINE_PAIR;
    }

    ByteBuffer allocate() {
        return ByteBuffer.allocateDirect(blockSize + CACHE_LINE)
                .alignedSlice(CACHE_LINE)
                .order(ByteOrder.nativeOrder());
    }
}
