package dev.uringlog.append.full;

import static dev.uringlog.append.Accounts.assertSettled;
import static dev.uringlog.append.FakeDisk.ascii;
import static dev.uringlog.sys.LinuxErrno.EBADF;
import static dev.uringlog.sys.LinuxErrno.ENOENT;
import static dev.uringlog.sys.LinuxErrno.ENOSPC;
import static dev.uringlog.sys.LinuxErrno.EROFS;
import static dev.uringlog.sys.LinuxErrno.ESTALE;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.uringlog.append.AppendLog;
import dev.uringlog.append.AppendLogListener;
import dev.uringlog.append.AppendStatistics;
import dev.uringlog.append.Durability;
import dev.uringlog.append.FailurePolicy;
import dev.uringlog.append.FakeDisk;
import dev.uringlog.append.Heard;
import dev.uringlog.append.MemorySink;
import dev.uringlog.append.OverflowPolicy;
import dev.uringlog.sys.Call;
import dev.uringlog.write.Strategy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Events that the file does not take for now are held, or dropped, as the log was told. */
@Timeout(60)
class FailurePolicyTest {
    private static final IOException FULL = new IOException("No space left on device");

    private final FakeDisk disk = new FakeDisk();
    private final MemorySink sink = new MemorySink();
    private final Heard heard = new Heard();

    @ParameterizedTest
    @CsvSource({
        "EIO, 5",
        "EAGAIN, 11",
        "ENOMEM, 12",
        "EFBIG, 27",
        "ENOSPC, 28",
        "EROFS, 30",
        "EDQUOT, 122",
    })
    void shouldDropTheBatchAndTryTheNextWhateverTheFileSays(final String name, final int errno) throws Exception {
        try (AppendLog log = disk.builder(Strategy.WRITEV)
                .onFailure(FailurePolicy.DROP)
                .maxDelay(Duration.ofSeconds(10))
                .open()) {
            log.append(ascii("first\n"));
            log.flush();
            disk.kernel.plan().failNext(Call.WRITEV, errno);
            log.append(ascii("gone\n"));
            log.append(ascii("as well\n"));
            final IOException told = assertThrows(IOException.class, log::flush);
            assertTrue(told.getMessage().contains(name), told.getMessage());
            log.append(ascii("third\n"));
            log.flush();
            assertEquals("first\nthird\n", disk.text());
            final AppendStatistics s = log.statistics();
            assertEquals(2, s.dropped());
            assertEquals(0, s.failed());
            assertEquals(1, s.stalls());
            assertSettled(s);
        }
        assertEquals(2, disk.heard.errors.size(), disk.heard.errors.toString());
        assertTrue(
                disk.heard.errors.get(0).contains("cannot write, events are dropped until it can: "),
                disk.heard.errors.toString());
        assertTrue(disk.heard.errors.get(1).contains("closed; 2 events"), disk.heard.errors.toString());
        assertTrue(
                disk.heard.warnings.stream()
                        .anyMatch(m -> m.matches(".*writing again after \\d+\\.\\d{3} s, 2 events were lost.*")),
                disk.heard.warnings.toString());
    }

    @ParameterizedTest
    @EnumSource(
            value = Strategy.class,
            names = {"WRITEV", "IOURING"})
    void shouldCountATornEventAsFailedAndStartTheNextOnALineOfItsOwn(final Strategy strategy) throws Exception {
        disk.kernel.plan().limitSpace(13);
        try (AppendLog log = disk.builder(strategy)
                .onFailure(FailurePolicy.DROP)
                .maxDelay(Duration.ofSeconds(10))
                .open()) {
            log.append(ascii("whole 1\n"));
            log.append(ascii("torn at the t\n"));
            log.append(ascii("never\n"));
            assertThrows(IOException.class, log::flush);
            assertEquals("whole 1\ntorn ", disk.text());
            disk.kernel.plan().addSpace(1 << 20);
            log.append(ascii("whole 2\n"));
            log.flush();
            assertEquals("whole 1\ntorn \nwhole 2\n", disk.text());
            final AppendStatistics s = log.statistics();
            assertEquals(2, s.written());
            assertEquals(1, s.failed());
            assertEquals(1, s.dropped());
            assertSettled(s);
        }
    }

    @Test
    void shouldNeverHoldAProducerUpWhileTheDiskIsFull() throws Exception {
        disk.kernel.plan().failFrom(Call.WRITEV, 1, ENOSPC);
        try (AppendLog log = disk.builder(Strategy.WRITEV)
                .onFailure(FailurePolicy.DROP)
                .ringSize(4096)
                .open()) {
            for (int i = 0; i < 10_000; i++) {
                log.append(ascii("0123456789abcde\n")); // Many rings full, and each time there is room again.
            }
            await().until(() -> log.statistics().waiting() == 0);
            assertEquals(10_000, log.statistics().dropped());
            assertSettled(log.statistics());
        }
        disk.kernel.assertNothingLeaked();
    }

