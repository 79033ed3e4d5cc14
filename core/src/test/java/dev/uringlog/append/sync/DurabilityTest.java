package dev.uringlog.append.sync;

import static dev.uringlog.append.Accounts.awaitSettled;
import static dev.uringlog.append.FakeDisk.ascii;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.uringlog.append.AppendLog;
import dev.uringlog.append.AppendLogBuilder;
import dev.uringlog.append.AppendLogListener;
import dev.uringlog.append.Durability;
import dev.uringlog.append.FakeDisk;
import dev.uringlog.append.Heard;
import dev.uringlog.append.MemorySink;
import dev.uringlog.sys.Call;
import dev.uringlog.write.Strategy;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a returned call means, at each level, over the fake kernel. */
@Timeout(60)
class DurabilityTest {
    private final FakeDisk disk = new FakeDisk();

    private AppendLogBuilder builder() {
        return disk.builder(Strategy.WRITEV);
    }

    @Test
    void shouldReturnAtKernelOnceTheEventIsWritten() throws Exception {
        try (AppendLog log = builder().durability(Durability.KERNEL).open()) {
            for (int i = 1; i <= 3; i++) {
                log.append(ascii("event\n"));
                assertEquals(6 * i, disk.kernel.file(FakeDisk.PATH).size());
                assertEquals(6 * i, log.writtenPosition());
            }
            assertEquals(0, log.durablePosition());
        }
        assertEquals(0, disk.kernel.calls(Call.FDATASYNC));
        disk.kernel.assertNothingLeaked();
    }

    @ParameterizedTest
    @EnumSource(
            value = Strategy.class,
            names = {"WRITEV", "IOURING"})
    void shouldReturnAtDiskOnceAnFdatasyncAfterTheWriteHasCompleted(final Strategy strategy) throws Exception {
        try (AppendLog log = disk.builder(strategy).durability(Durability.DISK).open()) {
            for (int i = 1; i <= 3; i++) {
                log.append(ascii("event\n"));
                assertEquals(6 * i, disk.kernel.file(FakeDisk.PATH).syncedSize());
                assertEquals(6 * i, log.durablePosition());
            }
            final Call write = strategy == Strategy.WRITEV ? Call.WRITEV : Call.SQE_WRITEV;
            final List<Call> calls = new ArrayList<>(disk.calls(write, Call.FDATASYNC, Call.FSYNC));
            if (strategy == Strategy.IOURING) {
                calls.remove(0); // The probe's.
            }
            assertEquals(
                    List.of(write, Call.FDATASYNC, Call.FSYNC, write, Call.FDATASYNC, write, Call.FDATASYNC),
                    calls,
                    "the directory of the file that was made is synced once, before the first call returns");
            assertEquals(3, log.statistics().syncs());
        }
    }

    @Test
    void shouldWriteALoneCallersEventOnItsOwnThread() throws Exception {
        final List<Thread> writers = new CopyOnWriteArrayList<>();
        final MemorySink sink = new MemorySink();
        for (int i = 0; i < 10; i++) {
            sink.plan(offered -> {
                writers.add(Thread.currentThread());
                return offered;
            });
            sink.planSyncs(offered -> {
                writers.add(Thread.currentThread());
                return offered;
            });
        }
        try (AppendLog log = sink.builder().durability(Durability.DISK).open()) {
            for (int i = 0; i < 10; i++) {
                log.append(ascii("event\n"));
            }
        }
        assertEquals(20, writers.size());
        assertTrue(writers.stream().allMatch(Thread.currentThread()::equals), writers.toString());
    }

    @Test
    void shouldTellTheListenerHowFarTheFileIsDurable() throws Exception {
        final List<Long> told = new CopyOnWriteArrayList<>();
        final AppendLogListener listener = new Heard() {
            @Override
            public void error(final String message, final Throwable cause) {}

            @Override
            public void durable(final long position) {
                told.add(position);
            }
        };
        try (AppendLog log =
                builder().durability(Durability.DISK).listener(listener).open()) {
            log.append(ascii("ab\n"));
            log.append(ascii("cde\n"));
        }
        assertEquals(List.of(3L, 7L), told);
    }

    @Test
    void shouldWaitForOneEventAmongOthersThatNoCallerWaitsFor() throws Exception {
        try (AppendLog log = builder().maxDelay(Duration.ofSeconds(10)).open()) {
            log.append(ascii("before\n"));
            final long position = log.append(ascii("safe\n"));
            log.awaitDurable(position);
            assertEquals("before\nsafe\n", disk.text());
            assertEquals(12, disk.kernel.file(FakeDisk.PATH).syncedSize());
            log.append(ascii("after\n"));
            log.sync();
            assertEquals(18, disk.kernel.file(FakeDisk.PATH).syncedSize());
            assertEquals(2, log.statistics().syncs());
            log.awaitDurable(position);
            assertEquals(2, log.statistics().syncs(), "it was durable already");
        }
    }

    @Test
    void shouldRefuseToWaitForWhatWasNeverAppended() throws Exception {
        try (AppendLog log = builder().open()) {
            assertThrows(IllegalArgumentException.class, () -> log.awaitWritten(1));
            assertThrows(IllegalArgumentException.class, () -> log.awaitDurable(1, Duration.ZERO));
            log.awaitDurable(0);
        }
    }

