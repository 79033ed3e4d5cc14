package dev.uringlog.append.full;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.uringlog.append.AppendLog;
import dev.uringlog.append.AppendTerms;
import dev.uringlog.append.Durability;
import dev.uringlog.append.OverflowPolicy;
import dev.uringlog.testing.ChildJvm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Events longer than the ring where memory is short. */
@Timeout(60)
class LargeEventTest {
    /** More than the direct memory that these JVMs have. */
    private static final int LARGE = 7 << 20;

    @TempDir
    Path directory;

    /** Logs a small event, three large ones by each way in, and a small one. */
    static final class LogsLargeEvents {
        private LogsLargeEvents() {}

        public static void main(final String[] arguments) throws IOException {
            final byte[] event = new byte[LARGE];
            Arrays.fill(event, (byte) 'x');
            event[LARGE - 1] = '\n';
            try (AppendLog log = AppendLog.builder(Path.of(arguments[0]))
                    .shared(Boolean.parseBoolean(arguments[1]))
                    .open()) {
                log.append(new byte[] {'a', '\n'});
                for (int i = 0; i < 3; i++) {
                    log.append(event);
                    log.append(ByteBuffer.wrap(event));
                    log.give(event, 0, LARGE, 0, AppendTerms.of(OverflowPolicy.BLOCK));
                }
                log.append(new byte[] {'z', '\n'});
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"true, false", "true, true", "false, false"})
    void shouldWriteAnEventLongerThanTheRingWhereDirectMemoryIsShort(final boolean isNative, final boolean isShared)
            throws Exception {
        final Path file = directory.resolve("log");
        final ChildJvm.Outcome outcome = ChildJvm.run(
                ":",
                List.of("-XX:MaxDirectMemorySize=6m", "-Duringlog.native=" + isNative),
                LogsLargeEvents.class,
                file.toString(),
                Boolean.toString(isShared));
        assertEquals(0, outcome.exitCode(), outcome.output());
        assertEquals(2 + 9L * LARGE + 2, Files.size(file));
        final List<String> lines = Files.readAllLines(file);
        assertEquals("a", lines.get(0));
        lines.subList(1, 10).forEach(line -> assertEquals("x".repeat(LARGE - 1), line));
        assertEquals("z", lines.get(10));
    }

    /** Logs an event that no memory is left for, and a small one, and says what became of them. */
    static final class LogsMoreThanThereIsMemoryFor {
        private LogsMoreThanThereIsMemoryFor() {}

        public static void main(final String[] arguments) throws IOException {
            final byte[] event = new byte[40 << 20];
            try (AppendLog log = AppendLog.builder(Path.of(arguments[0]))
                    .durability(Durability.valueOf(arguments[1]))
                    .open()) {
                try {
                    log.append(event);
                } catch (final UncheckedIOException e) {
                    System.out.println(e.getCause().getMessage());
                }
                log.append(new byte[] {'z', '\n'});
                System.out.println("discarded " + log.statistics().discarded());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"MEMORY", "DISK"})
    void shouldFailTheCallAndCountTheEventWhereThereIsNoMemoryForIt(final String durability) throws Exception {
        final Path file = directory.resolve("log");
        final ChildJvm.Outcome outcome =
                ChildJvm.run(":", List.of("-Xmx64m"), LogsMoreThanThereIsMemoryFor.class, file.toString(), durability);
        assertEquals(0, outcome.exitCode(), outcome.output());
        final List<String> said = outcome.output()
                .lines()
                .filter(line -> line.contains("no memory") || line.startsWith("discarded"))
                .toList();
        assertEquals(
                List.of(
                        file + ": no memory for an event of 41943040 bytes, which is longer than the ring",
                        "discarded 1"),
                said);
        assertEquals("z\n", Files.readString(file));
    }
}
