package dev.uringlog.ring;

import static dev.uringlog.ring.RingLayout.CLOSED;
import static dev.uringlog.ring.RingLayout.FLAGS_SHIFT;
import static dev.uringlog.ring.RingLayout.GATED;
import static dev.uringlog.ring.RingLayout.POSITION_BITS;
import static dev.uringlog.ring.RingLayout.POSITION_MASK;
import static dev.uringlog.ring.RingLayout.SEQUENCE_MASK;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A ring of bytes off the heap for many producers and one consumer, events back to back.
 *
 * <p>A position is the count of bytes ever claimed, a long that only grows. Any thread may claim, copy and publish, in
 * that order and without any other code between; events may be published in any order and are consumed in the order of
 * their claims. The methods of the consumer's side ({@link #poll} to {@link #release}) belong to one thread at a time.
 *
 * <p>An event longer than the ring claims its bytes like any other and keeps them in a buffer of its own: at most one at
 * a time, and nobody else claims until it is released, because the ring is more than full meanwhile.
 */
public final class EventRing {
    /** {@link #tryClaim} found no room. */
    public static final long FULL = -1;

    /** {@link #tryClaim} found the ring closed. */
    public static final long IS_CLOSED = -2;

    /** Smallest capacity, bytes. */
    public static final int CAPACITY_MIN = 4 << 10;

    /** Largest capacity, bytes: bytes and slots must fit one buffer. */
    public static final int CAPACITY_MAX = 1 << 30;

    private static final VarHandle LONG = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

    private final ByteBuffer block;
    private final RingLayout layout;
    private final Slots slots;
    private final int capacity;
    private final Payload payload;
    private final WaitingLine line = new WaitingLine(this);

    // The consumer's own: released ≤ batch ≤ gathered. Whoever consumes next has them from who consumed before.
    private long releasedPosition;
    private long releasedSequence;
    private long batchPosition;
    private long batchSequence;
    private long gatheredPosition;
    private long gatheredSequence;
    private long stopPosition = Long.MAX_VALUE;

    /**
     * Makes an empty ring of events without times.
     *
     * @param capacity as for the other
     * @param firstPosition as for the other
     */
    public EventRing(final int capacity, final long firstPosition) {
        this(capacity, firstPosition, false);
    }

    /**
     * Makes an empty ring.
     *
     * @param capacity bytes, a power of two, {@link #CAPACITY_MIN}…{@link #CAPACITY_MAX}
     * @param firstPosition the position of the first byte, 0 or more: where a ring that this one follows ended
     * @param hasTimes whether each event carries its time: 8 bytes more for every 64 of capacity
     * @throws IllegalArgumentException if the capacity is none
     */
    public EventRing(final int capacity, final long firstPosition, final boolean hasTimes) {
        this.capacity = capacity;
        layout = new RingLayout(capacity, hasTimes);
        block = layout.allocate();
        slots = new Slots(block, layout);
        payload = new Payload(block.slice(0, capacity));
        releasedPosition = firstPosition;
        batchPosition = firstPosition;
        gatheredPosition = firstPosition;
        LONG.setVolatile(block, layout.releasedPositionOffset, firstPosition);
        LONG.setVolatile(block, layout.claimOffset, firstPosition & POSITION_MASK);
    }

    /** {@return its capacity, bytes} */
    public int capacity() {
        return capacity;
    }

    /**
     * Claims room for one event. Lock-free; every claim must be published or abandoned, at once.
     *
     * @param length bytes, 1 or more
     * @return the claim, not negative; or {@link #FULL}, or {@link #IS_CLOSED}
     */
    public long tryClaim(final int length) {
        final ByteBuffer b = block;
        final int claimOffset = layout.claimOffset;
        // Full-fence semantics of this read and of the CAS below order a claim against the consumer's going idle.
        long word = (long) LONG.getVolatile(b, claimOffset);
        while (word >>> FLAGS_SHIFT == 0) {
            if (!hasRoom(word, length)) {
                // Judged against the watermark of a later moment unless the word has not moved since.
                final long again = (long) LONG.getVolatile(b, claimOffset);
                if (again == word) {
                    return FULL;
                }
                word = again;
                continue;
            }
            final long next =
                    ((sequenceOf(word) + 1 & SEQUENCE_MASK) << POSITION_BITS) | (word + length & POSITION_MASK);
            final long seen = (long) LONG.compareAndExchange(b, claimOffset, word, next);
            if (seen == word) {
                return word;
            }
            word = seen;
        }
        return word < 0 ? IS_CLOSED : FULL;
    }