    @Test
    void shouldSyncInTheBackgroundAndRestWhenEverythingIsDurable() throws Exception {
        final Thread[] flusher = new Thread[1];
        try (AppendLog log = builder()
                .syncInterval(Duration.ofMillis(20))
                .threadFactory(work -> flusher[0] = new Thread(work))
                .open()) {
            for (int i = 1; i <= 3; i++) {
                log.append(ascii("event\n"));
                final long size = 6L * i;
                await().until(() -> disk.kernel.file(FakeDisk.PATH).syncedSize() == size);
                await().until(() -> flusher[0].getState() == Thread.State.WAITING);
            }
            assertTrue(log.statistics().syncs() <= 3, log.statistics().toString());
        }
    }

    @ParameterizedTest
    @EnumSource(Durability.class)
    void shouldSyncAfterEachFlushWhereTheIntervalIsZero(final Durability durability) throws Exception {
        try (AppendLog log =
                builder().durability(durability).syncInterval(Duration.ZERO).open()) {
            log.append(ascii("event\n"));
            await().until(() -> disk.kernel.file(FakeDisk.PATH).syncedSize() == 6);
            await().until(() -> log.durablePosition() == 6);
        }
    }

    @Test
    void shouldSyncAtOnceWhenTheRingIsFullOfWhatIsNotYetDurable() throws Exception {
        try (AppendLog log = builder()
                .ringSize(4096)
                .syncInterval(Duration.ofHours(1))
                .durability(Durability.KERNEL)
                .open()) {
            for (int i = 0; i < 20; i++) {
                log.append(new byte[3000]);
            }
            assertTrue(log.statistics().syncs() >= 18, log.statistics().toString());
        }
        assertEquals(60_000, disk.kernel.file(FakeDisk.PATH).syncedSize(), "and when it is closed");
    }

    @Test
    void shouldCarryAnOversizedEventToTheDisk() throws Exception {
        try (AppendLog log =
                builder().ringSize(4096).durability(Durability.DISK).open()) {
            log.append(ascii("small\n"));
            log.append(new byte[20_000]);
            log.append(ascii("small\n"));
            assertEquals(20_012, disk.kernel.file(FakeDisk.PATH).syncedSize());
        }
    }

    @Test
    void shouldFinishAShortWriteBeforeTheSync() throws Exception {
        disk.kernel.plan().shortWriteAt(2);
        try (AppendLog log = builder().durability(Durability.DISK).open()) {
            log.append(ascii("event\n"));
            assertEquals(List.of(Call.WRITEV, Call.WRITEV, Call.FDATASYNC), disk.calls(Call.WRITEV, Call.FDATASYNC));
            assertEquals(6, disk.kernel.file(FakeDisk.PATH).syncedSize());
            awaitSettled(log);
        }
    }

    @Test
    void shouldTellALeaderOfAFullDiskAtOnceAndGoOnWhenThereIsSpace() throws Exception {
        disk.kernel.plan().limitSpace(3);
        try (AppendLog log = builder().durability(Durability.DISK).open()) {
            final IOException told = assertThrows(
                            java.io.UncheckedIOException.class, () -> log.append(ascii("first\n")))
                    .getCause();
            assertTrue(told.getMessage().contains("ENOSPC"), told.getMessage());
            assertThrows(java.io.UncheckedIOException.class, () -> log.append(ascii("second\n")));
            disk.kernel.plan().addSpace(1 << 20);
            await().until(() -> disk.text().equals("first\nsecond\n"));
            log.append(ascii("third\n"));
            assertEquals("first\nsecond\nthird\n", disk.text());
            assertEquals(19, disk.kernel.file(FakeDisk.PATH).syncedSize());
            assertEquals(3, log.statistics().written());
            awaitSettled(log);
        }
    }

    @Test
    void shouldKeepAnInterruptAndWriteAllTheSame() throws Exception {
        try (AppendLog log = builder().durability(Durability.DISK).open()) {
            Thread.currentThread().interrupt();
            log.append(ascii("event\n"));
            assertTrue(Thread.interrupted());
            assertEquals(6, disk.kernel.file(FakeDisk.PATH).syncedSize());
            awaitSettled(log);
        }
    }

    @Test
    void shouldEndATimedWaitByAnInterruptOrItsTime() throws Exception {
        disk.kernel.plan().stallWrites();
        try (AppendLog log = builder().open()) {
            final long position = log.append(ascii("event\n"));
            assertFalse(log.awaitWritten(position, Duration.ofMillis(1)));
            assertFalse(log.awaitDurable(position, Duration.ZERO));
            Thread.currentThread().interrupt();
            assertThrows(InterruptedException.class, () -> log.awaitDurable(position, Duration.ofMinutes(1)));
            assertFalse(Thread.currentThread().isInterrupted());
            disk.kernel.plan().resumeWrites();
            assertTrue(log.awaitDurable(position, Duration.ofMinutes(1)));
        }
    }
}
