package dev.uringlog.ring;

import java.nio.ByteBuffer;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** The bytes of a ring. Producers copy their events into it, and the consumer reads them from it. */
final class Payload {
    /** Memory that the kernel may still read. Kept until the process ends. */
    private static final Queue<ByteBuffer> QUARANTINE = new ConcurrentLinkedQueue<>();

    private final int capacity;
    private final int mask;

    /** Producers read it after a claim. It is replaced only while the claim word is gated. */
    private ByteBuffer bytes;

    /** The bytes of the event that is longer than the ring, or null. Written before the event's slot, read after it. */
    private ByteBuffer oversized;

    // Used only by the consumer.
    private final ByteBuffer none = ByteBuffer.allocate(0);
    private final ByteBuffer[] parts = {none, none};
    private ByteBuffer head;
    private ByteBuffer tail;

    Payload(final ByteBuffer memory) {
        capacity = memory.capacity();
        mask = capacity - 1;
        use(memory);
    }

    private void use(final ByteBuffer memory) {
        bytes = memory;
        head = memory.duplicate();
        tail = memory.duplicate();
    }

    void put(final long claim, final byte[] source, final int offset, final int length) {
        final int index = (int) claim & mask;
        final int first = Math.min(length, capacity - index);
        bytes.put(index, source, offset, first);
        if (first < length) {
            bytes.put(0, source, offset + first, length - first);
        }
    }

    void put(final long claim, final ByteBuffer source, final int offset, final int length) {
        final int index = (int) claim & mask;
        final int first = Math.min(length, capacity - index);
        bytes.put(index, source, offset, first);
        if (first < length) {
            bytes.put(0, source, offset + first, length - first);
        }
    }

    void putOversized(final ByteBuffer event) {
        oversized = event;
    }

    /** Consumer: the oversized event is written. */
    void dropOversized() {
        oversized = null;
    }

    /** Consumer: these bytes, split where they wrap around. */
    ByteBuffer[] parts(final long from, final long length) {
        final int index = (int) from & mask;
        final int first = (int) Math.min(length, capacity - index);
        parts[0] = head.limit(index + first).position(index);
        parts[1] = first < length ? tail.limit((int) length - first).position(0) : none;
        return parts;
    }

    /** Consumer: the oversized event's bytes. */
    ByteBuffer[] oversizedParts(final int from) {
        parts[0] = oversized.duplicate().position(from);
        parts[1] = none;
        return parts;
    }

    /** Consumer, while no producer can claim: moves to new memory with the same content. */
    void replace() {
        if (oversized != null) {
            QUARANTINE.add(oversized);
        }
        final ByteBuffer old = bytes;
        QUARANTINE.add(old);
        final ByteBuffer fresh = ByteBuffer.allocateDirect(capacity);
        fresh.put(0, old, 0, capacity);
        use(fresh);
    }
}
