package dev.uringlog.append.roll;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.uringlog.append.AppendLog;
import dev.uringlog.append.AppendLogBuilder;
import dev.uringlog.append.NumberedLines;
import dev.uringlog.append.NumberingRoller;
import dev.uringlog.testing.ChildJvm;
import dev.uringlog.testing.Host;
import dev.uringlog.write.Strategy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Several processes, one file. */
@Timeout(170)
class SharedFileTest {
    private static final int PROCESSES = 4;
    private static final int EVENTS = 250_000;

    @TempDir
    Path directory;

    /** One of them: its number, how many events, the file, the strategy. */
    static final class Writes {
        private Writes() {}

        public static void main(final String[] arguments) throws IOException {
            final int me = Integer.parseInt(arguments[0]);
            final int events = Integer.parseInt(arguments[1]);
            try (AppendLog log = AppendLog.builder(Path.of(arguments[2]))
                    .strategy(Strategy.valueOf(arguments[3]))
                    .shared(true)
                    .ringSize(64 << 10)
                    .open()) {
                for (int i = 0; i < events; i++) {
                    log.append(NumberedLines.line(me, i));
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Strategy.class,
            names = {"WRITEV", "IOURING"})
    void shouldMixWholeLinesOfSeveralProcesses(final Strategy strategy) throws Exception {
        if (strategy == Strategy.IOURING) {
            Host.requireIoUring();
        }
        for (final Host.Place place : disks()) {
            final Path path = place.directory().resolve("log");
            writeAll(path, strategy);
            final NumberedLines.Found found = NumberedLines.in(path);
            assertEquals(0, found.torn(), place.toString());
            assertEquals((long) PROCESSES * EVENTS, found.whole(), place.toString());
            Files.delete(path);
        }
    }

    /** On each file system that is on a disk; XFS is the one where io_uring tries without a worker first. */
    private static List<Host.Place> disks() throws IOException {
        final List<Host.Place> places = Host.places();
        final List<Host.Place> disks = places.stream()
                .filter(place ->
                        place.fileSystem().equals("ext4") || place.fileSystem().equals("xfs"))
                .toList();
        return disks.isEmpty() ? places : disks;
    }

    private static void writeAll(final Path path, final Strategy strategy) throws Exception {
        final ExecutorService executor = Executors.newFixedThreadPool(PROCESSES);
        try {
            final List<Future<ChildJvm.Outcome>> all = new ArrayList<>();
            for (int p = 0; p < PROCESSES; p++) {
                final String[] arguments = {"" + p, "" + EVENTS, path.toString(), strategy.name()};
                all.add(executor.submit(() -> ChildJvm.run("true", List.of("-Xmx128m"), Writes.class, arguments)));
            }
            for (final Future<ChildJvm.Outcome> one : all) {
                assertEquals(0, one.get().exitCode(), one.get().output());
            }
        } finally {
            executor.shutdownNow();
        }
    }

    @Test
    void shouldRefuseToRollOrEmptyAFileThatOthersWriteTo() {
        final AppendLogBuilder rolled = AppendLog.builder(directory.resolve("log"))
                .shared(true)
                .roller(new NumberingRoller((time, length, size) -> false));
        final Exception e = assertThrows(IllegalArgumentException.class, rolled::open);
        assertTrue(e.getMessage().contains("cannot be rolled"), e.getMessage());
        final AppendLogBuilder emptied =
                AppendLog.builder(directory.resolve("log")).shared(true).append(false);
        assertTrue(assertThrows(IllegalArgumentException.class, emptied::open)
                .getMessage()
                .contains("cannot be emptied"));
    }

    @Test
    void shouldNotMendALineThatAnotherProcessMayBeWriting() throws Exception {
        final Path path = Files.writeString(directory.resolve("log"), "half a li");
        AppendLog.builder(path).shared(true).open().close();
        assertEquals("half a li", Files.readString(path));
    }
}
