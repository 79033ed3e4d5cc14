package dev.uringlog.append.full;

import static dev.uringlog.append.FakeDisk.ascii;
import static dev.uringlog.sys.LinuxErrno.ENOSPC;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.uringlog.append.Accounts;
import dev.uringlog.append.AppendLog;
import dev.uringlog.append.AppendLogBuilder;
import dev.uringlog.append.Durability;
import dev.uringlog.append.FailurePolicy;
import dev.uringlog.append.FakeDisk;
import dev.uringlog.append.Heard;
import dev.uringlog.append.MemorySink;
import dev.uringlog.append.OverflowPolicy;
import dev.uringlog.append.Roller;
import dev.uringlog.append.RollingFile;
import dev.uringlog.sys.Call;
import dev.uringlog.write.Strategy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The line in the log itself that tells of missing events: where it stands, what it says, and how often there is one. */
@Timeout(60)
class LossNoticeTest {
    private static final int RING = 4096;

    private static final IOException FULL = new IOException("full");

    private final FakeDisk disk = new FakeDisk();
    private final CountDownLatch reached = new CountDownLatch(1);
    private final CountDownLatch open = new CountDownLatch(1);
    private final MemorySink sink = new MemorySink().plan(MemorySink.stall(reached, open));
    private final Heard heard = new Heard();

    private AppendLog openLog() throws Exception {
        return builder().open();
    }

    private AppendLogBuilder builder() {
        return sink.builder()
                .ringSize(RING)
                .overflow(OverflowPolicy.DISCARD)
                .lossNotice(words -> ascii(words + "\n"))
                .listener(heard);
    }

    private static byte[] large() {
        return ascii("x".repeat(RING - 1) + "\n");
    }

    @Test
    void shouldStandWhereTheEventsAreMissingThoughLaterOnesAreWaitingToo() throws Exception {
        try (AppendLog log = openLog()) {
            log.append(ascii("first\n"));
            reached.await();
            log.append(ascii("before\n"));
            assertEquals(AppendLog.DISCARDED, log.append(large()));
            assertEquals(AppendLog.DISCARDED, log.append(large()));
            log.append(ascii("after\n"));
            open.countDown();
            await().until(() -> sink.text().endsWith("after\n"));
        }
        assertEquals("first\nbefore\n2 events discarded, the ring was full\nafter\n", sink.text());
    }

    @Test
    void shouldStandWhereTheEventsAreMissingAlsoBehindARollThatWaitedForTheSameWrite() throws Exception {
        final Roller roller = new Roller() {
            @Override
            public boolean isDue(final long timeMillis, final int length, final long fileSize) {
                return false;
            }

            @Override
            public void roll(final RollingFile file) {}
        };
        try (AppendLog log = builder().roller(roller).open()) {
            log.append(ascii("first\n"));
            reached.await();
            assertFalse(log.roll(Duration.ZERO));
            log.append(ascii("before\n"));
            assertEquals(AppendLog.DISCARDED, log.append(large()));
            log.append(ascii("after\n"));
            open.countDown();
            await().until(() -> sink.text().contains("after\n"));
        }
        assertEquals("first\nbefore\n1 event discarded, the ring was full\nafter\n", sink.text());
    }

    @Test
    void shouldNotBeRepeatedWithinASecondAndLeaveNothingUntold() throws Exception {
        try (AppendLog log = openLog()) {
            log.append(ascii("first\n"));
            reached.await();
            assertEquals(AppendLog.DISCARDED, log.append(large()));
            log.append(ascii("a\n"));
            assertEquals(AppendLog.DISCARDED, log.append(large()));
            log.append(ascii("b\n"));
            assertEquals(AppendLog.DISCARDED, log.append(large()));
            open.countDown();
        }
        assertEquals("first\n3 events discarded, the ring was full\na\nb\n", sink.text());
        assertEquals(1, heard.warnings.size(), heard.warnings.toString());
    }

    @Test
    void shouldBeToldTheListenerOnceASecondAtMostAndInTheEndAllOfIt() throws Exception {
        final CountDownLatch reachedAgain = new CountDownLatch(1);
        final CountDownLatch openAgain = new CountDownLatch(1);
        final int early;
        final long start = System.nanoTime();
        try (AppendLog log = openLog()) {
            log.append(ascii("first\n"));
            reached.await();
            log.append(large());
            open.countDown();
            await().until(() -> sink.text().equals("first\n1 event discarded, the ring was full\n"));
            sink.plan(MemorySink.stall(reachedAgain, openAgain));
            log.append(ascii("second\n"));
            reachedAgain.await();
            log.append(large());
            openAgain.countDown();
            await().until(() -> sink.text().endsWith("second\n1 event discarded, the ring was full\n"));
            early = System.nanoTime() - start < 1_000_000_000 ? heard.warnings.size() : 1;
        }
        assertEquals(1, early, heard.warnings.toString());
        assertEquals(
                List.of(
                        "memory.log: 1 event discarded, the ring was full (1 in all)",
                        "memory.log: 1 event discarded, the ring was full (2 in all)"),
                heard.warnings);
    }

    private AppendLog openDropping(final Strategy strategy, final Durability durability) throws Exception {
        return disk.builder(strategy)
                .durability(durability)
                .onFailure(FailurePolicy.DROP)
                .maxDelay(Duration.ofSeconds(10))
                .lossNotice(words -> ascii(words + "\n"))
                .open();
    }

    private static final String SAID = "2 events could not be written and are lost: %s: ENOSPC (28)\n";

