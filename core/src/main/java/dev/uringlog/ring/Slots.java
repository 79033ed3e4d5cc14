package dev.uringlog.ring;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** One slot an event: where it ends, which also says that it is there, and beside it, if events have times, its time. */
final class Slots {
    private static final VarHandle LONG = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

    final int count;
    private final ByteBuffer block;
    private final int offset;
    private final int timesOffset;
    private final int mask;

    Slots(final ByteBuffer block, final RingLayout layout) {
        this.block = block;
        offset = layout.slotsOffset;
        timesOffset = layout.timesOffset;
        count = layout.slotCount;
        mask = count - 1;
    }

    /** Producer: the event's end position, or its complement if there is nothing to write. */
    void set(final long sequence, final long end) {
        // Release: what belongs to the event is in place before the consumer, who acquires this slot, can see it.
        LONG.setRelease(block, offset + index(sequence), end);
    }

    /** Consumer; a slot of an earlier lap answers with a position of that lap. */
    long end(final long sequence) {
        // Acquire: pairs with set().
        return (long) LONG.getAcquire(block, offset + index(sequence));
    }

    /** Producer, before {@link #set}: that is what makes it visible. */
    void setTime(final long sequence, final long timeMillis) {
        block.putLong(timesOffset + index(sequence), timeMillis);
    }

    /** Consumer, after {@link #end} has shown that the event is there. */
    long time(final long sequence) {
        return block.getLong(timesOffset + index(sequence));
    }

    /** Consumer: how many events from this sequence on end at or before a position; one at least ends behind it. */
    int countThrough(final long position, final long from) {
        int found = 0;
        while (end(from + found) <= position) {
            found++;
        }
        return found;
    }

    /** Consumer: how many of these are not abandoned. */
    int countKept(final long from, final long to) {
        int kept = 0;
        for (long sequence = from; sequence < to; sequence++) {
            kept += end(sequence) > 0 ? 1 : 0;
        }
        return kept;
    }

    /** Consumer: makes abandoned ones of these. */
    void abandon(final long from, final long to) {
        for (long sequence = from; sequence < to; sequence++) {
            set(sequence, ~end(sequence));
        }
    }

    /** Consumer: whether the events from this sequence and position on are all there, up to another position. */
    boolean reach(final long to, final long sequence, final long from) {
        long position = from;
        for (long next = sequence; position < to; next++) {
            final long slot = end(next);
            final long end = Math.max(slot, ~slot);
            if (end <= position) {
                return false;
            }
            position = end;
        }
        return true;
    }

    private int index(final long sequence) {
        return ((int) sequence & mask) << RingLayout.SLOT_SIZE_SHIFT;
    }
}
