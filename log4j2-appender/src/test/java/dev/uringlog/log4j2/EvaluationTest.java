package dev.uringlog.log4j2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.logging.log4j.core.Layout;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.layout.AbstractLayout;
import org.apache.logging.log4j.core.layout.AbstractStringLayout;
import org.apache.logging.log4j.core.layout.ByteBufferDestination;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A layout is evaluated once per event, so that one that counts leaves no gap. */
class EvaluationTest {
    private static final String TEMPLATE = "{&quot;n&quot;:{&quot;$resolver&quot;:&quot;counter&quot;},"
            + "&quot;m&quot;:{&quot;$resolver&quot;:&quot;message&quot;,&quot;stringified&quot;:true}}";
    private static final Pattern NUMBER = Pattern.compile("(?:\\{\"n\":)?(\\d+)[ ,].*");

    @TempDir
    Path dir;

    private Path file;

    private static Stream<String> elements() {
        return Stream.of("IoUringFile", "RollingIoUringFile")
                .flatMap(kind -> Stream.of("", "durability=\"KERNEL\"")
                        .flatMap(attributes -> Stream.of(
                                        "<PatternLayout pattern=\"%sn %m%n\" charset=\"UTF-8\"/>",
                                        "<JsonTemplateLayout eventTemplate=\"" + TEMPLATE
                                                + "\" maxStringLength=\"200000\"/>")
                                .map(layout -> element(kind, attributes, layout))));
    }

    private static String element(final String kind, final String attributes, final String layout) {
        final boolean rolls = kind.startsWith("Rolling");
        return "<" + kind + " fileName=\"FILE\" ringSize=\"4 KiB\" " + attributes
                + (rolls ? " filePattern=\"FILE-%i\"" : "") + ">" + layout
                + (rolls ? "<SizeBasedTriggeringPolicy size=\"1 GB\"/>" : "") + "</" + kind + ">";
    }

    /** What Log4j's chunks would cut, what looks as if they had, what the ring does not hold; and a ring that is full. */
    @ParameterizedTest
    @MethodSource("elements")
    void shouldConsumeOneNumberForEachEventWhateverItsLength(final String element) {
        file = dir.resolve("app.log");
        final List<String> messages = new ArrayList<>();
        IntStream.range(0, 200).forEach(i -> messages.add("short?"));
        IntStream.rangeClosed(2030, 2050).forEach(i -> messages.add("a".repeat(i) + "😀?" + "b".repeat(3000)));
        Stream.of(8_192, 20_000, 100_000).forEach(length -> messages.add("?".repeat(length)));
        try (Rig rig = new Rig(element.replace("FILE", file.toString()))) {
            messages.forEach(rig.logger()::info);
        }

        final List<String> lines = Rig.lines(file);
        assertEquals(messages.size(), lines.size());
        final long first = number(lines.get(0));
        for (int i = 0; i < lines.size(); i++) {
            assertEquals(first + i, number(lines.get(i)));
            assertTrue(lines.get(i).contains(messages.get(i)), lines.get(i));
        }
    }

    private static long number(final String line) {
        final Matcher matcher = NUMBER.matcher(line);
        assertTrue(matcher.matches(), line);
        return Long.parseLong(matcher.group(1));
    }

    /** How a layout of one's own may be made: text, text that it encodes itself, bytes. */
    private enum Own {
        TEXT,
        ENCODED,
        BYTES;

        private Layout<?> layout(final AtomicLong count) {
            return this == BYTES ? new CountingBytes(count) : new CountingText(count, this == ENCODED);
        }
    }

    private static String text(final AtomicLong count, final LogEvent event) {
        return count.incrementAndGet() + " " + event.getMessage().getFormattedMessage() + "\n";
    }

    private static final class CountingText extends AbstractStringLayout {
        private final AtomicLong count;
        private final boolean isEncoder;

        CountingText(final AtomicLong count, final boolean isEncoder) {
            super(StandardCharsets.UTF_8);
            this.count = count;
            this.isEncoder = isEncoder;
        }

        @Override
        public String toSerializable(final LogEvent event) {
            return text(count, event);
        }

        @Override
        public void encode(final LogEvent event, final ByteBufferDestination destination) {
            if (isEncoder) {
                getStringBuilderEncoder().encode(new StringBuilder(toSerializable(event)), destination);
            } else {
                super.encode(event, destination);
            }
        }
    }

    private static final class CountingBytes extends AbstractLayout<byte[]> {
        private final AtomicLong count;

        CountingBytes(final AtomicLong count) {
            super(null, null, null);
            this.count = count;
        }

        @Override
        public byte[] toByteArray(final LogEvent event) {
            return text(count, event).getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public byte[] toSerializable(final LogEvent event) {
            return toByteArray(event);
        }

        @Override
        public String getContentType() {
            return "text/plain";
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TEXT", "ENCODED", "BYTES"})
    void shouldAskALayoutOfOnesOwnOnce(final String own) {
        file = dir.resolve("app.log");
        final AtomicLong count = new AtomicLong();
        final IoUringFileAppender appender = IoUringFileAppender.newBuilder()
                .setName("file")
                .setFileName(file.toString())
                .setLayout(Own.valueOf(own).layout(count))
                .build();
        appender.start();
        final List<String> messages = Stream.of(10, 2046, 3000, 100_000)
                .map(length -> "x".repeat(length) + "😀?" + "y".repeat(length))
                .toList();
        messages.forEach(message -> appender.append(EventEncoderTest.event(message)));
        appender.stop();

        assertEquals(messages.size(), count.get());
        assertEquals(
                IntStream.range(0, messages.size())
                        .mapToObj(i -> i + 1 + " " + messages.get(i))
                        .toList(),
                Rig.lines(file));
    }

    /** A discarded event has its number too; none has two. */
    @Test
    void shouldNumberEachEventOnceWhereSomeFindTheRingFull() {
        file = dir.resolve("app.log");
        final int count = 20_000;
        final long discarded;
        try (Rig rig = new Rig(element(
                        "IoUringFile",
                        "overflow=\"DISCARD\" discardLevel=\"INFO\"",
                        "<PatternLayout pattern=\"%sn %m%n\"/>")
                .replace("FILE", file.toString()))) {
            LongStream.range(0, count).forEach(i -> rig.logger().info("?"));
            final IoUringFileAppender appender = rig.appender(0);
            rig.stop();
            discarded = appender.statistics().discarded();
        }

        final List<String> lines = Rig.lines(file);
        assertEquals(
                count - discarded,
                lines.stream().filter(line -> line.endsWith(" ?")).count());
        // Those that tell of the discarded ones are numbered too.
        final long notices =
                lines.stream().filter(line -> line.contains(" discarded")).count();
        final LongSummaryStatistics numbers =
                lines.stream().mapToLong(EvaluationTest::number).summaryStatistics();
        assertTrue(numbers.getMax() - numbers.getMin() < count + notices, numbers.toString());
    }
}
