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
 * An off-heap byte ring for many producers and one consumer. Events lie back to back.
 *
 * <p>A position is the count of bytes ever claimed, a long that only grows. Any thread may claim, copy and publish, in this
 * order and without any other code in between. Events may be published in any order. {@link RingConsumer} consumes them in
 * the order of their claims.
 *
 * <p>An event longer than the ring claims its bytes like any other but stores them in a separate buffer. There is at most one
 * such event at a time: the ring is more than full, so no other producer can claim until the event is released.
 */
public final class EventRing {
    /** Returned by {@link #tryClaim} if there is no room. */
    public static final long FULL = -1;

    /** Returned by {@link #tryClaim} if the ring is closed. */
    public static final long IS_CLOSED = -2;

    /** Smallest capacity in bytes. */
    public static final int CAPACITY_MIN = 4 << 10;

    /** Largest capacity in bytes. Payload and slots must fit into one buffer. */
    public static final int CAPACITY_MAX = 1 << 30;

    private static final VarHandle LONG = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

    private final ByteBuffer block;
    private final RingLayout layout;
    private final Slots slots;
    private final int capacity;
    private final Payload payload;
    private final WaitingLine line = new WaitingLine(this);

    private final RingConsumer consumer;

    /**
     * Creates an empty ring whose events have no times.
     *
     * @param capacity as for the other
     * @param firstPosition as for the other
     */
    public EventRing(final int capacity, final long firstPosition) {
        this(capacity, firstPosition, false);
    }

    /**
     * Creates an empty ring.
     *
     * @param capacity bytes, a power of two, {@link #CAPACITY_MIN}…{@link #CAPACITY_MAX}
     * @param firstPosition the position of the first byte, 0 or more: the end position of the ring that this one replaces
     * @param hasTimes whether each event has a time, which costs 8 more bytes for every 64 of capacity
     * @throws IllegalArgumentException if the capacity is not valid
     */
    public EventRing(final int capacity, final long firstPosition, final boolean hasTimes) {
        this.capacity = capacity;
        layout = new RingLayout(capacity, hasTimes);
        block = layout.allocate();
        slots = new Slots(block, layout);
        payload = new Payload(block.slice(0, capacity));
        consumer = new RingConsumer(this, slots, payload, firstPosition);
        LONG.setVolatile(block, layout.releasedPositionOffset, firstPosition);
        LONG.setVolatile(block, layout.claimOffset, firstPosition & POSITION_MASK);
    }

    /** {@return its capacity in bytes} */
    public int capacity() {
        return capacity;
    }

    /**
     * Claims room for one event. Lock-free. Every claim must be published or abandoned without delay.
     *
     * @param length bytes, 1 or more
     * @return the claim, not negative; or {@link #FULL}, or {@link #IS_CLOSED}
     */
    public long tryClaim(final int length) {
        final ByteBuffer b = block;
        final int claimOffset = layout.claimOffset;
        // The full-fence semantics of this read and of the CAS below order a claim against the consumer going idle.
        long word = (long) LONG.getVolatile(b, claimOffset);
        while (word >>> FLAGS_SHIFT == 0) {
            if (!hasRoom(word, length)) {
                // hasRoom() read the watermark after the word. The result is valid only if the word has not changed
                // since.
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

    /** Whether a claim may find room. False only if there was no room at some moment during this call. */
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
     * @param offset the index of the first byte
     * @param length as claimed, at most {@link #capacity}
     */
    public void copy(final long claim, final byte[] source, final int offset, final int length) {
        payload.put(claim, source, offset, length);
    }

    /**
     * Copies an event's bytes into its claim.
     *
     * @param claim from {@link #tryClaim}
     * @param source its bytes; position and limit do not change
     * @param offset the absolute index of the first byte
     * @param length as claimed, at most {@link #capacity}
     */
    public void copy(final long claim, final ByteBuffer source, final int offset, final int length) {
        payload.put(claim, source, offset, length);
    }

    /**
     * Stores the bytes of an event that is longer than the ring.
     *
     * @param claim from {@link #tryClaim}
     * @param event its bytes, which the ring owns from now on
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
     * Makes the event visible to the consumer, with its time. For a ring whose events have times.
     *
     * @param claim from {@link #tryClaim}
     * @param length as claimed
     * @param timeMillis the time that the consumer passes to its {@link Cut}
     * @return the event's end position
     */
    public long publish(final long claim, final int length, final long timeMillis) {
        slots.setTime(sequenceOf(claim), timeMillis);
        return publish(claim, length);
    }

    /**
     * Gives up a claim. Its bytes are never written.
     *
     * @param claim from {@link #tryClaim}
     * @param length as claimed
     */
    public void abandon(final long claim, final int length) {
        slots.set(sequenceOf(claim), ~(startOf(claim) + length));
    }

    /** Refuses every claim from now on. Existing claims can still be published and consumed. */
    public void close() {
        LONG.getAndBitwiseOr(block, layout.claimOffset, CLOSED);
        line.wakeAll();
    }

    /** {@return the only consumer of this ring; a log passes it only to its baton} */
    public RingConsumer consumer() {
        return consumer;
    }

    /** {@return the callers that sleep until there is room} */
    public WaitingLine line() {
        return line;
    }

    /** {@return the end position of everything claimed} */
    public long claimedPosition() {
        // Read the watermark first, so that the word is never behind it.
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

    /** {@return the end position of everything released} */
    public long releasedPosition() {
        return (long) LONG.getAcquire(block, layout.releasedPositionOffset);
    }

    /** Consumer: returns bytes and slots to the producers. */
    void release(final long position, final long sequence) {
        // Release: the kernel has finished with the bytes, and poll() with the slots; pairs with hasRoom().
        LONG.setRelease(block, layout.releasedSequenceOffset, sequence);
        LONG.setRelease(block, layout.releasedPositionOffset, position);
        line.roomMade();
    }

    /** Consumer: blocks every claim until {@link #ungate}. */
    void gate() {
        LONG.getAndBitwiseOr(block, layout.claimOffset, GATED);
    }

    /** Consumer: allows claims again. Volatile, hence a release: a producer that claims from now on reads the new payload. */
    void ungate() {
        LONG.getAndBitwiseAnd(block, layout.claimOffset, ~GATED);
        line.roomMade();
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
