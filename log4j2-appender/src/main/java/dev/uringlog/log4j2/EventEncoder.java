package dev.uringlog.log4j2;

import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.CodingErrorAction;
import java.util.Arrays;
import org.apache.logging.log4j.core.Layout;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.StringLayout;
import org.apache.logging.log4j.core.layout.ByteBufferDestination;
import org.apache.logging.log4j.core.layout.PatternLayout;
import org.apache.logging.log4j.core.util.Constants;

/**
 * One thread's buffer for the event it is encoding. A layout may hand text over in pieces, ask for more room, or log
 * something itself while it formats: then the inner event gets a buffer of its own.
 *
 * <p>A layout is evaluated once per event: it may count, as {@code %sn} and JsonTemplateLayout's counter do. Log4j's garbage-free
 * encoding breaks a surrogate pair that lies across two of its chunks of {@value #CHUNK_CHARS} characters (seen in 2.26.1, in its
 * own file appenders too), and afterwards nothing can mend the pair. So a pattern's text is encoded here, whole, and any other
 * text layout is asked for an array, which allocates.
 */
final class EventEncoder implements ByteBufferDestination {
    private static final int CAPACITY_MIN = 8 << 10;

    /** What a thread keeps after a large event. */
    private static final int CAPACITY_KEPT_MAX = 256 << 10;

    /** Log4j's ENCODER_CHAR_BUFFER_SIZE by default. */
    private static final int CHUNK_CHARS = 2048;

    /** What an array can hold. */
    private static final int BYTES_MAX = Integer.MAX_VALUE - 8;

    /** Weak, or a thread of a container would hold the classes of an application that has gone. */
    private static final ThreadLocal<WeakReference<EventEncoder>> OWN = new ThreadLocal<>();

    private ByteBuffer buffer = ByteBuffer.allocate(CAPACITY_MIN);
    private StringBuilder text = new StringBuilder(CHUNK_CHARS);
    private CharBuffer chars = CharBuffer.allocate(CHUNK_CHARS);
    private CharsetEncoder encoder;
    private boolean isBusy;

    private EventEncoder() {}

    /** Encodes an event; the bytes are valid until {@link #release()}. */
    static EventEncoder encode(final Layout<?> layout, final LogEvent event) {
        final WeakReference<EventEncoder> kept = OWN.get();
        final EventEncoder own = kept == null ? null : kept.get();
        final EventEncoder encoder = own == null || own.isBusy ? new EventEncoder() : own;
        if (own == null) {
            OWN.set(new WeakReference<>(encoder));
        }
        encoder.isBusy = true;
        boolean isDone = false;
        try {
            encoder.fill(layout, event);
            isDone = true;
            return encoder;
        } finally {
            if (!isDone) {
                encoder.release();
            }
        }
    }

    private void fill(final Layout<?> layout, final LogEvent event) {
        if (Constants.ENABLE_DIRECT_ENCODERS
                && layout instanceof PatternLayout pattern
                && pattern.getCharset() != null) {
            encodeWhole(pattern, pattern.getCharset(), event);
        } else if (!Constants.ENABLE_DIRECT_ENCODERS || layout instanceof StringLayout) {
            writeBytes(ByteBuffer.wrap(layout.toByteArray(event)));
        } else {
            layout.encode(event, this);
        }
    }

    private void encodeWhole(final PatternLayout layout, final Charset charset, final LogEvent event) {
        text.setLength(0);
        final StringBuilder formatted = layout.getEventSerializer().toSerializable(event, text);
        final int length = formatted.length();
        if (length > chars.capacity()) {
            chars = CharBuffer.allocate(Math.max(length, chars.capacity() * 2));
        }
        formatted.getChars(0, length, chars.array(), 0);
        if (encoder == null || encoder.charset() != charset) {
            encoder = newEncoder(charset);
        }
        grow((int) Math.min(BYTES_MAX, Math.ceil((double) length * encoder.maxBytesPerChar())));
        encoder.reset();
        if (encoder.encode(chars.clear().limit(length), buffer, true).isOverflow()
                || encoder.flush(buffer).isOverflow()) {
            // Might have needed more than an array can be asked for, though perhaps it does not.
            buffer.clear();
            writeBytes(ByteBuffer.wrap(formatted.toString().getBytes(charset)));
        }
    }

    /** Replaces what it cannot encode, as {@link String#getBytes} does. */
    private static CharsetEncoder newEncoder(final Charset charset) {
        return charset.newEncoder()
                .onMalformedInput(CodingErrorAction.REPLACE)
                .onUnmappableCharacter(CodingErrorAction.REPLACE);
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
            text = new StringBuilder(CHUNK_CHARS);
            chars = CharBuffer.allocate(CHUNK_CHARS);
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
        // Always larger: what did not fit may be one character of several bytes, with a byte or two left.
        grow(full.capacity() + 1);
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
            final int capacity = Math.max(needed, (int) Math.min(BYTES_MAX, buffer.capacity() * 2L));
            buffer = ByteBuffer.wrap(Arrays.copyOf(buffer.array(), capacity)).position(length);
        } else {
            buffer.limit(buffer.capacity());
        }
    }
}
