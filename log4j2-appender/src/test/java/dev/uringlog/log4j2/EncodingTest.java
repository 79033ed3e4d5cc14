package dev.uringlog.log4j2;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.logging.log4j.ThreadContext;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.impl.Log4jLogEvent;
import org.apache.logging.log4j.core.layout.AbstractStringLayout;
import org.apache.logging.log4j.message.SimpleMessage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bytes equal to those of Log4j's own file appender, under every kind of layout. */
class EncodingTest {
    private static final int[] LENGTHS = {10, 127, 1_000, 2_047, 4_095, 8_191, 8_192, 8_193, 16_384, 50_001, 100_000};

    private static final String UTF_8 = "<PatternLayout pattern=\"%m%n\" charset=\"UTF-8\"/>";
    private static final String EXCEPTIONS = "<PatternLayout pattern=\"%d{UNIX_MILLIS} %p [%t] %c %X %m%n%ex\"/>";

    @TempDir
    Path dir;

    private Path ours;
    private Path theirs;

    @BeforeEach
    void nameFiles() {
        ours = dir.resolve("ours");
        theirs = dir.resolve("theirs");
    }

    private Rig both(final String layout) {
        return new Rig(Rig.element("IoUringFile", ours, "", layout), Rig.element("File", theirs, "", layout));
    }

    private void assertSame() throws IOException {
        assertTrue(Files.size(theirs) > 0);
        assertArrayEquals(Files.readAllBytes(theirs), Files.readAllBytes(ours));
    }

    /** Of one, two and three bytes in UTF-8, and all of them, out of step with any buffer. */
    @ParameterizedTest
    @ValueSource(strings = {"a", "é", "€", "aé€"})
    void shouldWriteTextOfEveryLengthByteForByte(final String unit) throws IOException {
        final String expected = logEveryLength(both(UTF_8), unit);

        assertSame();
        assertEquals(expected, Rig.text(ours));
    }

    /** Not compared with Log4j's own: that one cuts pairs, see {@link EventEncoder}. */
    @ParameterizedTest
    @ValueSource(strings = {"😀", "aé€😀"})
    void shouldWriteSurrogatePairsWholeInTextOfEveryLength(final String unit) {
        final String expected = logEveryLength(new Rig(Rig.element("IoUringFile", ours, "", UTF_8)), unit);

        assertEquals(expected, Rig.text(ours));
    }

    private static String logEveryLength(final Rig rig, final String unit) {
        final StringBuilder expected = new StringBuilder();
        try (rig) {
            for (final int length : LENGTHS) {
                for (int shift = 0; shift < 4; shift++) {
                    final String text = "x".repeat(shift) + unit.repeat(length / unit.length());
                    rig.logger().info(text);
                    expected.append(text).append('\n');
                }
            }
        }
        return expected.toString();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ISO-8859-1", "US-ASCII", "UTF-16", "UTF-16LE"})
    void shouldWriteEveryCharsetByteForByte(final String charset) throws IOException {
        try (Rig rig = both("<PatternLayout pattern=\"%m%n\" charset=\"" + charset + "\"/>")) {
            for (final int length : LENGTHS) {
                rig.logger().info("aé€".repeat(length / 3));
            }
        }

        assertSame();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                EXCEPTIONS,
                "<JsonTemplateLayout eventTemplateUri=\"classpath:EcsLayout.json\"/>",
                "<JsonTemplateLayout eventTemplateUri=\"classpath:JsonLayout.json\" locationInfoEnabled=\"true\"/>",
                "<HtmlLayout title=\"é\" locationInfo=\"true\"/>",
                "<GelfLayout compressionType=\"OFF\" includeNewLineDelimiter=\"true\"/>",
                "<Rfc5424Layout appName=\"app\" newLine=\"true\"/>",
                "<SyslogLayout newLine=\"true\"/>",
                "<PatternLayout pattern=\"%m%n\" header=\"é BEGIN%n\" footer=\"END 😀%n\"/>"
            })
    void shouldWriteWhatAnyLayoutMakesOfAnEvent(final String layout) throws IOException {
        ThreadContext.put("user", "é€😀");
        try (Rig rig = both(layout)) {
            for (final int length : LENGTHS) {
                rig.logger().info("{} {}", "é".repeat(length), length);
                rig.logger().error("bad", new IllegalStateException("é", new IOException("€".repeat(length))));
            }
            assertEquals(List.of(), rig.errors());
        } finally {
            ThreadContext.remove("user");
        }

        assertSame();
    }

