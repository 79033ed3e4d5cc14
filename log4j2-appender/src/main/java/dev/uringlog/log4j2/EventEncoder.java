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
import org.apache.logging.log4j.core.appender.AppenderLoggingException;
import org.apache.logging.log4j.core.layout.ByteBufferDestination;
import org.apache.logging.log4j.core.layout.PatternLayout;
import org.apache.logging.log4j.core.util.Constants;

/**
 * One thread's buffer for the event that it encodes. A layout may write its text in pieces and ask for more room. If it logs
 * while it formats, the inner event gets its own buffer.
 *
 * <p>A layout is evaluated once per event, because it may count, as {@code %sn} and JsonTemplateLayout's counter do. Log4j's
 * garbage-free encoding breaks a surrogate pair across two of its chunks of {@value #CHUNK_CHARS} characters (seen in 2.26.1, in
 * its own file appenders too), and the pair cannot be repaired afterwards. So the text of a pattern is encoded here as a whole.
 * Any other text layout is asked for an array, which allocates.
 */
final class EventEncoder implements ByteBufferDestination {
    private static final int CAPACITY_MIN = 8 << 10;

    /** What a thread keeps after a large event. */
    private static final int CAPACITY_KEPT_MAX = 256 << 10;

    /** Log4j's ENCODER_CHAR_BUFFER_SIZE by default. */
    private static final int CHUNK_CHARS = 2048;

    /** Longer text is encoded in pieces: in one go, the buffer would have to be as large as the text could possibly become. */
    private static final int CHARS_WHOLE_MAX = 64 << 10;

    /** The largest array. */
    private static final int BYTES_MAX = Integer.MAX_VALUE - 8;

    /** Weak, so that a container's thread does not keep the classes of an application that has been undeployed. */
    private static final ThreadLocal<WeakReference<EventEncoder>> OWN = new ThreadLocal<>();

    private ByteBuffer buffer = ByteBuffer.allocate(CAPACITY_MIN);
    private StringBuilder text = new StringBuilder(CHUNK_CHARS);
    private CharBuffer chars = CharBuffer.allocate(CHUNK_CHARS);
    private CharsetEncoder encoder;
    private boolean isBusy;
    private boolean isOwn = true;

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
            adopt(layout.toByteArray(event));
        } else {
            layout.encode(event, this);
        }
    }

    private void encodeWhole(final PatternLayout layout, final Charset charset, final LogEvent event) {
        text.setLength(0);
        if (event.getMessage() instanceof CharSequence message && message.length() > CHARS_WHOLE_MAX) {
            // Otherwise a newline after it would double the buffer.
            text.ensureCapacity(message.length() + CHUNK_CHARS);
        }
        final StringBuilder formatted = layout.getEventSerializer().toSerializable(event, text);
        final int length = formatted.length();
        if (encoder == null || encoder.charset() != charset) {
            encoder = newEncoder(charset);
        }
        if (length > CHARS_WHOLE_MAX) {
            encodeLarge(formatted);
            return;
        }
        if (length > chars.capacity()) {
            chars = CharBuffer.allocate(Math.max(length, chars.capacity() * 2));
        }
        formatted.getChars(0, length, chars.array(), 0);
        grow((int) Math.min(BYTES_MAX, Math.ceil((double) length * encoder.maxBytesPerChar())));
        encoder.reset();
        encoder.encode(chars.clear().limit(length), buffer, true);
        encoder.flush(buffer);
    }

    /** Two passes: the first counts, so that the second allocates exactly what the bytes need. */
    private void encodeLarge(final StringBuilder formatted) {
        final ByteBuffer counted = ByteBuffer.allocate(CAPACITY_MIN);
        final long length = encodePieces(formatted, counted, true);
        if (length > BYTES_MAX) {
            throw new AppenderLoggingException("an event of " + length + " bytes is too long for an array");
        }
        buffer = ByteBuffer.allocate((int) length);
        encodePieces(formatted, buffer, false);
        text = new StringBuilder(CHUNK_CHARS); // Frees the text before the log copies the bytes.
    }

    /** Returns the number of bytes. With {@code isCount} the target is emptied whenever it is full. */
    private long encodePieces(final StringBuilder formatted, final ByteBuffer target, final boolean isCount) {
        final int length = formatted.length();
        long made = 0;
        encoder.reset();
        chars.clear();
        for (int from = 0; from < length; ) {
            final int to = Math.min(length, from + chars.remaining());
            formatted.getChars(from, to, chars.array(), chars.position());
            chars.position(chars.position() + to - from).flip();
            from = to;
            while (encoder.encode(chars, target, from == length).isOverflow() && isCount) {
                made += target.position();
                target.clear();
            }
            chars.compact(); // Half a surrogate pair waits for the other.
        }
        while (encoder.flush(target).isOverflow() && isCount) {
            made += target.position();
            target.clear();
        }
        return made + target.position();
    }

    /** Replaces characters that it cannot encode, as {@link String#getBytes} does. */
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

    /** Whether the bytes stay unchanged after {@link #release()}, because nothing else uses this array. */
    boolean isGivenAway() {
        return isOwn && buffer.capacity() > CAPACITY_KEPT_MAX;
    }

    void release() {
        if (buffer.capacity() > CAPACITY_KEPT_MAX) {
            buffer = ByteBuffer.allocate(CAPACITY_MIN);
            isOwn = true;
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
        // Always larger: a character of several bytes may not fit although a byte or two are left.
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

    /** Takes an event that the layout has encoded. */
    private void adopt(final byte[] encoded) {
        if (encoded.length > CAPACITY_KEPT_MAX) {
            buffer = ByteBuffer.wrap(encoded).position(encoded.length);
            isOwn = false; // The layout may keep it.
        } else {
            writeBytes(encoded, 0, encoded.length);
        }
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