    /** Whether a claim may find room: false only if there was none at some moment during this call. */
    boolean mayClaim(final int length) {
        final long word = (long) LONG.getVolatile(block, layout.claimOffset);
        return word >>> FLAGS_SHIFT == 0 && hasRoom(word, length)
                || (long) LONG.getVolatile(block, layout.claimOffset) != word;
    }

    private boolean hasRoom(final long word, final int length) {
        // Acquire: pairs with release(); bytes and slots before these watermarks are the producers' again.
        final long freePosition = (long) LONG.getAcquire(block, layout.releasedPositionOffset);
        final long freeSequence = (long) LONG.getAcquire(block, layout.releasedSequenceOffset);
        final long used = word - freePosition & POSITION_MASK;
        final long waiting = sequenceOf(word) - freeSequence & SEQUENCE_MASK;
        return (length > capacity ? used <= capacity : used + length <= capacity) && waiting < slots.count;
    }

    /**
     * Copies an event's bytes into its claim.
     *
     * @param claim from {@link #tryClaim}
     * @param source its bytes
     * @param offset the first of them
     * @param length as claimed, at most {@link #capacity}
     */
    public void copy(final long claim, final byte[] source, final int offset, final int length) {
        payload.put(claim, source, offset, length);
    }

    /**
     * Copies an event's bytes into its claim.
     *
     * @param claim from {@link #tryClaim}
     * @param source its bytes; position and limit stay
     * @param offset the absolute index of the first of them
     * @param length as claimed, at most {@link #capacity}
     */
    public void copy(final long claim, final ByteBuffer source, final int offset, final int length) {
        payload.put(claim, source, offset, length);
    }

    /**
     * Hands over the bytes of an event longer than the ring.
     *
     * @param claim from {@link #tryClaim}
     * @param event its bytes, the ring's from now on
     */
    public void copyOversized(final long claim, final ByteBuffer event) {
        payload.putOversized(event);
    }

    /**
     * Makes the event visible to the consumer.
     *
     * @param claim from {@link #tryClaim}
     * @param length as claimed
     * @return the event's end position
     */
    public long publish(final long claim, final int length) {
        final long end = startOf(claim) + length;
        slots.set(sequenceOf(claim), end);
        return end;
    }

    /**
     * Makes the event visible to the consumer, with its time; for a ring whose events have times.
     *
     * @param claim from {@link #tryClaim}
     * @param length as claimed
     * @param timeMillis for the consumer's {@link Cut}
     * @return the event's end position
     */
    public long publish(final long claim, final int length, final long timeMillis) {
        slots.setTime(sequenceOf(claim), timeMillis);
        return publish(claim, length);
    }

    /**
     * Gives a claim up: its bytes are never written.
     *
     * @param claim from {@link #tryClaim}
     * @param length as claimed
     */
    public void abandon(final long claim, final int length) {
        slots.set(sequenceOf(claim), ~(startOf(claim) + length));
    }

    /** Refuses every claim from now on. Claims already made are still published and consumed. */
    public void close() {
        LONG.getAndBitwiseOr(block, layout.claimOffset, CLOSED);
        line.wakeAll();
    }

    /** {@return the callers that sleep until there is room} */
    public WaitingLine line() {
        return line;
    }

    /** {@return the position of the end of everything claimed} */
    public long claimedPosition() {
        // The watermark first: the word read after it is never behind it.
        final long free = (long) LONG.getVolatile(block, layout.releasedPositionOffset);
        final long word = (long) LONG.getVolatile(block, layout.claimOffset);
        return free + (word - free & POSITION_MASK);
    }

    /** {@return how many events were ever claimed} */
    public long claimedCount() {
        final long free = (long) LONG.getVolatile(block, layout.releasedSequenceOffset);
        final long word = (long) LONG.getVolatile(block, layout.claimOffset);
        return free + (sequenceOf(word) - free & SEQUENCE_MASK);
    }

    /** {@return the position of the end of everything released} */
    public long releasedPosition() {
        return (long) LONG.getAcquire(block, layout.releasedPositionOffset);
    }

    /**
     * Consumer: until told otherwise, no batch goes on behind a position; one that begins there or behind it does.
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
     * Consumer: takes into the batch whatever has been published since. A batch ends before an event that is longer than
     * the ring, before one that was abandoned, and holds such an event alone.
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
     * Consumer: steps over an abandoned event at the head of an empty batch, as {@link #advance} does over a batch.
     *
     * @return whether there was one
     */
    public boolean skipAbandoned() {
        if (gatheredPosition != batchPosition) {
            return false;
        }
        final long end = ~slots.end(gatheredSequence);
        if (end <= gatheredPosition) {
            return false;
        }
        gatheredPosition = end;
        gatheredSequence++;
        advance();
        return true;
    }

