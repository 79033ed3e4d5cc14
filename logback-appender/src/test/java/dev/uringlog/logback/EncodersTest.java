package dev.uringlog.logback;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.html.HTMLLayout;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.FileAppender;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import net.logstash.logback.encoder.LogstashEncoder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.MDC;
import org.slf4j.MarkerFactory;

/** Whatever the encoder, the file is byte for byte the one that Logback's own appender writes. */
class EncodersTest {
    /** ASCII, two bytes, three bytes, a surrogate pair, and half of one. */
    private static final String[] ALPHABETS = {"plain ascii ", "äöüßé", "漢字日本語", "😀👍", "a\uD83Db"};

    private static final int[] LENGTHS = {10, 100, 1_000, 8_191, 8_192, 8_193, 30_000, 100_000};

    @TempDir
    Path directory;

    private final Rig rig = new Rig();

    @AfterEach
    void stop() {
        rig.context.stop();
        MDC.clear();
    }

    private void assertSameBytes(final Supplier<Encoder<ILoggingEvent>> encoders) throws Exception {
        final Path theirs = directory.resolve("theirs.log");
        final Path ours = directory.resolve("ours.log");
        final Logger logger = rig.context.getLogger("some.Logger");
        attach(logger, new FileAppender<>(), theirs, encoders.get());
        attach(logger, new IoUringFileAppender<>(), ours, encoders.get());
        logEverything(logger);
        rig.context.stop();
        assertEquals(List.of(), rig.errors());
        assertTrue(Files.size(theirs) > 1_000_000, "there was something to compare");
        assertArrayEquals(bytes(theirs), bytes(ours));
    }

    /** A file's bytes, without the one line that tells when a layout wrote its header. */
    private static byte[] bytes(final Path file) throws Exception {
        final String text = Files.readString(file, StandardCharsets.ISO_8859_1);
        return text.replaceFirst("Log session start time [^<]*", "").getBytes(StandardCharsets.ISO_8859_1);
    }

    private void attach(
            final Logger logger,
            final FileAppender<ILoggingEvent> appender,
            final Path file,
            final Encoder<ILoggingEvent> encoder) {
        appender.setContext(rig.context);
        appender.setName(file.toString());
        appender.setFile(file.toString());
        appender.setEncoder(encoder);
        appender.start();
        logger.addAppender(appender);
    }

    private static void logEverything(final Logger logger) {
        for (final String alphabet : ALPHABETS) {
            for (final int length : LENGTHS) {
                final String text =
                        alphabet.repeat(length / alphabet.length() + 1).substring(0, length);
                logger.info("{} {}", length, text);
                logger.error("thrown", new IllegalStateException(text, new RuntimeException("caused by\nthis")));
            }
        }
        MDC.put("user", "müller");
        logger.warn(MarkerFactory.getMarker("SAFE"), "with a marker and context\nand a line break");
        MDC.remove("user");
        final Random random = new Random(1);
        for (int i = 0; i < 2_000; i++) {
            logger.debug("x".repeat(random.nextInt(500)));
        }
    }

    @Test
    void shouldWriteWhatAPatternSays() throws Exception {
        assertSameBytes(
                () -> rig.pattern("%d{HH:mm:ss.SSS} %-5level [%thread] %marker %X{user} %logger{5} - %msg%n%ex"));
    }

    @Test
    void shouldKnowItsCaller() throws Exception {
        assertSameBytes(() -> rig.pattern("%class.%method:%line %msg%n"));
    }

    @Test
    void shouldWriteLogbacksJson() throws Exception {
        assertSameBytes(() -> start(new JsonEncoder()));
    }

    @Test
    void shouldWriteLogstashsJson() throws Exception {
        assertSameBytes(() -> start(new LogstashEncoder()));
    }

    @Test
    void shouldWriteHtmlWithItsHeadAndFoot() throws Exception {
        assertSameBytes(() -> {
            final HTMLLayout layout = new HTMLLayout();
            layout.setContext(rig.context);
            layout.setPattern("%level%msg%X{user}");
            layout.start();
            final LayoutWrappingEncoder<ILoggingEvent> encoder = new LayoutWrappingEncoder<>();
            encoder.setLayout(layout);
            return start(encoder);
        });
    }

    private <T extends Encoder<ILoggingEvent>> T start(final T encoder) {
        encoder.setContext(rig.context);
        encoder.start();
        return encoder;
    }

