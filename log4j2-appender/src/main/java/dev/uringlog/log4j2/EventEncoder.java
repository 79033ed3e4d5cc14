package dev.uringlog.log4j2;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.apache.logging.log4j.core.Layout;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.layout.ByteBufferDestination;
import org.apache.logging.log4j.core.util.Constants;

/**
 * One thread's buffer for the event it is encoding. A layout may hand text over in pieces, ask for more room, or log
 * something itself while it formats: then the inner event gets a buffer of its own.
 */
final class EventEncoder implements ByteBufferDestination {
    private static final int CAPACITY_MIN = 8 << 10;

    /** What a thread keeps after a large event. */
    private static final int CAPACITY_KEPT_MAX = 256 << 10;

    private static final ThreadLocal<EventEncoder> OWN = ThreadLocal.withInitial(EventEncoder::new);

    private ByteBuffer buffer = ByteBuffer.allocate(CAPACITY_MIN);
    private boolean isBusy;

    private EventEncoder() {}

    /** Encodes an event; the bytes are valid until {@link #release()}. */
    static EventEncoder encode(final Layout<?> layout, final LogEvent event) {
        final EventEncoder own = OWN.get();
        final EventEncoder encoder = own.isBusy ? new EventEncoder() : own;
        encoder.isBusy = true;
        boolean isDone = false;
        try {
            if (Constants.ENABLE_DIRECT_ENCODERS) {
                layout.encode(event, encoder);
            } else {
                encoder.writeBytes(ByteBuffer.wrap(layout.toByteArray(event)));
            }
            isDone = true;
            return encoder;
        } finally {
            if (!isDone) {
                encoder.release();
            }
        }
    }

    byte[] bytes() {
        return buffer.array();
    }

    int length() {
        return buffer.position();
    }

    void release() {
        if (buffer.capacity() > CAPACITY_KEPT_MAX) {
            buffer = ByteBuffer.allocate(CAPACITY_MIN);
        }
        buffer.clear();
        isBusy = false;
    }

    @Override
    public ByteBuffer getByteBuffer() {
        return buffer;
    }

    @Override
    public ByteBuffer drain(final ByteBuffer full) {
        grow(full.position() + 1);
        return buffer;
    }

    @Override
    public void writeBytes(final ByteBuffer data) {
        grow(buffer.position() + data.remaining());
        buffer.put(data);
    }

    @Override
    public void writeBytes(final byte[] data, final int offset, final int length) {
        grow(buffer.position() + length);
        buffer.put(data, offset, length);
    }

    private void grow(final int needed) {
        if (needed > buffer.capacity()) {
            final int length = buffer.position();
            final int capacity = Math.max(needed, (int) Math.min(Integer.MAX_VALUE - 8L, buffer.capacity() * 2L));
            buffer = ByteBuffer.wrap(Arrays.copyOf(buffer.array(), capacity)).position(length);
        } else {
            buffer.limit(buffer.capacity());
        }
    }
}