    @ParameterizedTest
    @EnumSource(
            value = Strategy.class,
            names = {"WRITEV", "IOURING"})
    void shouldStandWhereTheFileDidNotTakeThemOnceItTakesBytesAgain(final Strategy strategy) throws Exception {
        try (AppendLog log = openDropping(strategy, Durability.MEMORY)) {
            log.append(ascii("before\n"));
            log.flush();
            disk.kernel.plan().failFrom(strategy == Strategy.WRITEV ? Call.WRITEV : Call.SQE_WRITEV, 1, ENOSPC);
            log.append(ascii("gone\n"));
            assertThrows(IOException.class, log::flush);
            log.append(ascii("gone with the line that would have said so\n"));
            assertThrows(IOException.class, log::flush);
            disk.kernel.plan().heal();
            log.append(ascii("after\n"));
            log.flush();
            log.append(ascii("later\n"));
        }
        assertEquals("before\n" + SAID.formatted("writev") + "after\nlater\n", disk.text());
    }

    @Test
    void shouldBeginALineOfItsOwnBehindATornEventAndItsOwnTornBeginning() throws Exception {
        disk.kernel.plan().limitSpace(13);
        try (AppendLog log = openDropping(Strategy.WRITEV, Durability.MEMORY)) {
            log.append(ascii("whole 1\n"));
            log.append(ascii("torn at the t\n"));
            assertThrows(IOException.class, log::flush);
            disk.kernel.plan().addSpace(4);
            log.append(ascii("gone\n"));
            assertThrows(IOException.class, log::flush);
            assertEquals("whole 1\ntorn \n1 e", disk.text());
            disk.kernel.plan().addSpace(1 << 20);
            log.append(ascii("whole 2\n"));
            log.flush();
            Accounts.assertSettled(log.statistics());
        }
        assertEquals("whole 1\ntorn \n1 e\n" + SAID.formatted("writev") + "whole 2\n", disk.text());
    }

    @ParameterizedTest
    @EnumSource(
            value = Durability.class,
            names = {"KERNEL", "DISK"})
    void shouldNotBeMadeByAWaitingCaller(final Durability durability) throws Exception {
        final Queue<Thread> makers = new ConcurrentLinkedQueue<>();
        final Thread[] flusher = new Thread[1];
        try (AppendLog log = disk.builder(Strategy.WRITEV)
                .durability(durability)
                .onFailure(FailurePolicy.DROP)
                .threadFactory(work -> flusher[0] = new Thread(work))
                .lossNotice(words -> {
                    makers.add(Thread.currentThread());
                    return ascii(words + "\n");
                })
                .open()) {
            disk.kernel.plan().failNext(Call.WRITEV, ENOSPC);
            assertThrows(UncheckedIOException.class, () -> log.append(ascii("gone\n")));
            log.append(ascii("there\n"));
            assertEquals("1 event could not be written and is lost: writev: ENOSPC (28)\nthere\n", disk.text());
        }
        assertEquals(List.of(flusher[0]), List.copyOf(makers));
    }

    @Test
    void shouldBeWrittenByTheCloseWhereNoEventFollows() throws Exception {
        try (AppendLog log = openDropping(Strategy.WRITEV, Durability.KERNEL)) {
            disk.kernel.plan().failNext(Call.WRITEV, ENOSPC);
            assertThrows(UncheckedIOException.class, () -> log.append(ascii("gone\n")));
        }
        assertEquals("1 event could not be written and is lost: writev: ENOSPC (28)\n", disk.text());
    }

    private static MemorySink.Step failingWhile(final AtomicBoolean isFull) {
        return offered -> {
            if (isFull.get()) {
                throw FULL;
            }
            return offered;
        };
    }

    @Test
    void shouldSayBothWhereTheFileDidNotEvenTakeTheLineOfDiscardedOnes() throws Exception {
        try (AppendLog log = sink.builder()
                .ringSize(RING)
                .overflow(OverflowPolicy.DISCARD)
                .onFailure(FailurePolicy.DROP)
                .lossNotice(words -> ascii(words + "\n"))
                .listener(heard)
                .open()) {
            log.append(ascii("first\n"));
            reached.await();
            assertEquals(AppendLog.DISCARDED, log.append(large()));
            log.append(ascii("gone\n"));
            final AtomicBoolean isFull = new AtomicBoolean(true);
            Collections.nCopies(100, failingWhile(isFull)).forEach(sink::plan);
            open.countDown();
            await().until(() -> log.statistics().dropped() == 1);
            isFull.set(false);
            log.append(ascii("after\n"));
        }
        assertEquals(
                "first\n1 event discarded, the ring was full\n1 event could not be written and is lost: full\nafter\n",
                sink.text());
    }

    @Test
    void shouldBeMadeOnceHoweverOftenTheFileDoesNotTakeIt() throws Exception {
        final AtomicInteger made = new AtomicInteger();
        try (AppendLog log = sink.builder()
                .ringSize(RING)
                .overflow(OverflowPolicy.DISCARD)
                .onFailure(FailurePolicy.DROP)
                .lossNotice(words -> ascii(made.incrementAndGet() + " " + words + "\n"))
                .open()) {
            log.append(ascii("first\n"));
            reached.await();
            assertEquals(AppendLog.DISCARDED, log.append(large()));
            final CountDownLatch refused = new CountDownLatch(1);
            sink.plan(offered -> {
                refused.countDown();
                throw FULL;
            });
            open.countDown();
            refused.await();
        }
        assertEquals("first\n1 1 event discarded, the ring was full\n", sink.text());
    }
}