    /** Formatting one event logs another, by a logger with an appender reference of its own. */
    @Test
    void shouldWriteWhatIsLoggedWhileAnEventIsFormatted() {
        final String xml = "<Configuration><Appenders>"
                + Rig.lines(ours, "ringSize=\"4 KiB\"").replaceFirst("IoUringFile", "IoUringFile name=\"a0\"")
                + "</Appenders><Loggers><Root level=\"trace\"><AppenderRef ref=\"a0\"/></Root>"
                + "<Logger name=\"inner\" additivity=\"false\"><AppenderRef ref=\"a0\"/></Logger></Loggers>"
                + "</Configuration>";
        try (Rig rig = new Rig(new org.apache.logging.log4j.core.LoggerContext("recursion"), xml)) {
            final String large = "y".repeat(20_000);
            for (int i = 0; i < 100; i++) {
                rig.logger().info(new LateMessage(() -> {
                    rig.logger("inner").info("inner " + large);
                    return "outer end";
                }));
            }
            rig.stop();

            final List<String> lines = Rig.lines(ours);
            assertEquals(200, lines.size());
            for (int i = 0; i < lines.size(); i += 2) {
                assertEquals("inner " + large, lines.get(i));
                assertEquals("outer end", lines.get(i + 1));
            }
        }
    }

    @Test
    void shouldKeepOneEventWholeWhenItsArgumentLogsThroughTheSameReference() {
        try (Rig rig = new Rig(Rig.lines(ours, ""))) {
            rig.logger().info(new LateMessage(() -> {
                rig.logger().info("Log4j itself keeps this one out");
                return "outer end";
            }));
            rig.stop();

            assertEquals("outer end\n", Rig.text(ours));
            assertTrue(
                    rig.errors().get(0).contains("Recursive call"), rig.errors().toString());
        }
    }

    @Test
    void shouldGoOnAfterALayoutThatThrew() {
        try (Rig rig = new Rig(Rig.lines(ours, ""))) {
            rig.logger().info("before");
            rig.logger().info(new LateMessage(() -> {
                throw new IllegalStateException("cannot be formatted");
            }));
            rig.logger().info("after");
            rig.stop();

            assertEquals("before\nafter\n", Rig.text(ours));
            assertEquals(1, rig.errors().size());
            assertTrue(rig.errors().stream().noneMatch(line -> line.contains("secret")), () -> "" + rig.errors());
        }
    }

    /** In a JVM of its own, for Log4j reads this switch once. */
    @ParameterizedTest
    @ValueSource(strings = {"log4j2.enable.direct.encoders", "log4j2.enable.threadlocals"})
    void shouldWriteTheSameWithoutGarbageFreeEncoding(final String property) throws Exception {
        final Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-D" + property + "=false",
                        "-cp",
                        System.getProperty("java.class.path"),
                        WriteBoth.class.getName(),
                        ours.toString(),
                        theirs.toString())
                .inheritIO()
                .start();

        assertTrue(process.waitFor(60, TimeUnit.SECONDS));
        assertEquals(0, process.exitValue());
        assertSame();
    }

    /** What the forked JVM runs. */
    static final class WriteBoth {
        private WriteBoth() {}

        public static void main(final String[] args) {
            try (Rig rig = new Rig(
                    Rig.element("IoUringFile", Path.of(args[0]), "", UTF_8),
                    Rig.element("File", Path.of(args[1]), "", UTF_8))) {
                for (final int length : LENGTHS) {
                    rig.logger().info("{}", "aé€".repeat(length / 3));
                }
            }
        }
    }

    /** A newline of one byte at the end of what another run has left would. */
    @ParameterizedTest
    @ValueSource(strings = {"UTF-16LE", "UTF-16BE", "UTF-32LE", "IBM1047"})
    void shouldNotPutTheNextRunOutOfStepWhereANewlineIsNotThatOneByte(final String charset) throws IOException {
        final String layout = "<PatternLayout pattern=\"%m%n\" charset=\"" + charset + "\"/>";
        for (final String run : List.of("first", "second")) {
            try (Rig rig = both(layout)) {
                rig.logger().info(run);
            }
        }

        assertSame();
    }

    @Test
    void shouldWriteWhatALayoutMakesThatDoesNotSayItsCharset() throws IOException {
        final IoUringFileAppender appender = IoUringFileAppender.newBuilder()
                .setName("file")
                .setFileName(ours.toString())
                .setLayout(new AbstractStringLayout(StandardCharsets.UTF_8) {
                    @Override
                    public Charset getCharset() {
                        return null;
                    }

                    @Override
                    public String toSerializable(final LogEvent event) {
                        return event.getMessage().getFormattedMessage() + "\n";
                    }
                })
                .build();
        appender.start();
        appender.append(Log4jLogEvent.newBuilder()
                .setMessage(new SimpleMessage("event"))
                .build());
        appender.stop();
        assertEquals("event\n", Files.readString(ours));
    }
}