    @ParameterizedTest
    @EnumSource(
            value = Durability.class,
            names = {"KERNEL", "DISK"})
    void shouldTellTheWaitingCallerThatItsEventIsLost(final Durability durability) throws Exception {
        try (AppendLog log = disk.builder(Strategy.WRITEV)
                .onFailure(FailurePolicy.DROP)
                .durability(durability)
                .open()) {
            disk.kernel.plan().failNext(Call.WRITEV, ENOSPC);
            assertThrows(UncheckedIOException.class, () -> log.append(ascii("gone\n")));
            log.append(ascii("there\n"));
            assertEquals("there\n", disk.text());
            assertEquals(1, log.statistics().dropped());
            assertSettled(log.statistics());
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Strategy.class,
            names = {"WRITEV", "IOURING"})
    void shouldGoOnWhereAReadOnlyFileSystemIsWritableAgain(final Strategy strategy) throws Exception {
        final Call write = strategy == Strategy.WRITEV ? Call.WRITEV : Call.SQE_WRITEV;
        try (AppendLog log = disk.builder(strategy).open()) {
            log.append(ascii("before\n"));
            log.flush();
            disk.kernel.plan().failFrom(write, 1, EROFS);
            log.append(ascii("meanwhile\n"));
            await().until(() -> log.statistics().stalls() == 1);
            assertTrue(disk.heard.errors.get(0).contains("EROFS"), disk.heard.errors.toString());
            disk.kernel.plan().heal();
            await().until(() -> log.statistics().waiting() == 0);
            assertEquals("before\nmeanwhile\n", disk.text());
            assertSettled(log.statistics());
        }
    }

    @ParameterizedTest
    @EnumSource(FailurePolicy.class)
    void shouldFollowThePolicyWhileTheFileCannotBeReopenedUntilItsDirectoryIsBack(final FailurePolicy policy)
            throws Exception {
        try (AppendLog log = disk.builder(Strategy.WRITEV).onFailure(policy).open()) {
            log.append(ascii("before\n"));
            log.flush();
            disk.kernel.plan().failFrom(Call.WRITEV, 1, ESTALE).failFrom(Call.OPEN, 1, ENOENT);
            log.append(ascii("meanwhile\n"));
            await().until(() -> log.statistics().stalls() == 1);
            await().until(() -> !disk.heard.errors.isEmpty());
            assertTrue(
                    disk.heard.errors.stream().anyMatch(e -> e.contains("could not be reopened")),
                    disk.heard.errors.toString());
            disk.kernel.plan().heal();
            log.append(ascii("after\n"));
            await().until(() -> log.statistics().waiting() == 0);
            final boolean isHeld = policy == FailurePolicy.HOLD;
            assertEquals(isHeld ? "before\nmeanwhile\nafter\n" : "before\nafter\n", disk.text());
            assertEquals(isHeld ? 0 : 1, log.statistics().dropped());
            assertSettled(log.statistics());
        }
        disk.kernel.assertNothingLeaked();
    }

    @Test
    void shouldEndTheLineOfANoticeThatIsTorn() throws Exception {
        final CountDownLatch reached = new CountDownLatch(1);
        final CountDownLatch open = new CountDownLatch(1);
        sink.plan(MemorySink.stall(reached, open));
        final AppendLog log = sink.builder()
                .listener(heard)
                .ringSize(4096)
                .onFailure(FailurePolicy.DROP)
                .lossNotice(words -> ascii("some were discarded\n"))
                .open();
        log.append(ascii("first\n"));
        assertTrue(reached.await(10, TimeUnit.SECONDS));
        while (log.append(new byte[2048], 0, 2048, OverflowPolicy.DISCARD) != AppendLog.DISCARDED) {
            assertTrue(log.statistics().backlog() <= 4096);
        }
        sink.plan(offered -> offered, MemorySink.shortWrite(5), MemorySink.fail(FULL));
        open.countDown();
        await().until(() -> sink.text().endsWith("some \nsome were discarded\n"));
        log.append(ascii("next\n"));
        log.close();
        assertTrue(sink.text().endsWith("some were discarded\nnext\n"), sink.text());
        assertSettled(log.statistics());
    }

    @Test
    void shouldReopenTheFileOnceForABatchAndNotForEver() throws Exception {
        try (AppendLog log =
                disk.builder(Strategy.WRITEV).maxDelay(Duration.ofSeconds(10)).open()) {
            disk.kernel.plan().failNth(Call.WRITEV, 1, EBADF).failNth(Call.WRITEV, 2, EBADF);
            log.append(ascii("lost\n"));
            assertThrows(IOException.class, log::flush);
            log.append(ascii("next\n"));
            log.flush();
            assertEquals("next\n", disk.text());
            assertEquals(1, log.statistics().failed());
            assertSettled(log.statistics());
        }
    }

    @Test
    void shouldCountWhatItCouldNotEvenTryWhereTheFlusherFailsUntilTheEnd() throws Exception {
        for (int i = 0; i < 10_000; i++) {
            sink.plan(offered -> {
                throw new IllegalStateException("planned");
            });
        }
        final AppendLog log = sink.builder()
                .listener(heard)
                .shutdownTimeout(Duration.ofMillis(200))
                .open();
        log.append(ascii("never\n"));
        log.close();
        await().until(() -> sink.closed == 1);
        assertEquals(1, log.statistics().failed());
        assertSettled(log.statistics());
    }

    @Test
    void shouldTellWaitingCallersBeforeTheListenerThatTheFlusherFails() throws Exception {
        final CountDownLatch told = new CountDownLatch(1);
        final AtomicBoolean isInTime = new AtomicBoolean();
        sink.plan(offered -> {
            throw new IllegalStateException("planned");
        });
        final AppendLogListener patient = new Heard() {
            @Override
            public void error(final String message, final Throwable cause) {
                try {
                    isInTime.set(told.await(10, TimeUnit.SECONDS));
                } catch (final InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        };
        try (AppendLog log = sink.builder()
                .listener(patient)
                .maxDelay(Duration.ofSeconds(10))
                .open()) {
            final long position = log.append(ascii("late\n"));
            assertThrows(IOException.class, () -> log.awaitWritten(position, Duration.ofSeconds(30)));
            told.countDown();
            log.flush();
        }
        assertTrue(isInTime.get());
        assertEquals("late\n", sink.text());
    }
}
