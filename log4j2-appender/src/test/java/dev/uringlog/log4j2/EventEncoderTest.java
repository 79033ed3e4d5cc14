package dev.uringlog.log4j2;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.Charset;
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

    @ParameterizedTest
    @ValueSource(strings = {"UTF-8", "UTF-16", "ISO-8859-1", "US-ASCII", "ISO-2022-JP"})
    void shouldEncodeLongTextAsTheJdkDoesInNoMoreMemoryThanItsBytesTake(final String charset) {
        final PatternLayout layout = PatternLayout.newBuilder()
                .setPattern("%m")
                .setCharset(Charset.forName(charset))
                .build();
        for (int length = 99 * 1024 - 2; length <= 99 * 1024 + 1; length++) {
            final String message = "é".repeat(length) + "😀\ud83d\u3042" + "b".repeat(300_000) + "\ud83d";
            assertEncoded(message, layout);
            final EventEncoder encoded = EventEncoder.encode(layout, event(message));
            assertEquals(encoded.length(), encoded.bytes().length);
            encoded.release();
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

    @ParameterizedTest
    @ValueSource(strings = {"UTF-8", "US-ASCII", "ISO-8859-1", "UTF-16", "windows-1252", "ISO-2022-JP"})
    void shouldEncodeEveryCharacterAsTheJdkDoes(final String charset) {
        final PatternLayout layout = PatternLayout.newBuilder()
                .setPattern("%m")
                .setCharset(Charset.forName(charset))
                .build();
        final Random random = new Random(11);
        for (int round = 0; round < 2000; round++) {
            final char[] chars = new char[random.nextInt(40)];
            for (int i = 0; i < chars.length; i++) {
                // Halves of pairs among them, alone and in the wrong order.
                final int[] starts = {0, 0x80, 0x800, 0x3040, 0xD800, 0xDC00, 0xFF00};
                chars[i] = (char) (starts[random.nextInt(starts.length)] + random.nextInt(0x100));
            }
            assertEncoded(new String(chars), layout);
        }
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

    static LogEvent event(final String message) {
        return Log4jLogEvent.newBuilder()
                .setLevel(Level.INFO)
                .setLoggerName("test")
                .setTimeMillis(0)
                .setMessage(new SimpleMessage(message))
                .build();
    }
}