    @Test
    void shouldWriteTheHeaderOnlyIntoAnEmptyFileAndTheFooterAtEachStop() throws Exception {
        final Path file = directory.resolve("a.log");
        final IoUringFileAppender<String> appender = rig.appender(
                file,
                new TestEncoder<String>(TestEncoder::utf8).header("head\n").footer("foot\n"));
        appender.start();
        appender.doAppend("one\n");
        appender.stop();
        appender.start();
        appender.doAppend("two\n");
        appender.stop();
        assertEquals("head\none\nfoot\ntwo\nfoot\n", Files.readString(file));
    }

    @Test
    void shouldPassOverAnEventThatEncodesToNothing() throws Exception {
        final Path file = directory.resolve("a.log");
        final IoUringFileAppender<String> appender = rig.appender(
                file, new TestEncoder<>(text -> text.isEmpty() ? null : TestEncoder.utf8(text.trim() + "\n")));
        appender.start();
        List.of("a", "", "b").forEach(appender::doAppend);
        appender.stop();
        assertEquals("a\nb\n", Files.readString(file));
        assertEquals(List.of(), rig.errors());
    }

    @Test
    void shouldEncodeInTurnWhereTheEncoderIsStatefulAndWriteInThatOrder() throws Exception {
        final Path file = directory.resolve("a.log");
        final int[] next = {0};
        // No two of these may run at once, or numbers would be used twice.
        final IoUringFileAppender<String> appender = rig.appender(
                file,
                new TestEncoder<String>(text -> TestEncoder.utf8(next[0]++ + "\n"))
                        .footer("foot\n")
                        .stateful());
        appender.setRingSize("4 KiB");
        appender.start();
        final Thread[] threads = new Thread[4];
        for (int t = 0; t < threads.length; t++) {
            threads[t] = new Thread(() -> IntStream.range(0, 20_000).forEach(i -> appender.doAppend("")));
            threads[t].start();
        }
        for (final Thread thread : threads) {
            thread.join();
        }
        appender.stop();
        final List<String> lines = Files.readAllLines(file);
        assertEquals(80_001, lines.size());
        for (int i = 0; i < 80_000; i++) {
            assertEquals(i, Integer.parseInt(lines.get(i)));
        }
        assertEquals("foot", lines.get(80_000));
    }

    @Test
    void shouldBearEventsThatLogWhileTheyAreFormatted() throws Exception {
        final Path file = directory.resolve("a.log");
        final IoUringFileAppender<ILoggingEvent> appender = rig.lines(file);
        appender.setRingSize("4 KiB");
        appender.start();
        final Logger logger = rig.context.getLogger("test");
        logger.addAppender(appender);
        final Object talkative = new Object() {
            @Override
            public String toString() {
                logger.info("inner");
                return "outer";
            }
        };
        for (int i = 0; i < 5_000; i++) {
            logger.info("{}", talkative);
        }
        rig.context.stop();
        assertEquals("inner\nouter\n".repeat(5_000), Files.readString(file));
    }

    @Test
    void shouldWrapALayoutAsLogbackDoes() throws Exception {
        final Path file = directory.resolve("a.log");
        final OutputStreamAppender<ILoggingEvent> appender = rig.lines(file);
        final HTMLLayout layout = new HTMLLayout();
        layout.setContext(rig.context);
        layout.start();
        appender.setLayout(layout);
        appender.start();
        appender.stop();
        assertTrue(Files.readString(file).contains("<html"));
    }

    /** A newline of one byte at the end of what another run has left would. */
    @ParameterizedTest
    @ValueSource(strings = {"UTF-16LE", "UTF-16BE", "UTF-32LE", "IBM1047"})
    void shouldNotPutTheNextRunOutOfStepWhereANewlineIsNotThatOneByte(final String charset) throws Exception {
        final Path file = directory.resolve("a.log");
        for (final String run : List.of("first", "second")) {
            final PatternLayoutEncoder encoder = rig.pattern("%msg%n");
            encoder.setCharset(Charset.forName(charset));
            final Logger logger = rig.context.getLogger(run);
            attach(logger, new IoUringFileAppender<>(), file, encoder);
            logger.info(run);
            logger.detachAndStopAllAppenders();
        }
        assertEquals("first\nsecond\n", Files.readString(file, Charset.forName(charset)));
    }
}
