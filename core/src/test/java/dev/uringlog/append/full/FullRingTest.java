package dev.uringlog.append.full;

import static dev.uringlog.append.Accounts.awaitSettled;
import static dev.uringlog.append.Hooks.askAtExit;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.uringlog.append.AppendLog;
import dev.uringlog.append.AppendLogBuilder;
import dev.uringlog.append.AppendTerms;
import dev.uringlog.append.Durability;
import dev.uringlog.append.Heard;
import dev.uringlog.append.MemorySink;
import dev.uringlog.append.NotAcceptedException;
import dev.uringlog.append.OverflowPolicy;
import dev.uringlog.append.Patience;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What comes of a caller that finds the ring full, in all the ways it may have asked. */
@Timeout(60)
class FullRingTest {
    private static final byte[] EVENT = new byte[64];
    private static final Patience UNLESS_HELD = isHeld -> isHeld;

    private final MemorySink sink = new MemorySink();
    private final CountDownLatch reached = new CountDownLatch(1);
    private final CountDownLatch open = new CountDownLatch(1);
    private final Queue<Object> outcomes = new ConcurrentLinkedQueue<>();
    private final List<Thread> callers = new ArrayList<>();

    @AfterEach
    void letAllGo() throws InterruptedException {
        open.countDown();
        for (final Thread caller : callers) {
            caller.join();
        }
    }

    private AppendLogBuilder builder() {
        return sink.builder().ringSize(4096).shutdownTimeout(Duration.ofMillis(300));
    }

    /** A log whose ring is full, and whose device stalls until it is let go. */
    private AppendLog full(final AppendLogBuilder builder) throws Exception {
        sink.plan(MemorySink.stall(reached, open));
        final AppendLog log = builder.open();
        log.enqueue(EVENT, 0, EVENT.length, OverflowPolicy.BLOCK);
        reached.await();
        while (log.enqueue(EVENT, 0, EVENT.length, OverflowPolicy.DISCARD) != AppendLog.DISCARDED) {
            assertTrue(log.statistics().backlog() <= 4096);
        }
        return log;
    }

    private static AppendTerms terms(final Durability durability, final Patience patience) {
        return new AppendTerms(durability, OverflowPolicy.DISCARD, patience);
    }

    private Thread caller(final AppendLog log, final AppendTerms terms) {
        final Thread thread = new Thread(() -> {
            try {
                outcomes.add(log.append(EVENT, 0, EVENT.length, 0, terms));
            } catch (final RuntimeException e) {
                outcomes.add(e);
            }
        });
        callers.add(thread);
        thread.start();
        return thread;
    }

    private void awaitBlocked(final AppendLog log, final int count) {
        await().until(() -> log.statistics().blocked() == count);
    }

    private Object outcome() {
        await().until(() -> !outcomes.isEmpty());
        return outcomes.remove();
    }

