package dev.uringlog.append.roll;

import static dev.uringlog.append.FakeDisk.ascii;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.uringlog.append.AppendLog;
import dev.uringlog.append.AppendStatistics;
import dev.uringlog.append.Durability;
import dev.uringlog.append.FakeDisk;
import dev.uringlog.append.MemorySink;
import dev.uringlog.append.NumberingRoller;
import dev.uringlog.append.OverflowPolicy;
import dev.uringlog.append.Roller;
import dev.uringlog.append.RollingFile;
import dev.uringlog.sys.Call;
import dev.uringlog.write.Strategy;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Where one file ends and the next begins, over the fake kernel. */
@Timeout(60)
class RollingTest {

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
    void shouldPutEachEventIntoTheFileOfItsOwnTime() throws Exception {
        final long[] next = {2_000};
        final NumberingRoller roller = roller((time, length, size) -> {
            final boolean isDue = time >= next[0];
            next[0] += isDue ? 1_000 : 0;
            return isDue;
        });
        try (AppendLog log = open(roller)) {
            append(log, "a 1500\n", 1_500);
            append(log, "b 1999\n", 1_999);
            append(log, "c 2000\n", 2_000);
            append(log, "d 1999, late\n", 1_999);
            append(log, "e 3500\n", 3_500);
            log.flush();
            assertEquals("a 1500\nb 1999\n", text(1));
            assertEquals("c 2000\nd 1999, late\n", text(2));
            assertEquals("e 3500\n", disk.text());
            assertConserved(log);
        }
        disk.kernel.assertNothingLeaked();
    }

    @Test
    void shouldUseTheClockForEventsWithoutATime() throws Exception {
        final List<Long> times = new ArrayList<>();
        final long before = System.currentTimeMillis();
        try (AppendLog log = open(roller((time, length, size) -> !times.add(time)))) {
            log.append(ascii("array\n"));
            log.append(java.nio.ByteBuffer.wrap(ascii("buffer\n")));
            log.enqueue(ascii("enqueued\n"), 0, 9, OverflowPolicy.BLOCK);
        }
        assertEquals(3, times.size());
        for (final long time : times) {
            assertTrue(time >= before && time <= System.currentTimeMillis(), "at " + time);
        }
    }

    @Test
    void shouldJudgeByTheTrueSizeWhateverIsQueued() throws Exception {
        final List<Long> sizes = new ArrayList<>();
        final NumberingRoller roller = roller((time, length, size) -> {
            sizes.add(size);
            return size + length > 25;
        });
        try (AppendLog log = open(roller.framed())) {
            for (int i = 0; i < 7; i++) {
                log.append(ascii("event " + i + " \n"));
            }
            log.flush();
            assertEquals(List.of(0L, 9L, 18L, 11L, 20L, 11L, 20L), sizes, "the header counts, the footer not any more");
            assertEquals("event 0 \nevent 1 \n>\n", text(1));
            assertEquals("<\nevent 2 \nevent 3 \n>\n", text(2));
            assertEquals("<\nevent 4 \nevent 5 \n>\n", text(3));
            assertEquals("<\nevent 6 \n", disk.text());
            assertEquals(11, log.fileSize());
            assertEquals(63, log.statistics().bytes(), "of events alone");
        }
    }

    @Test
    void shouldCountWhatTheFileHeldAndWhatWaitsInItsSize() throws Exception {
        try (AppendLog log = open(null)) {
            log.append(ascii("one\n"));
        }
        final AppendLog log = disk.builder(Strategy.WRITEV).open();
        assertEquals(4, log.fileSize());
        disk.kernel.plan().stallWrites();
        log.append(ascii("two\n"));
        disk.kernel.awaitStalledWrite();
        log.append(ascii("three\n"));
        assertEquals(14, log.fileSize());
        disk.kernel.plan().resumeWrites();
        log.close();
        assertEquals(14, log.fileSize());
    }

