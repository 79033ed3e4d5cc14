package dev.uringlog.append;

import static dev.uringlog.append.Accounts.assertSettled;
import static dev.uringlog.append.Accounts.awaitSettled;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
class AppendLogFaultTest {
    private final MemorySink sink = new MemorySink();
    private final Heard heard = new Heard();

    private AppendLogBuilder builder() {
        return sink.builder().listener(heard);
    }

    private static byte[] ascii(final String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Test
    void shouldResumeAtTheByteReachedAfterAShortWrite() throws Exception {
        sink.plan(MemorySink.shortWrite(5), MemorySink.shortWrite(0), MemorySink.shortWrite(4));
        try (AppendLog log = builder().maxDelay(Duration.ofSeconds(10)).open()) {
            log.append(ascii("first\n"));
            log.append(ascii("second\n"));
            log.flush();
            assertEquals("first\nsecond\n", sink.text());
            assertEquals(3, log.statistics().shortWrites());
            assertEquals(4, log.statistics().systemCalls());
            assertEquals(1, log.statistics().flushes());
            awaitSettled(log);
        }
    }

    @Test
    void shouldHoldTheBatchWhileThereIsNoSpaceAndTellWaitingCallers() throws Exception {
        final IOException full = new IOException("No space left on device");
        sink.plan(MemorySink.shortWrite(3), MemorySink.fail(full), MemorySink.fail(full), MemorySink.fail(full));
        try (AppendLog log = builder().maxDelay(Duration.ofSeconds(10)).open()) {
            log.append(ascii("held\n"));
            final IOException told = assertThrows(IOException.class, log::flush);
            assertTrue(told.getMessage().contains("No space left"), told.getMessage());
            await().until(() -> sink.text().equals("held\n"));
            log.flush();
            assertEquals(1, log.statistics().stalls());
            assertSettled(log.statistics());
        }
        assertEquals(1, heard.errors.size(), heard.errors.toString());
        assertTrue(heard.warnings.stream().anyMatch(m -> m.contains("writing again")), heard.warnings.toString());
    }

    @Test
    void shouldWriteNoByteTwiceWhenTheFlusherDiesInsideABatch() throws Exception {
        final CountDownLatch told = new CountDownLatch(1);
        sink.plan(
                MemorySink.shortWrite(4),
                offered -> {
                    throw new IllegalStateException("planned");
                },
                MemorySink.stall(new CountDownLatch(1), told)); // Otherwise it may be written before the caller looks.
        try (AppendLog log = builder().maxDelay(Duration.ofSeconds(10)).open()) {
            log.append(ascii("once\n"));
            assertThrows(IOException.class, log::flush);
            told.countDown();
            log.append(ascii("more\n"));
            log.flush();
            assertEquals("once\nmore\n", sink.text());
            assertSettled(log.statistics());
        }
        assertTrue(heard.errors.get(0).contains("planned"), heard.errors.toString());
    }

    @Test
    void shouldSurviveAnErrorInTheFlusher() throws Exception {
        sink.plan(offered -> {
            throw new OutOfMemoryError("planned");
        });
        try (AppendLog log = builder().open()) {
            log.append(ascii("survives\n"));
            await().until(() -> sink.text().equals("survives\n"));
            awaitSettled(log);
        }
    }

    /** Errors that cannot be reported: the message cannot be made, or the listener fails too. */
    @ParameterizedTest
    @EnumSource(Durability.class)
    void shouldSurviveAnErrorOfWhichItCannotTell(final Durability durability) throws Exception {
        sink.plan(
                offered -> {
                    throw new IllegalStateException() {
                        @Override
                        public String toString() {
                            throw new OutOfMemoryError("planned");
                        }
                    };
                },
                MemorySink.fail(new IOException("No space left on device")));
        try (AppendLog log = builder()
                .durability(durability)
                .listener(new AppendLogListener() {
                    @Override
                    public void info(final String message) {
                        throw new AssertionError("planned");
                    }

                    @Override
                    public void warn(final String message) {
                        throw new AssertionError("planned");
                    }

                    @Override
                    public void error(final String message, final Throwable cause) {
                        throw new AssertionError("planned");
                    }

                    @Override
                    public void durable(final long position) {
                        throw new AssertionError("planned");
                    }
                })
                .open()) {
            log.enqueue(ascii("survives\n"), 0, 9, OverflowPolicy.BLOCK);
            await().until(() -> sink.text().equals("survives\n"));
            log.sync();
            log.append(ascii("all\n"));
            log.flush();
            assertEquals("survives\nall\n", sink.text());
            awaitSettled(log);
        }
        assertEquals(1, sink.closed);
    }

    @Test
    void shouldCountABatchOfUnknownFateAsFailedAndLeaveItsMemory() throws Exception {
        sink.plan(offered -> {
            sink.quarantine();
            throw new IOException("no completion");
        });
        try (AppendLog log = builder().maxDelay(Duration.ofSeconds(10)).open()) {
            log.append(ascii("unknown\n"));
            assertThrows(IOException.class, log::flush);
            log.append(ascii("known\n"));
            log.flush();
            assertEquals("known\n", sink.text());
            assertEquals(1, log.statistics().failed());
            assertSettled(log.statistics());
        }
        assertTrue(heard.errors.get(0).contains("no completion"), heard.errors.toString());
    }

    @Test
    void shouldSayOnceThatTheStrategyDegraded() throws Exception {
        sink.degrade("io_uring_enter: EBADF (9)");
        try (AppendLog log = builder().open()) {
            for (int i = 0; i < 3; i++) {
                log.append(ascii("event\n"));
                log.flush();
            }
            awaitSettled(log);
        }
        assertEquals(List.of("memory.log: writing with writev from now on: io_uring_enter: EBADF (9)"), heard.warnings);
    }

    @Test
    void shouldDiscardOnAFullRingAndSayHowManyInTheLogItself() throws Exception {
        final CountDownLatch reached = new CountDownLatch(1);
        final CountDownLatch open = new CountDownLatch(1);
        sink.plan(MemorySink.stall(reached, open));
        final AppendLog log = builder()
                .ringSize(4096)
                .overflow(OverflowPolicy.DISCARD)
                .lossNotice(words -> ascii(words + "\n"))
                .open();
        log.append(ascii("first\n"));
        assertTrue(reached.await(10, TimeUnit.SECONDS));
        int discarded = 0;
        for (int i = 0; i < 1000; i++) {
            if (log.append(ascii("0123456789abcde\n")) == AppendLog.DISCARDED) {
                discarded++;
            }
        }
        open.countDown();
        log.close();
        assertTrue(discarded > 0);
        assertEquals(discarded, log.statistics().discarded());
        assertEquals(1001 - discarded, log.statistics().written());
        final String tail = sink.text().substring(sink.text().lastIndexOf("e\n") + 2);
        assertEquals(discarded + " events discarded, the ring was full\n", tail);
        assertSettled(log.statistics());
    }

    @Test
    void shouldMakeRoomLongBeforeAFullRingIsWritten() throws Exception {
        final CountDownLatch reached = new CountDownLatch(1);
        final CountDownLatch open = new CountDownLatch(1);
        final CountDownLatch reachedThird = new CountDownLatch(1);
        final CountDownLatch openThird = new CountDownLatch(1);
        sink.plan(MemorySink.stall(reached, open), offered -> offered, MemorySink.stall(reachedThird, openThird));
        final AppendLog log =
                builder().ringSize(1 << 20).overflow(OverflowPolicy.DISCARD).open();
        final byte[] event = ascii("x".repeat(1023) + "\n");
        log.append(event);
        assertTrue(reached.await(10, TimeUnit.SECONDS));
        int accepted = 1;
        while (log.append(event) != AppendLog.DISCARDED) {
            accepted++;
        }
        open.countDown();
        assertTrue(reachedThird.await(10, TimeUnit.SECONDS), "one write took it all");
        assertNotEquals(AppendLog.DISCARDED, log.append(event));
        openThird.countDown();
        log.close();
        assertEquals(accepted + 1, log.statistics().written());
        assertEquals((accepted + 1) * (long) event.length, sink.size());
    }

    @Test
    void shouldEndADelayIfTheRingFills() throws Exception {
        try (AppendLog log =
                builder().ringSize(1 << 16).maxDelay(Duration.ofMinutes(1)).open()) {
            for (int i = 0; i < 40; i++) {
                log.append(new byte[1024]);
            }
            await().until(() -> sink.size() > 0);
        }
    }

    @Test
    void shouldBlockOnAFullRingKeepTheInterruptAndLoseNothing() throws Exception {
        final CountDownLatch reached = new CountDownLatch(1);
        final CountDownLatch open = new CountDownLatch(1);
        sink.plan(MemorySink.stall(reached, open));
        final AppendLog log = builder().ringSize(4096).open();
        log.append(ascii("first\n"));
        assertTrue(reached.await(10, TimeUnit.SECONDS));
        final AtomicReference<Boolean> interrupted = new AtomicReference<>();
        final Thread producer = new Thread(() -> {
            for (int i = 0; i < 1000; i++) {
                log.append(ascii("0123456789abcde\n"));
            }
            interrupted.set(Thread.currentThread().isInterrupted());
        });
        producer.start();
        await().until(() -> log.statistics().blocked() > 0);
        producer.interrupt();
        open.countDown();
        producer.join();
        log.close();
        assertTrue(interrupted.get());
        assertEquals(1001, log.statistics().written());
        assertEquals(6 + 1000 * 16, sink.text().length());
        awaitSettled(log);
    }

    @Test
    void shouldNotDeadlockWhenItsOwnErrorPathLogsIntoAFullRing() throws Exception {
        final AtomicReference<AppendLog> self = new AtomicReference<>();
        final AtomicReference<Long> answer = new AtomicReference<>();
        final CountDownLatch full = new CountDownLatch(1);
        sink.plan(offered -> {
            MemorySink.awaitUninterruptibly(full);
            throw new IOException("planned");
        });
        final AppendLog log = sink.builder()
                .ringSize(4096)
                .listener(new Heard() {
                    @Override
                    public void error(final String message, final Throwable cause) {
                        answer.set(self.get().append(ascii("recursive\n")));
                    }
                })
                .open();
        self.set(log);
        while (log.append(new byte[64], 0, 64, OverflowPolicy.DISCARD) != AppendLog.DISCARDED) {
            assertTrue(log.statistics().backlog() <= 4096);
        }
        full.countDown();
        await().until(() -> answer.get() != null);
        log.close();
        assertEquals(AppendLog.DISCARDED, answer.get());
        assertSettled(log.statistics());
    }

    @Test
    void shouldCloseWithinItsTimeoutWhenTheDeviceStallsAndCountTheRest() throws Exception {
        final CountDownLatch reached = new CountDownLatch(1);
        final CountDownLatch open = new CountDownLatch(1);
        sink.plan(MemorySink.stall(reached, open));
        final AppendLog log = builder().shutdownTimeout(Duration.ofMillis(200)).open();
        log.append(ascii("stuck\n"));
        assertTrue(reached.await(10, TimeUnit.SECONDS));
        final long start = System.nanoTime();
        log.close();
        assertTrue(System.nanoTime() - start < TimeUnit.SECONDS.toNanos(10));
        assertEquals(1, log.statistics().failed());
        assertSettled(log.statistics());
        assertTrue(heard.errors.get(0).contains("1 events were not written"), heard.errors.toString());
        open.countDown();
    }

    @Test
    void shouldGiveUpWhatCannotBeWrittenWhenTheCloseTimesOut() throws Exception {
        for (int i = 0; i < 10_000; i++) {
            sink.plan(MemorySink.fail(new IOException("No space left on device")));
        }
        final AppendLog log = builder().shutdownTimeout(Duration.ofMillis(300)).open();
        log.append(ascii("never\n"));
        log.close();
        assertEquals(1, log.statistics().failed());
        assertEquals("", sink.text());
        await().until(() -> sink.closed == 1);
        awaitSettled(log);
    }

    @Test
    void shouldGiveUpAFileThatTakesNothingAndSaysNothing() throws Exception {
        for (int i = 0; i < 10_000; i++) {
            sink.plan(MemorySink.shortWrite(0));
        }
        final AppendLog log = builder().shutdownTimeout(Duration.ofMillis(100)).open();
        log.append(ascii("never\n"));
        log.close();
        await().until(() -> sink.closed == 1);
        assertEquals(1, log.statistics().failed());
        awaitSettled(log);
    }

    @Test
    void shouldRefuseEventsAfterCloseAndCloseOnceHoweverOftenAsked() throws Exception {
        final AppendLog log = builder().open();
        log.append(ascii("before\n"));
        final Thread other = new Thread(log::close);
        other.start();
        log.close();
        other.join();
        log.close();
        assertThrows(LogClosedException.class, () -> log.append(ascii("after\n")));
        assertEquals("before\n", sink.text());
        assertEquals(1, sink.closed);
        assertTrue(log.isClosed());
        awaitSettled(log);
    }

    @Test
    void shouldNotHangAFlushThatACloseOvertakes() throws Exception {
        final CountDownLatch reached = new CountDownLatch(1);
        final CountDownLatch open = new CountDownLatch(1);
        sink.plan(MemorySink.stall(reached, open));
        final AppendLog log = builder().shutdownTimeout(Duration.ofMillis(200)).open();
        log.append(ascii("stuck\n"));
        assertTrue(reached.await(10, TimeUnit.SECONDS));
        assertFalse(log.flush(Duration.ofMillis(10)));
        final AtomicReference<Exception> outcome = new AtomicReference<>();
        final Thread flusher = new Thread(() -> {
            try {
                log.flush();
            } catch (final IOException e) {
                outcome.set(e);
            }
        });
        flusher.start();
        await().until(() ->
                flusher.getState() == Thread.State.TIMED_WAITING || flusher.getState() == Thread.State.WAITING);
        log.close();
        flusher.join();
        assertTrue(outcome.get().getMessage().contains("closed"), outcome.get().toString());
        open.countDown();
        awaitSettled(log);
    }
}
