package dev.uringlog.log4j2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.impl.Log4jLogEvent;
import org.apache.logging.log4j.core.layout.PatternLayout;
import org.apache.logging.log4j.message.SimpleMessage;
import org.junit.jupiter.api.Test;

/** One thread's buffer. */
class EventEncoderBufferTest {
    private static final PatternLayout LAYOUT = PatternLayout.newBuilder()
            .setPattern("%m")
            .setCharset(StandardCharsets.UTF_8)
            .build();

    private static LogEvent event(final String text) {
        return Log4jLogEvent.newBuilder().setMessage(new SimpleMessage(text)).build();
    }

    private static EventEncoder encode(final String text) {
        return EventEncoder.encode(LAYOUT, event(text));
    }

    private static String text(final EventEncoder encoder) {
        return new String(encoder.bytes(), 0, encoder.length(), StandardCharsets.UTF_8);
    }

    @Test
    void shouldUseOneBufferForEveryEventOfAThread() {
        final EventEncoder first = encode("one");
        first.release();
        final EventEncoder second = encode("two");
        second.release();

        assertSame(first, second);
    }

    @Test
    void shouldGiveAnEventWithinAnEventABufferOfItsOwn() {
        final EventEncoder outer = encode("outer");
        final EventEncoder inner = encode("inner");

        assertNotSame(outer, inner);
        assertEquals("inner", text(inner));
        assertEquals("outer", text(outer));
        inner.release();
        outer.release();
    }

    @Test
    void shouldKeepNoBufferOfUnusualSize() {
        final EventEncoder large = encode("x".repeat(1 << 20));
        assertEquals(1 << 20, large.length());
        large.release();

        assertEquals(8 << 10, large.bytes().length);
    }

    @Test
    void shouldKeepABufferThatHasGrownALittle() {
        final EventEncoder grown = encode("x".repeat(50_000));
        final int capacity = grown.bytes().length;
        grown.release();

        assertEquals(capacity, encode("small").bytes().length);
        grown.release();
    }

    @Test
    void shouldBeFreeAgainAfterALayoutThatThrew() {
        final LogEvent bad = Log4jLogEvent.newBuilder()
                .setMessage(new LateMessage(() -> {
                    throw new IllegalStateException("cannot be formatted");
                }))
                .build();
        assertThrows(IllegalStateException.class, () -> EventEncoder.encode(LAYOUT, bad));
        final EventEncoder after = encode("after");

        assertEquals("after", text(after));
        after.release();
        assertSame(after, encode("again"));
        after.release();
    }

    @Test
    void shouldTakePiecesInEveryWayALayoutMayHandThemOver() {
        final EventEncoder encoder = encode("a");
        encoder.writeBytes(new byte[] {'x', 'b', 'x'}, 1, 1);
        encoder.writeBytes(ByteBuffer.wrap(new byte[] {'c'}));
        final ByteBuffer drained = encoder.drain(encoder.getByteBuffer());
        drained.put((byte) 'd');

        assertEquals("abcd", text(encoder));
        assertSame(drained, encoder.getByteBuffer());
        encoder.release();
    }
}