    @ParameterizedTest
    @EnumSource(
            value = Durability.class,
            names = {"KERNEL", "DISK"})
    void shouldNeverDiscardAnEventThatItsCallWaitsFor(final Durability durability) throws Exception {
        try (AppendLog log = full(builder().durability(durability).overflow(OverflowPolicy.DISCARD))) {
            final long size = log.fileSize();
            callers.add(new Thread(() -> outcomes.add(log.append(EVENT))));
            callers.get(0).start();
            awaitBlocked(log, 1);
            open.countDown();
            assertEquals(size + EVENT.length, outcome());
            assertEquals(size + EVENT.length, sink.size());
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Durability.class,
            names = {"KERNEL", "DISK"})
    void shouldNeverDiscardAnEventThatIsToBeMoreDurableThanOthers(final Durability durability) throws Exception {
        try (AppendLog log = full(builder().overflow(OverflowPolicy.DISCARD))) {
            final long discarded = log.statistics().discarded();
            final long size = log.fileSize();
            caller(log, terms(durability, Patience.ENDLESS));
            awaitBlocked(log, 1);
            open.countDown();
            assertEquals(size + EVENT.length, outcome());
            assertEquals(durability == Durability.DISK ? 1 : 0, log.statistics().syncs());
            assertEquals(discarded, log.statistics().discarded());
        }
    }

    @Test
    void shouldNotTakeADiscardedEventForOneThatIsWritten() throws Exception {
        try (AppendLog log = builder().open()) {
            assertThrows(IOException.class, () -> log.awaitWritten(AppendLog.DISCARDED));
            assertThrows(IOException.class, () -> log.awaitDurable(AppendLog.DISCARDED));
            assertThrows(IOException.class, () -> log.awaitDurable(AppendLog.DISCARDED, Duration.ofSeconds(1)));
        }
    }

    /** The error path of the log's own thread, where the event is to be waited for. */
    @Test
    void shouldFailRatherThanDiscardWhereTheLogsOwnThreadFindsNoRoom() throws Exception {
        final AtomicReference<AppendLog> self = new AtomicReference<>();
        final CountDownLatch isFull = new CountDownLatch(1);
        sink.plan(offered -> {
            reached.countDown();
            MemorySink.awaitUninterruptibly(isFull);
            throw new IOException("planned");
        });
        final AppendLog log = builder()
                .durability(Durability.KERNEL)
                .listener(new Heard() {
                    @Override
                    public void error(final String message, final Throwable cause) {
                        try {
                            outcomes.add(self.get().append(EVENT, 0, EVENT.length, OverflowPolicy.DISCARD));
                        } catch (final RuntimeException e) {
                            outcomes.add(e);
                        }
                    }
                })
                .open();
        self.set(log);
        log.enqueue(EVENT, 0, EVENT.length, OverflowPolicy.BLOCK);
        reached.await();
        while (log.enqueue(EVENT, 0, EVENT.length, OverflowPolicy.DISCARD) != AppendLog.DISCARDED) {
            assertTrue(log.statistics().backlog() <= 4096);
        }
        isFull.countDown();
        assertInstanceOf(NotAcceptedException.class, outcome());
        log.close();
        awaitSettled(log);
    }

    @Test
    void shouldLetCallersSleepWithoutATimerButOneUntilThereIsRoom() throws Exception {
        final int count = 20;
        try (AppendLog log = full(builder())) {
            for (int i = 0; i < count; i++) {
                caller(log, terms(Durability.KERNEL, Patience.ENDLESS));
            }
            awaitBlocked(log, count);
            await().until(() -> callers.stream()
                            .filter(caller -> caller.getState() == Thread.State.WAITING)
                            .count()
                    == count - 1);
            open.countDown();
            for (int i = 0; i < count; i++) {
                assertInstanceOf(Long.class, outcome());
            }
        }
    }

    @Test
    void shouldEndTheWaitOfACallerWhosePatienceIsOverAndOfNoOther() throws Exception {
        try (AppendLog log = full(builder())) {
            final long discarded = log.statistics().discarded();
            final AtomicBoolean isOver = new AtomicBoolean();
            for (int i = 0; i < 3; i++) {
                caller(log, new AppendTerms(Durability.MEMORY, OverflowPolicy.BLOCK, Patience.ENDLESS));
                caller(log, new AppendTerms(Durability.MEMORY, OverflowPolicy.BLOCK, isHeld -> isOver.get()));
            }
            awaitBlocked(log, 6);
            assertEquals(0, outcomes.size());
            isOver.set(true);
            for (int i = 0; i < 3; i++) {
                assertInstanceOf(NotAcceptedException.class, outcome());
            }
            assertEquals(discarded + 3, log.statistics().discarded());
            open.countDown();
            for (int i = 0; i < 3; i++) {
                assertInstanceOf(Long.class, outcome());
            }
            awaitSettled(log);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Durability.class,
            names = {"KERNEL", "DISK"})
    void shouldEndTheWaitForAFileThatHangs(final Durability durability) throws Exception {
        sink.plan(MemorySink.stall(reached, open));
        final AtomicBoolean isOver = new AtomicBoolean();
        try (AppendLog log = builder().open()) {
            log.enqueue(EVENT, 0, EVENT.length, OverflowPolicy.BLOCK);
            reached.await();
            caller(log, terms(durability, isHeld -> isOver.get()));
            caller(log, terms(durability, isHeld -> isOver.get()));
            await().until(() -> log.statistics().accepted() == 3);
            isOver.set(true);
            assertInstanceOf(UncheckedIOException.class, outcome());
            assertInstanceOf(UncheckedIOException.class, outcome());
            open.countDown();
            await().until(() -> log.statistics().written() == 3); // They were accepted.
        }
    }

    @Test
    void shouldTellACallerThatWouldRatherKnowThatTheFileTakesNothing() throws Exception {
        final IOException full = new IOException("No space left on device");
        final AtomicBoolean isFull = new AtomicBoolean(true);
        for (int i = 0; i < 10_000; i++) {
            sink.plan(offered -> {
                if (isFull.get()) {
                    throw full;
                }
                return offered;
            });
        }
        try (AppendLog log = builder().open()) {
            final AppendTerms terms = new AppendTerms(Durability.MEMORY, OverflowPolicy.BLOCK, UNLESS_HELD);
            await().until(() -> {
                caller(log, terms);
                return outcomes.stream().anyMatch(NotAcceptedException.class::isInstance);
            });
            final long accepted = log.statistics().accepted();
            assertThrows(NotAcceptedException.class, () -> log.append(EVENT, 0, EVENT.length, 0, terms));
            // One that is waited for is not even taken while there is room.
            assertThrows(
                    NotAcceptedException.class,
                    () -> log.append(EVENT, 0, 1, 0, terms(Durability.KERNEL, UNLESS_HELD)));
            assertEquals(0, log.statistics().discarded());
            isFull.set(false);
            await().until(() -> log.statistics().written() == accepted);
            assertEquals(accepted * EVENT.length, sink.size());
        }
    }

    @Test
    void shouldKeepNoThreadThatLogsWhileTheJvmGoesDownBeyondTheShutdownTimeout() throws Exception {
        final AppendLog log = full(builder());
        caller(log, terms(Durability.KERNEL, Patience.ENDLESS));
        awaitBlocked(log, 1);
        askAtExit(log);
        assertInstanceOf(NotAcceptedException.class, outcome());
        assertThrows(NotAcceptedException.class, () -> log.append(EVENT));
        open.countDown();
        log.close();
        awaitSettled(log);
    }
}