    /**
     * Consumer: the batch's bytes, contiguous; the second part is empty unless they wrap.
     *
     * @param from the position of the first byte wanted, within the batch
     * @return two views, the same array each time, each at the first of its bytes
     */
    public ByteBuffer[] parts(final long from) {
        return gatheredPosition - batchPosition > capacity
                ? payload.oversizedParts((int) (from - batchPosition))
                : payload.parts(from, gatheredPosition - from);
    }

    /** {@return how many events the batch holds; the consumer's to ask} */
    public int batchCount() {
        return (int) (gatheredSequence - batchSequence);
    }

    /**
     * Consumer: how many of the batch's events end at or before a position.
     *
     * @param position within the batch
     * @return a count
     */
    public int countThrough(final long position) {
        return position < gatheredPosition ? slots.countThrough(position, batchSequence) : batchCount();
    }

    /**
     * Consumer: where the batch's event begins that a position is inside of.
     *
     * @param position within the batch
     * @return the same position where an event ends there, or the batch begins
     */
    public long boundary(final long position) {
        final int count = countThrough(position);
        return count == 0 ? batchPosition : slots.end(batchSequence + count - 1);
    }

    /**
     * Consumer: ends the batch earlier; what is behind is gathered anew.
     *
     * @param position a {@link #boundary} of the batch
     */
    public void endBatch(final long position) {
        gatheredSequence = batchSequence + countThrough(position);
        gatheredPosition = position;
    }

    /** {@return the position of the batch's end; the consumer's to ask} */
    public long gatheredPosition() {
        return gatheredPosition;
    }

    /** {@return where the batch begins: all before it is done with, released or not; the consumer's to ask} */
    public long batchPosition() {
        return batchPosition;
    }

    /** {@return the sequence of the batch's first event; the consumer's to ask} */
    public long batchSequence() {
        return batchSequence;
    }

    /** Consumer: the batch is done with, the next one begins behind it. Its bytes stay until they are released. */
    public void advance() {
        batchPosition = gatheredPosition;
        batchSequence = gatheredSequence;
    }

    /** Consumer: begins anew with everything that was not released, abandoned events included. */
    public void rewind() {
        batchPosition = releasedPosition;
        batchSequence = releasedSequence;
        gatheredPosition = releasedPosition;
        gatheredSequence = releasedSequence;
    }

    /**
     * Consumer: makes abandoned ones of the batch's events that do not end at or before a position: whoever begins anew
     * steps over them.
     *
     * @param position within the batch
     */
    public void abandonAfter(final long position) {
        slots.abandon(batchSequence + countThrough(position), gatheredSequence);
    }

    /** {@return how many events are done with and not released, abandoned ones left out; the consumer's to ask} */
    public int keptCount() {
        return slots.countKept(releasedSequence, batchSequence);
    }

    /** Consumer: the batch is done with, and everything up to its end is the producers' again. */
    public void release() {
        advance();
        release(batchPosition, batchSequence);
    }

    /**
     * Consumer: gives bytes and slots back to the producers.
     *
     * @param position where a batch began, or the next begins; not beyond {@link #batchPosition}
     * @param sequence its {@link #batchSequence}
     */
    public void release(final long position, final long sequence) {
        if (position - releasedPosition > capacity) {
            payload.dropOversized();
        }
        releasedPosition = position;
        releasedSequence = sequence;
        // Release: the kernel has done with the bytes and poll() with the slots; pairs with hasRoom().
        LONG.setRelease(block, layout.releasedSequenceOffset, releasedSequence);
        LONG.setRelease(block, layout.releasedPositionOffset, releasedPosition);
        line.roomMade();
    }

    /**
     * Consumer: moves the ring to fresh memory and never touches the old again, because the kernel may still read the
     * batch's bytes. Nobody claims meanwhile. To be called before the batch is released, until it succeeds.
     *
     * @return false if a claim is not published yet; no claim is let in until the call that returns true
     */
    public boolean replaceBytes() {
        LONG.getAndBitwiseOr(block, layout.claimOffset, GATED);
        if (!slots.reach(claimedPosition(), gatheredSequence, gatheredPosition)) {
            return false;
        }
        payload.replace();
        // Volatile, hence a release: whoever claims from now on reads the new payload.
        LONG.getAndBitwiseAnd(block, layout.claimOffset, ~GATED);
        line.roomMade();
        return true;
    }

    private long startOf(final long claim) {
        // The consumer cannot pass an unpublished claim, so the watermark is at most its start.
        final long free = (long) LONG.getAcquire(block, layout.releasedPositionOffset);
        return free + (claim - free & POSITION_MASK);
    }

    private static long sequenceOf(final long word) {
        return word >>> POSITION_BITS & SEQUENCE_MASK;
    }
}
