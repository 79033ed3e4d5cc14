package dev.uringlog.ring;

import java.nio.ByteBuffer;

/**
 * The cursor of a ring's only consumer. One thread at a time owns it.
 *
 * <pre>
 *   released            batch position           batch end           claimed
 *      │ finished, kept        │ gathered, being written │ published or not │
 *      └──── rewind ◄──────────┴──── advance ◄───────────┴──── poll ────────┘
 * </pre>
 */
public final class RingConsumer implements Batch {
    private final EventRing ring;
    private final Slots slots;
    private final Payload payload;
    private final int capacity;

    // released ≤ batch ≤ gathered
    private long releasedPosition;
    private long releasedSequence;
    private long batchPosition;
    private long batchSequence;
    private long gatheredPosition;
    private long gatheredSequence;
    private long stopPosition = Long.MAX_VALUE;

    RingConsumer(final EventRing ring, final Slots slots, final Payload payload, final long firstPosition) {
        this.ring = ring;
        this.slots = slots;
        this.payload = payload;
        capacity = ring.capacity();
        releasedPosition = firstPosition;
        batchPosition = firstPosition;
        gatheredPosition = firstPosition;
    }

    /**
     * Lets no batch extend past a position, until the next call. A batch may begin at or after that position.
     *
     * @param position the end of an event, or {@link Long#MAX_VALUE} for no limit
     */
    public void stopAt(final long position) {
        stopPosition = position;
    }

    /** {@return the result of {@link #poll(Cut, long)} without a limit} */
    public long poll() {
        return poll(null, capacity);
    }

    /**
     * Adds newly published events to the batch. A batch ends before an event that is longer than the ring and before an
     * abandoned one. Such an event gets a batch to itself.
     *
     * @param cut called for each event, in order, before it is added; requires events that have times; or null
     * @param most bytes; the batch ends with the event that reaches this size
     * @return the count of bytes that are now in the batch
     */
    public long poll(final Cut cut, final long most) {
        long position = gatheredPosition;
        long sequence = gatheredSequence;
        for (int room = slots.count; room > 0 && position - batchPosition < most; room--) {
            // A slot of an earlier lap ends at or before this position.
            final long end = slots.end(sequence);
            if (end <= position
                    || position > batchPosition && (end - position > capacity || position >= stopPosition)) {
                break;
            }
            if (cut != null && cut.isBefore(position, slots.time(sequence), (int) (end - position))) {
                break;
            }
            final boolean isAlone = end - position > capacity;
            position = end;
            sequence++;
            if (isAlone) {
                break;
            }
        }
        gatheredPosition = position;
        gatheredSequence = sequence;
        return position - batchPosition;
    }

    /**
     * Adds an abandoned event to an empty batch. The batch then holds only this event and must not be written.
     *
     * @return whether there was an abandoned event
     */
    public boolean pollAbandoned() {
        final long end = ~slots.end(gatheredSequence);
        if (gatheredPosition != batchPosition || end <= gatheredPosition) {
            return false;
        }
        gatheredPosition = end;
        gatheredSequence++;
        return true;
    }

    @Override
    public ByteBuffer[] parts(final long from) {
        return gatheredPosition - batchPosition > capacity
                ? payload.oversizedParts((int) (from - batchPosition))
                : payload.parts(from, gatheredPosition - from);
    }

    @Override
    public int count() {
        return (int) (gatheredSequence - batchSequence);
    }

    @Override
    public int countThrough(final long position) {
        return position < gatheredPosition ? slots.countThrough(position, batchSequence) : count();
    }

    @Override
    public long boundary(final long position) {
        final int count = countThrough(position);
        return count == 0 ? batchPosition : slots.end(batchSequence + count - 1);
    }

    @Override
    public long end() {
        return gatheredPosition;
    }

    @Override
    public long position() {
        return batchPosition;
    }

    @Override
    public long sequence() {
        return batchSequence;
    }

    /**
     * Ends the batch earlier. The events after that position are gathered again later.
     *
     * @param position a {@link #boundary} of the batch
     */
    public void endAt(final long position) {
        gatheredSequence = batchSequence + countThrough(position);
        gatheredPosition = position;
    }

    /** Finishes the batch. The next one begins after it. The bytes stay in the ring until they are released. */
    public void advance() {
        batchPosition = gatheredPosition;
        batchSequence = gatheredSequence;
    }

    /** Goes back to the first event that is not released. Abandoned events are included. */
    public void rewind() {
        batchPosition = releasedPosition;
        batchSequence = releasedSequence;
        gatheredPosition = releasedPosition;
        gatheredSequence = releasedSequence;
    }

    /**
     * Abandons the batch's events that end after a position. After a {@link #rewind} the consumer steps over them.
     *
     * @param position within the batch
     */
    public void abandonAfter(final long position) {
        slots.abandon(batchSequence + countThrough(position), gatheredSequence);
    }

    @Override
    public long releasedPosition() {
        return releasedPosition;
    }

    @Override
    public int keptCount() {
        return slots.countKept(releasedSequence, batchSequence);
    }

    /** Finishes the batch and returns everything up to its end to the producers. */
    public void release() {
        advance();
        release(batchPosition, batchSequence);
    }

    /**
     * Returns bytes and slots to the producers.
     *
     * @param position where a batch began, or where the next one begins; at most {@link #position}
     * @param sequence its {@link #sequence}
     */
    public void release(final long position, final long sequence) {
        if (position - releasedPosition > capacity) {
            payload.dropOversized();
        }
        releasedPosition = position;
        releasedSequence = sequence;
        ring.release(position, sequence);
    }

    /**
     * Moves the ring to new memory and never uses the old memory again, because the kernel may still read the batch's bytes.
     * No producer can claim until this is done. Call it before the batch is released, and repeat it until it succeeds.
     *
     * @return false if a claim is not published yet; claims stay blocked until a call returns true
     */
    public boolean replaceBytes() {
        ring.gate();
        if (!slots.reach(ring.claimedPosition(), gatheredSequence, gatheredPosition)) {
            return false;
        }
        payload.replace();
        ring.ungate();
        return true;
    }
}
