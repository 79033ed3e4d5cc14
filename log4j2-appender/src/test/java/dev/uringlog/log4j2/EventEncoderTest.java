package dev.uringlog.log4j2;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.StringLayout;
import org.apache.logging.log4j.core.impl.Log4jLogEvent;
import org.apache.logging.log4j.core.layout.GelfLayout;
import org.apache.logging.log4j.core.layout.PatternLayout;
import org.apache.logging.log4j.message.SimpleMessage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventEncoderTest {
    /** Log4j's chunk of characters, and its buffer of bytes. */
    private static final int[] BORDERS = {2048, 4096, 8192, 16_384};

    @ParameterizedTest
    @ValueSource(strings = {"UTF-8", "UTF-16LE", "ISO-8859-1", "US-ASCII"})
    void shouldKeepASurrogatePairWholeWhereverAChunkEnds(final String charset) {
        final PatternLayout layout = PatternLayout.newBuilder()
                .setPattern("%m")
                .setCharset(Charset.forName(charset))
                .build();
        for (final int border : BORDERS) {
            for (int length = border - 4; length <= border + 1; length++) {
                assertEncoded("a".repeat(length) + "😀" + "b".repeat(3000), layout);
            }
        }
    }

    @Test
    void shouldKeepAPairWholeInALayoutThatEncodesItself() {
        final GelfLayout layout = GelfLayout.newBuilder()
                .setCompressionType(GelfLayout.CompressionType.OFF)
                .setHost("host")
                .build();
        for (int length = 1900; length < 2048; length++) {
            final LogEvent event = event("a".repeat(length) + "😀" + "b".repeat(3000));
            assertArrayEquals(layout.toByteArray(event), encode(event, layout));
        }
    }

    @Test
    void shouldEncodeEveryCharacterAsTheJdkDoes() {
        final Random random = new Random(11);
        for (int round = 0; round < 2000; round++) {
            final char[] chars = new char[random.nextInt(40)];
            for (int i = 0; i < chars.length; i++) {
                // Halves of pairs among them, alone and in the wrong order.
                final int[] starts = {0, 0x80, 0x800, 0xD800, 0xDC00, 0xFF00};
                chars[i] = (char) (starts[random.nextInt(starts.length)] + random.nextInt(0x100));
            }
            final byte[] bytes = new byte[1 + chars.length * Utf8.BYTES_PER_CHAR_MAX];
            final int end = Utf8.encode(chars, chars.length, bytes, 1);
            final byte[] expected = new String(chars).getBytes(StandardCharsets.UTF_8);
            assertEquals(expected.length, end - 1);
            assertArrayEquals(expected, Arrays.copyOfRange(bytes, 1, end));
            assertSingleByte(chars, StandardCharsets.US_ASCII);
            assertSingleByte(chars, StandardCharsets.ISO_8859_1);
        }
    }

    private static void assertSingleByte(final char[] chars, final Charset charset) {
        final byte[] bytes = new byte[chars.length];
        final int end = SingleByte.encode(chars, chars.length, SingleByte.charCount(charset), bytes);
        assertArrayEquals(new String(chars).getBytes(charset), Arrays.copyOf(bytes, end));
    }

    private static void assertEncoded(final String message, final PatternLayout layout) {
        assertArrayEquals(message.getBytes(layout.getCharset()), encode(event(message), layout));
    }

    private static byte[] encode(final LogEvent event, final StringLayout layout) {
        final EventEncoder encoder = EventEncoder.encode(layout, event);
        final byte[] bytes = Arrays.copyOf(encoder.bytes(), encoder.length());
        encoder.release();
        return bytes;
    }

    private static LogEvent event(final String message) {
        return Log4jLogEvent.newBuilder()
                .setLevel(Level.INFO)
                .setLoggerName("test")
                .setTimeMillis(0)
                .setMessage(new SimpleMessage(message))
                .build();
    }
}
