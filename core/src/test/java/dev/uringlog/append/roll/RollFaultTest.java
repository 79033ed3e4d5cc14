package dev.uringlog.append.roll;

import static dev.uringlog.append.FakeDisk.ascii;
import static dev.uringlog.sys.LinuxErrno.EACCES;
import static dev.uringlog.sys.LinuxErrno.EIO;
import static dev.uringlog.sys.LinuxErrno.ENOSPC;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.uringlog.append.AppendLog;
import dev.uringlog.append.AppendStatistics;
import dev.uringlog.append.Durability;
import dev.uringlog.append.FakeDisk;
import dev.uringlog.append.NumberingRoller;
import dev.uringlog.append.OverflowPolicy;
import dev.uringlog.append.Roller;
import dev.uringlog.append.RollingFile;
import dev.uringlog.sys.Call;
import dev.uringlog.write.Strategy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A roll in trouble: the roller fails, the next file cannot be opened, the old one cannot be synced. */
@Timeout(60)
class RollFaultTest {
    private final FakeDisk disk = new FakeDisk();

    private void rename(final Path from, final Path to) throws IOException {
        final int result = disk.kernel.rename(from.toString(), to.toString());
        if (result < 0) {
            throw new IOException("rename: errno " + -result);
        }
    }

    private NumberingRoller roller(final NumberingRoller.Due due) {
        return new NumberingRoller(due, this::rename);
    }

    private AppendLog open(final Roller roller) throws IOException {
        return disk.builder(Strategy.WRITEV).roller(roller).open();
    }

    private static long append(final AppendLog log, final String event, final long timeMillis) {
        return log.append(ascii(event), 0, event.length(), OverflowPolicy.BLOCK, timeMillis);
    }

    private String text(final int number) {
        return disk.kernel.file(FakeDisk.PATH + "." + number).text();
    }

    private static void assertConserved(final AppendLog log) {
        final AppendStatistics s = log.statistics();
        assertEquals(s.accepted(), s.written() + s.failed(), s.toString());
    }

    @Test
    void shouldCarryWhatIsNotDurableIntoANewFileBeforeItRolls() throws Exception {
        final NumberingRoller roller = roller((time, length, size) -> false);
        try (AppendLog log = disk.builder(Strategy.WRITEV)
                .syncInterval(Duration.ofHours(1))
                .roller(roller)
                .open()) {
            log.append(ascii("one\n"));
            log.flush();
            disk.kernel.plan().failNext(Call.FDATASYNC, EIO);
            log.roll();
            assertNotNull(disk.suspect());
            assertEquals("one\n", text(1));
            assertEquals(4, disk.kernel.file("/log.1").syncedSize());
            assertEquals(4, log.durablePosition());
            assertConserved(log);
        }
    }

    @Test
    void shouldTrustANewFileAgainWhereTheOldOneIsSuspectForGood() throws Exception {
        final NumberingRoller roller = roller((time, length, size) -> false);
        try (AppendLog log = disk.builder(Strategy.WRITEV)
                .durability(Durability.DISK)
                .roller(roller)
                .open()) {
            disk.kernel.plan().failNext(Call.FDATASYNC, EIO).failNext(Call.RENAME, EIO);
            assertThrows(UncheckedIOException.class, () -> log.append(ascii("one\n")));
            assertThrows(UncheckedIOException.class, () -> log.append(ascii("two\n")));
            log.roll();
            log.append(ascii("three\n"));
            assertEquals(14, log.durablePosition());
            assertThrows(IOException.class, () -> log.awaitDurable(8));
        }
    }

    @Test
    void shouldGoOnInTheFileWhereTheRollerFails() throws Exception {
        final NumberingRoller roller = roller((time, length, size) -> time == 2);
        try (AppendLog log = open(roller)) {
            append(log, "one\n", 1);
            disk.kernel.plan().failNext(Call.RENAME, EACCES);
            append(log, "two\n", 2);
            log.flush();
            assertEquals("one\ntwo\n", disk.text());
            assertTrue(disk.heard.errors.get(0).contains("rollover failed"), disk.heard.errors.toString());
            disk.kernel.plan().failNext(Call.RENAME, EACCES);
            assertThrows(IOException.class, log::roll);
            log.roll();
            assertEquals("one\ntwo\n", text(1));
        }
        disk.kernel.assertNothingLeaked();
    }

    @Test
    void shouldNotRollAtEachEventWhereTheRollerFailsEachTime() throws Exception {
        final List<Long> tries = new ArrayList<>();
        final NumberingRoller roller = new NumberingRoller((time, length, size) -> true, (from, to) -> {
            tries.add(System.nanoTime());
            throw new IOException("planned");
        });
        try (AppendLog log = open(roller)) {
            for (int i = 0; i < 1_000; i++) {
                log.append(ascii("event\n"));
            }
            log.flush();
            assertTrue(tries.size() <= 2, tries.size() + " tries");
            assertEquals(6_000, disk.kernel.file(FakeDisk.PATH).size());
        }
    }

