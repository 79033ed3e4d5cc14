package dev.uringlog.ring;

import java.nio.ByteBuffer;

/**
 * The cursor of a ring's one consumer. It belongs to one thread at a time.
 *
 * <pre>
 *   released            batch position           batch end           claimed
 *      │ done with, kept       │ gathered, being written │ published or not │
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
     * Until told otherwise, no batch goes on behind a position; one that begins there or behind it does.
     *
     * @param position where an event ends; or the largest long
     */
    public void stopAt(final long position) {
        stopPosition = position;
    }

    /** {@return {@link #poll(Cut, long)} of all there is} */
    public long poll() {
        return poll(null, capacity);
    }

    /**
     * Takes into the batch what has been published since. A batch ends before an event that is longer than the ring, before
     * one that was abandoned, and holds such an event alone.
     *
     * @param cut asked before each event is taken, in order, of events that have times; or null
     * @param most bytes; the batch ends with the event that reaches them
     * @return bytes now in the batch
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
     * Takes an abandoned event at the head of an empty batch: the batch holds it alone, and is not to be written.
     *
     * @return whether there was one
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
     * Ends the batch earlier; the events behind that position are gathered again.
     *
     * @param position a {@link #boundary} of the batch
     */
    public void endAt(final long position) {
        gatheredSequence = batchSequence + countThrough(position);
        gatheredPosition = position;
    }

    /** The batch is done with, the next one begins behind it. Its bytes stay until they are released. */
    public void advance() {
        batchPosition = gatheredPosition;
        batchSequence = gatheredSequence;
    }

    /** Starts again with everything that was not released, abandoned events included. */
    public void rewind() {
        batchPosition = releasedPosition;
        batchSequence = releasedSequence;
        gatheredPosition = releasedPosition;
        gatheredSequence = releasedSequence;
    }

    /**
     * Abandons the batch's events that do not end at or before a position: after a {@link #rewind} they are stepped over.
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

    /** Everything up to the end of the batch is done with, and the producers' again. */
    public void release() {
        advance();
        release(batchPosition, batchSequence);
    }

    /**
     * Gives bytes and slots back to the producers.
     *
     * @param position where a batch began, or the next begins; not beyond {@link #position}
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
     * Moves the ring to fresh memory and never touches the old again, because the kernel may still read the batch's bytes.
     * No producer claims until that is done. To be called before the batch is released, until it succeeds.
     *
     * @return false if a claim is not published yet; no claim is let in until the call that returns true
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