    @Test
    void shouldWriteTheEventThatIsDueWhateverTheRollerSaysOfTheNextFile() throws Exception {
        final NumberingRoller roller = roller((time, length, size) -> true);
        try (AppendLog log = open(roller)) {
            for (int i = 0; i < 100; i++) {
                log.append(ascii(i + "\n"));
            }
            log.flush();
            assertEquals(100, roller.done.size());
            assertEquals("", text(1));
            assertEquals("98\n", text(100));
            assertEquals("99\n", disk.text());
        }
    }

    @Test
    void shouldRollBeforeAnEventLongerThanTheRing() throws Exception {
        final NumberingRoller roller = roller((time, length, size) -> time == 2);
        final String large = "x".repeat(9_999) + "\n";
        try (AppendLog log =
                disk.builder(Strategy.WRITEV).ringSize(4096).roller(roller).open()) {
            append(log, "small\n", 1);
            append(log, large, 2);
            append(log, "more\n", 3);
            log.flush();
            assertEquals("small\n", text(1));
            assertEquals(large + "more\n", disk.text());
        }
    }

    @Test
    void shouldRollBehindEverythingAppendedBefore() throws Exception {
        final NumberingRoller roller = roller((time, length, size) -> false);
        try (AppendLog log = open(roller)) {
            log.append(ascii("one\n"));
            log.roll();
            assertEquals("one\n", text(1));
            assertEquals("", disk.text());
            log.append(ascii("two\n"));
            log.roll();
            log.roll();
            assertEquals("two\n", text(2));
            assertEquals("", text(3), "each call is a roll");
        }
        assertEquals("uringlog-flusher", roller.threads.get(0).getName());
    }

    @Test
    void shouldRefuseToRollWithoutARoller() throws Exception {
        try (AppendLog log = open(null)) {
            assertThrows(IllegalStateException.class, log::roll);
        }
    }

    @Test
    void shouldRefuseToRollOnceItIsClosed() throws Exception {
        final AppendLog log = open(roller((time, length, size) -> false));
        log.close();
        assertThrows(IOException.class, log::roll);
        assertThrows(IOException.class, log::reopen);
    }

    @Test
    void shouldNotWaitForItselfWithinARoll() throws Exception {
        final AtomicReference<AppendLog> itself = new AtomicReference<>();
        final List<Exception> refused = new ArrayList<>();
        final AtomicReference<RollingFile> kept = new AtomicReference<>();
        final Roller roller = new Roller() {
            @Override
            public boolean isDue(final long timeMillis, final int length, final long fileSize) {
                return false;
            }

            @Override
            public void roll(final RollingFile file) {
                kept.set(file);
                refused.add(assertThrows(IOException.class, itself.get()::roll));
                refused.add(assertThrows(IOException.class, itself.get()::flush));
                itself.get().append(ascii("from within\n"));
            }
        };
        try (AppendLog log = open(roller)) {
            itself.set(log);
            log.roll();
            log.flush();
            assertEquals(2, refused.size());
            assertEquals("from within\n", disk.text());
            assertThrows(IllegalStateException.class, () -> kept.get().write(ascii("too late\n")));
        }
    }

    @Test
    void shouldHandTheRollToTheFlusherWhereCallersWrite() throws Exception {
        for (final Durability durability : List.of(Durability.KERNEL, Durability.DISK)) {
            final FakeDisk fresh = new FakeDisk();
            final NumberingRoller roller = new NumberingRoller(
                    (time, length, size) -> time == 2,
                    (from, to) -> fresh.kernel.rename(from.toString(), to.toString()));
            try (AppendLog log = fresh.builder(Strategy.WRITEV)
                    .durability(durability)
                    .roller(roller)
                    .open()) {
                append(log, "one\n", 1);
                append(log, "two\n", 2);
                assertEquals("one\n", fresh.kernel.file("/log.1").text());
                assertEquals("two\n", fresh.text());
                assertEquals("uringlog-flusher", roller.threads.get(0).getName());
            }
        }
    }