    @Test
    void shouldRollOnceItCanWhereACallerDidNotWaitForSoLong() throws Exception {
        final NumberingRoller roller = roller((time, length, size) -> false);
        try (AppendLog log = open(roller)) {
            append(log, "one\n", 1);
            log.flush();
            disk.kernel.plan().failFrom(Call.WRITEV, 1, ENOSPC);
            append(log, "two\n", 2);
            await().until(() -> log.statistics().stalls() == 1);
            assertFalse(log.roll(Duration.ofMillis(20)));
            append(log, "three\n", 3);
            disk.kernel.plan().heal();
            await().until(() -> disk.text().equals("three\n"));
            assertEquals("one\ntwo\n", text(1));
        }
    }

    @Test
    void shouldHoldEventsWhereTheFileCannotBeOpenedAgain() throws Exception {
        final NumberingRoller roller = roller((time, length, size) -> time == 2);
        try (AppendLog log = open(roller)) {
            append(log, "one\n", 1);
            log.flush();
            disk.kernel.plan().failFrom(Call.OPEN, 1, EACCES);
            append(log, "two\n", 2);
            assertThrows(IOException.class, log::flush);
            await().until(() -> log.statistics().stalls() == 1);
            assertFalse(disk.kernel.exists(FakeDisk.PATH));
            disk.kernel.plan().heal();
            await().until(() -> disk.kernel.exists(FakeDisk.PATH) && disk.text().equals("two\n"));
            assertEquals("one\n", text(1));
            log.flush(); // What is in the file is counted a moment later.
            assertConserved(log);
            assertEquals(0, log.statistics().failed());
        }
        disk.kernel.assertNothingLeaked();
    }

    @Test
    void shouldHoldAHeaderLikeAnEventWhereTheDiskIsFull() throws Exception {
        final NumberingRoller roller = roller((time, length, size) -> time == 2);
        try (AppendLog log = open(roller.framed())) {
            append(log, "one\n", 1);
            log.flush();
            disk.kernel.plan().limitSpace(3);
            append(log, "two\n", 2);
            await().until(() -> log.statistics().stalls() == 1);
            disk.kernel.plan().addSpace(1 << 20);
            log.flush();
            assertEquals("one\n>\n", text(1));
            assertEquals("<\ntwo\n", disk.text());
        }
    }

    @Test
    void shouldSurviveARollerThatThrowsWhenItIsAsked() throws Exception {
        try (AppendLog log = open(roller((time, length, size) -> {
            throw new StackOverflowError("planned");
        }))) {
            log.append(ascii("one\n"));
            log.flush();
            assertEquals("one\n", disk.text());
            assertEquals(1, disk.heard.errors.size(), disk.heard.errors.toString());
        }
    }

    @Test
    void shouldOpenItsLastPathAgainWhereTheRollerLeavesItClosed() throws Exception {
        final Roller roller = new Roller() {
            @Override
            public boolean isDue(final long timeMillis, final int length, final long fileSize) {
                return timeMillis == 2;
            }

            @Override
            public void roll(final RollingFile file) throws IOException {
                file.close();
                file.close();
                assertEquals(0, file.size());
                assertThrows(IOException.class, () -> file.write(ascii("nowhere\n")));
            }
        };
        try (AppendLog log = open(roller)) {
            append(log, "one\n", 1);
            append(log, "two\n", 2);
            log.flush();
            assertEquals("one\ntwo\n", disk.text());
        }
    }

    /** Goes on in a file of another name, as frameworks do with direct write. */
    private static Roller goingOnIn(final Path next) {
        return new Roller() {
            @Override
            public boolean isDue(final long timeMillis, final int length, final long fileSize) {
                return timeMillis == 2;
            }

            @Override
            public void roll(final RollingFile file) throws IOException {
                file.close(); // It may be compressed and removed from now on.
                file.makeDirectories(next);
                file.open(next, true);
            }
        };
    }

    @Test
    void shouldHoldEventsUntilTheNextFileCanBeOpenedAndAddNothingToTheOneThatWasEnded() throws Exception {
        try (AppendLog log = open(goingOnIn(Path.of("/next")))) {
            append(log, "one\n", 1);
            log.flush();
            disk.kernel.plan().failFrom(Call.OPEN, 1, ENOSPC);
            append(log, "two\n", 2);
            await().until(() -> log.statistics().stalls() == 1);
            assertTrue(disk.heard.errors.get(0).contains("events are held until"), disk.heard.errors.toString());
            disk.kernel.plan().heal();
            append(log, "three\n", 3);
            log.flush();
            assertEquals("one\n", disk.text());
            assertEquals("two\nthree\n", disk.kernel.file("/next").text());
            assertConserved(log);
        }
        disk.kernel.assertNothingLeaked();
    }

    @Test
    void shouldMakeTheDirectoryOfTheNextFileOnceItCan(@TempDir final Path directory) throws Exception {
        final Path inTheWay = Files.createFile(directory.resolve("dated"));
        final Path first = directory.resolve("log");
        final Path next = inTheWay.resolve("log");
        try (AppendLog log = AppendLog.builder(first).roller(goingOnIn(next)).open()) {
            append(log, "one\n", 1);
            append(log, "two\n", 2);
            await().until(() -> log.statistics().stalls() == 1);
            Files.delete(inTheWay);
            log.flush();
            assertEquals("one\n", Files.readString(first));
            assertEquals("two\n", Files.readString(next));
            assertConserved(log);
        }
    }
}
