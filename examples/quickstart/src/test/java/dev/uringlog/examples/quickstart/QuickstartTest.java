package dev.uringlog.examples.quickstart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The main job in small, and its replay of files that are not as one would wish. */
class QuickstartTest {
    @TempDir
    private Path dir;

    @Test
    void shouldPassInBothFrameworks() throws Exception {
        final Jvm.Outcome outcome = new Jvm(Quickstart.class, dir)
                .with("dir", dir)
                .with("events", 40_000)
                .run();
        assertPassed(outcome);
        assertTrue(outcome.output().contains("events per flush"), outcome.output());
        assertTrue(outcome.output().contains("PASS log4j2: 40,000 events"), outcome.output());
    }

    @Test
    void shouldPassWhereTheLocaleIsPosix() throws Exception {
        assertPassed(new Jvm(Quickstart.class, dir)
                .under("env", "LC_ALL=POSIX")
                .with("dir", dir)
                .with("events", 2_000)
                .run());
    }

    @Test
    void shouldReplayEmptyLinesCarriageReturnsAndBraces() throws Exception {
        assertReplayed(
                "one\n\n\r\ntwo\r\n{} %d ${java:os} \\n\n\n", "UTF-8, one event", "6 lines, equal to the input byte");
    }

    @Test
    void shouldSayThatALastLineWithoutNewlineGotOne() throws Exception {
        assertReplayed("one\ntwo", "UTF-8, one event", "2 lines, equal to the input, plus the newline");
    }

    @Test
    void shouldReplayAnEmptyFile() throws Exception {
        assertReplayed("", "UTF-8, one event", "0 lines, equal to the input byte");
    }

    @Test
    void shouldReplayEveryByteOfAFileThatIsNotUtf8() throws Exception {
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i < 256; i++) {
            bytes.write(i);
            bytes.write(255 - i);
        }
        bytes.write('\n');
        assertReplayed(bytes.toByteArray(), "ISO-8859-1, one event", "equal to the input byte");
    }

    @Test
    void shouldReplayLinesLongerThanTheRing() throws Exception {
        final StringBuilder text = new StringBuilder("short 漢\n");
        final Random random = new Random(7);
        for (int i = 0; i < 5 << 20; i++) {
            text.append((char) ('a' + random.nextInt(26)));
        }
        text.append("😀\nshort again\n");
        assertReplayed(text.toString(), "UTF-8, one event", "3 lines, equal to the input byte");
    }

    private void assertReplayed(final String text, final String... expected) throws IOException, InterruptedException {
        assertReplayed(text.getBytes(StandardCharsets.UTF_8), expected);
    }

    private void assertReplayed(final byte[] bytes, final String... expected) throws IOException, InterruptedException {
        final Path input = dir.resolve("input.txt");
        Files.write(input, bytes);
        final Jvm.Outcome outcome = new Jvm(Quickstart.class, dir)
                .with("dir", dir)
                .with("input", input)
                .run();
        assertPassed(outcome);
        for (final String text : expected) {
            assertTrue(outcome.output().contains(text), outcome.output());
        }
    }

    private static void assertPassed(final Jvm.Outcome outcome) {
        assertEquals(0, outcome.exitCode(), outcome.output());
        assertTrue(outcome.output().contains("\nPASS log4j2"), outcome.output());
        assertTrue(outcome.output().contains("\nPASS logback"), outcome.output());
    }
}