    @Test
    void shouldSyncBothFilesAndTheDirectoryAtDisk() throws Exception {
        final List<Long> synced = new ArrayList<>();
        final NumberingRoller roller = new NumberingRoller((time, length, size) -> time == 2, (from, to) -> {
            synced.add(disk.kernel.file(from.toString()).syncedSize());
            rename(from, to);
        });
        try (AppendLog log = disk.builder(Strategy.WRITEV)
                .durability(Durability.DISK)
                .roller(roller.framed())
                .open()) {
            append(log, "one\n", 1);
            final long before = disk.kernel.calls(Call.FSYNC);
            append(log, "two\n", 2);
            assertEquals(List.of(6L), synced, "the footer too, before it gets its new name");
            assertEquals(before + 1, disk.kernel.calls(Call.FSYNC), "the directory holds two names");
            assertEquals(6, disk.kernel.file(FakeDisk.PATH).syncedSize());
        }
    }

    @Test
    void shouldSyncNothingUnlessACallerAsks() throws Exception {
        try (AppendLog log = open(roller((time, length, size) -> false))) {
            log.append(ascii("one\n"));
            log.roll();
            assertEquals(0, disk.kernel.calls(Call.FDATASYNC));
            log.sync();
            log.append(ascii("two\n"));
            log.roll();
            assertEquals(4, disk.kernel.file("/log.2").syncedSize(), "a caller has asked, so the rest is kept as well");
        }
    }

    @Test
    void shouldGoOnUnderAnotherName() throws Exception {
        final Roller roller = new Roller() {
            @Override
            public boolean isDue(final long timeMillis, final int length, final long fileSize) {
                return timeMillis > 1;
            }

            @Override
            public void roll(final RollingFile file) throws IOException {
                file.open(Path.of("/log-" + file.size()), false);
            }
        };
        try (AppendLog log = open(roller)) {
            append(log, "one\n", 1);
            append(log, "two, longer\n", 2);
            append(log, "three\n", 3);
            log.flush();
            assertEquals("one\n", disk.text());
            assertEquals("two, longer\n", disk.kernel.file("/log-4").text());
            assertEquals("three\n", disk.kernel.file("/log-12").text());
            log.reopen();
            append(log, "more\n", 1);
            log.flush();
            assertEquals("three\nmore\n", disk.kernel.file("/log-12").text());
        }
        disk.kernel.assertNothingLeaked();
    }

    @Test
    void shouldLetProducersGoOnWhileItRolls() throws Exception {
        final CountDownLatch isRolling = new CountDownLatch(1);
        final CountDownLatch goOn = new CountDownLatch(1);
        final NumberingRoller roller = new NumberingRoller((time, length, size) -> time == 2, (from, to) -> {
            isRolling.countDown();
            MemorySink.awaitUninterruptibly(goOn);
            rename(from, to);
        });
        try (AppendLog log = open(roller)) {
            append(log, "one\n", 1);
            append(log, "two\n", 2);
            isRolling.await();
            for (int i = 0; i < 100; i++) {
                append(log, "event\n", 1);
            }
            goOn.countDown();
            log.flush();
            assertEquals("one\n", text(1));
            assertEquals(4 + 600, disk.text().length());
        }
    }

    @Test
    void shouldEndTheWaitForARollWhenTheLogIsClosed() throws Exception {
        final CountDownLatch isRolling = new CountDownLatch(1);
        final CountDownLatch goOn = new CountDownLatch(1);
        final NumberingRoller roller = new NumberingRoller((time, length, size) -> false, (from, to) -> {
            isRolling.countDown();
            MemorySink.awaitUninterruptibly(goOn);
            rename(from, to);
        });
        final AppendLog log = disk.builder(Strategy.WRITEV)
                .roller(roller)
                .shutdownTimeout(Duration.ofMillis(100))
                .open();
        final List<IOException> told = new java.util.concurrent.CopyOnWriteArrayList<>();
        final Thread one = new Thread(() -> told.add(assertThrows(IOException.class, log::roll)));
        one.start();
        isRolling.await();
        log.close();
        one.join();
        assertEquals(1, told.size());
        goOn.countDown();
    }
}
