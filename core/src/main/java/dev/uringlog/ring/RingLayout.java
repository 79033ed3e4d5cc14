package dev.uringlog.ring;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The layout of a ring's native block: payload, one slot per event, one time per event if events have times, and the
 * watermarks. Each group has its own cache lines.
 *
 * <p>The claim word contains everything that a producer needs to claim with one compare-and-set:
 *
 * <pre>
 *  63        62       61 … 40              39 … 0
 *  closed    gated    sequence mod 2^22    position mod 2^40
 * </pre>
 *
 * The watermarks hold full positions and sequences. The truncated values in the claim word are widened relative to the
 * released watermark, which lags by at most the ring's size.
 */
final class RingLayout {
    private static final int CACHE_LINE = 64;

    /** Two lines, because adjacent-line prefetchers load lines in pairs. */
    private static final int LINE_PAIR = 128;

    /** A slot is one long: the event's end position, or its complement if the event is abandoned. */
    static final int SLOT_SIZE_SHIFT = 3;

    static final int POSITION_BITS = 40;
    static final long POSITION_MASK = (1L << POSITION_BITS) - 1;
    static final long SEQUENCE_MASK = (1L << 22) - 1;
    static final long CLOSED = 1L << 63;
    static final long GATED = 1L << 62;
    static final int FLAGS_SHIFT = 62;

    /** Half the range of a truncated sequence, so that a full ring and an empty ring never look the same. */
    private static final int SLOTS_MAX = 1 << 21;

    /** If events are shorter than this, the slots run out before the bytes. A slot takes an eighth of this. */
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
