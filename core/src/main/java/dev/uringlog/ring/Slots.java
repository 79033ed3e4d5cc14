package dev.uringlog.ring;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * One slot per event with the event's end position, which also marks the event as published. If events have times, each also
 * has its time.
 */
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

    /** Producer: sets the event's end position, or its complement if the event is abandoned. */
    void set(final long sequence, final long end) {
        // Release: the event's bytes and time are complete before the consumer, which acquires this slot, can see the
        // event.
        LONG.setRelease(block, offset + index(sequence), end);
    }

    /** Consumer. A slot from an earlier lap returns a position of that lap. */
    long end(final long sequence) {
        // Acquire: pairs with set().
        return (long) LONG.getAcquire(block, offset + index(sequence));
    }

    /** Producer. Must precede {@link #set}, which makes the time visible. */
    void setTime(final long sequence, final long timeMillis) {
        block.putLong(timesOffset + index(sequence), timeMillis);
    }

    /** Consumer. Valid only after {@link #end} has shown that the event is published. */
    long time(final long sequence) {
        return block.getLong(timesOffset + index(sequence));
    }

    /** Consumer: how many events, from this sequence on, end at or before a position. At least one event must end after it. */
    int countThrough(final long position, final long from) {
        int found = 0;
        while (end(from + found) <= position) {
            found++;
        }
        return found;
    }

    /** Consumer: how many events in this range are not abandoned. */
    int countKept(final long from, final long to) {
        int kept = 0;
        for (long sequence = from; sequence < to; sequence++) {
            kept += end(sequence) > 0 ? 1 : 0;
        }
        return kept;
    }

    /** Consumer: marks the events in this range as abandoned. */
    void abandon(final long from, final long to) {
        for (long sequence = from; sequence < to; sequence++) {
            set(sequence, ~end(sequence));
        }
    }

    /** Consumer: whether all events from this sequence and position up to another position are published or abandoned. */
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
