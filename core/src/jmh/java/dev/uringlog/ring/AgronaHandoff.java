package dev.uringlog.ring;

import java.nio.ByteBuffer;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.ManyToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;

/** Agrona's ring: a header before each event, aligned to 8 bytes, zeroed by the consumer. */
final class AgronaHandoff implements Handoff {
    private static final int TYPE = 1;
    private static final int CACHE_LINE = 64;

    private final ManyToOneRingBuffer ring = new ManyToOneRingBuffer(
            new UnsafeBuffer(ByteBuffer.allocateDirect(CAPACITY + RingBufferDescriptor.TRAILER_LENGTH + CACHE_LINE)
                    .alignedSlice(CACHE_LINE)
                    .limit(CAPACITY + RingBufferDescriptor.TRAILER_LENGTH)
                    .slice()));

    /** A view of the event, because the ring takes no array. One a thread; wrapping it again is two stores. */
    private final ThreadLocal<UnsafeBuffer> views = ThreadLocal.withInitial(() -> new UnsafeBuffer(new byte[0]));

    private final MessageHandler ignore = (type, buffer, index, length) -> {};

    @Override
    public boolean offer(final byte[] event) {
        final UnsafeBuffer view = views.get();
        view.wrap(event);
        return ring.write(TYPE, view, 0, event.length);
    }

    @Override
    public int drain() {
        return ring.read(ignore);
    }
}
