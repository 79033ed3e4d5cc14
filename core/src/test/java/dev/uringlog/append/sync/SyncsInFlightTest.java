package dev.uringlog.append.sync;

import static dev.uringlog.append.Accounts.assertSettled;
import static dev.uringlog.append.FakeDisk.ascii;
import static dev.uringlog.append.Hooks.wrapSink;
import static dev.uringlog.sys.LinuxErrno.ECANCELED;
import static dev.uringlog.sys.LinuxErrno.EIO;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.uringlog.append.AppendLog;
import dev.uringlog.append.AppendLogBuilder;
import dev.uringlog.append.AppendStatistics;
import dev.uringlog.append.Durability;
import dev.uringlog.append.FakeDisk;
import dev.uringlog.append.MemorySink;
import dev.uringlog.append.NumberingRoller;
import dev.uringlog.append.OverflowPolicy;
import dev.uringlog.file.Sink;
import dev.uringlog.sys.Call;
import dev.uringlog.sys.HeldSyncs;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Several syncs in flight, over the fake kernel: acknowledged in order, whatever order they complete in, however they fail. */
@Timeout(60)
class SyncsInFlightTest {
    private static final int RING_SIZE = 8192;
    private static final int SIZE = 512;

    /** Of the first event whose sync is held: it makes this ring one that fills, and five others do. */
    private static final int LONG = RING_SIZE / 2;

    private final FakeDisk disk = new FakeDisk();
    private final HeldSyncs held = disk.kernel.heldSyncs();

    /** The first sync, with the file's name in it, is waited for; those of later events are in flight beside each other. */
    private AppendLog open() throws Exception {
        final AppendLog log = open(disk.overlapping(4).syncInterval(Duration.ZERO));
        disk.kernel.plan().holdSyncs();
        return log;
    }

    private static AppendLog open(final AppendLogBuilder builder) throws Exception {
        final AppendLog log =
                builder.ringSize(RING_SIZE).maxDelay(Duration.ZERO).open();
        log.append(line(0));
        await().until(() -> log.durablePosition() == end(0));
        return log;
    }

    private static byte[] line(final int number) {
        return ascii(number + ".".repeat((number == 1 ? LONG : SIZE) - 2) + "\n");
    }

    /** Where that line ends. */
    private static long end(final int number) {
        return number == 0 ? SIZE : LONG + number * SIZE;
    }

    private static String lines(final int from, final int through) {
        return IntStream.rangeClosed(from, through)
                .mapToObj(number -> new String(line(number), StandardCharsets.US_ASCII))
                .collect(Collectors.joining());
    }

    private void appendEach(final AppendLog log, final int from, final int through) throws Exception {
        for (int i = from; i <= through; i++) {
            log.append(line(i));
            held.await(i);
        }
    }

    private void letGo(final AppendLog log) {
        disk.kernel.plan().letSyncsRun();
        while (held.count() > 0) {
            held.complete(0, 0);
        }
        log.close();
        assertSettled(log.statistics());
        disk.kernel.assertNothingLeaked();
    }

    @Test
    void shouldAcknowledgeInOrderWhateverOrderSyncsCompleteIn() throws Exception {
        final AppendLog log = open();
        appendEach(log, 1, 4);
        held.complete(2, 0);
        held.complete(1, 0);
        assertEquals(end(0), log.durablePosition());
        held.complete(0, 0);
        await().until(() -> log.durablePosition() == end(3));
        held.complete(0, 0);
        await().until(() -> log.durablePosition() == end(4));
        final AppendStatistics s = log.statistics();
        assertEquals(5, s.syncs());
        assertEquals(4, s.overlappedSyncs());
        assertEquals(4, s.syncsInFlightMax());
        assertEquals(1, disk.kernel.calls(Call.FDATASYNC), "only the first waited");
        letGo(log);
    }

    @Test
    void shouldWriteWhatIsNotDurableToANewFileWhereTheSecondOfFourFails() throws Exception {
        final AppendLog log = open();
        appendEach(log, 1, 4);
        held.complete(0, 0);
        await().until(() -> log.durablePosition() == end(1));
        disk.kernel.plan().letSyncsRun();
        held.complete(0, EIO);
        await().until(() -> log.durablePosition() == end(4));
        assertEquals(lines(0, 4), disk.kernel.file(disk.suspect()).text());
        assertEquals(lines(2, 4), disk.text());
        assertEquals(3 * SIZE, disk.kernel.file(FakeDisk.PATH).syncedSize());
        // Those in flight on the suspect file end well, and mean nothing.
        held.complete(0, 0);
        held.complete(0, 0);
        log.append(line(5));
        await().until(() -> log.durablePosition() == end(5));
        assertEquals(lines(2, 5), disk.text());
        final AppendStatistics s = log.statistics();
        assertEquals(1, s.failedSyncs());
        assertEquals(6, s.written());
        assertEquals(0, s.failed());
        letGo(log);
    }

    /** The log hears of both at once, because they complete while it writes. */
    @Test
    void shouldWriteAgainOnlyWhatIsNotDurableWhereOneSyncFailsTogetherWithOneThatSucceeds() throws Exception {
        final CountDownLatch reached = new CountDownLatch(1);
        final CountDownLatch open = new CountDownLatch(1);
        final AtomicBoolean isToStall = new AtomicBoolean();
        final AppendLogBuilder builder = disk.overlapping(4).syncInterval(Duration.ZERO);
        final AppendLog log = open(wrapSink(
                builder,
                sink -> before(sink, "write", isToStall, () -> {
                    reached.countDown();
                    MemorySink.awaitUninterruptibly(open);
                })));
        disk.kernel.plan().holdSyncs();
        appendEach(log, 1, 2);
        isToStall.set(true);
        log.append(line(3));
        reached.await();
        disk.kernel.plan().letSyncsRun();
        held.complete(0, 0);
        held.complete(0, EIO);
        open.countDown();
        await().until(() -> log.durablePosition() == end(3));
        assertEquals(lines(0, 3), disk.kernel.file(disk.suspect()).text());
        assertEquals(lines(2, 3), disk.text(), "the first was durable by then");
        letGo(log);
    }

    @Test
    void shouldBelieveNoSyncThatCompletesAfterALaterOneFailed() throws Exception {
        final AppendLog log = open();
        appendEach(log, 1, 3);
        held.complete(2, EIO);
        await().until(() -> disk.suspect() != null);
        assertEquals(lines(1, 3), disk.text());
        letGo(log);
    }

    @Test
    void shouldSyncByADescriptorForEachInFlight() throws Exception {
        final int before = disk.kernel.openDescriptors();
        final AppendLog log = open();
        appendEach(log, 1, 4);
        assertEquals(
                before + 7, disk.kernel.openDescriptors(), "the file, a ring, an eventfd, and four of the file again");
        letGo(log);
    }

    @Test
    void shouldWaitForAPlaceWhereAsManyAreInFlightAsMayBe() throws Exception {
        final AppendLog log = open();
        appendEach(log, 1, 4);
        log.append(line(5));
        log.append(line(6));
        assertEquals(true, log.flush(Duration.ofSeconds(10)), "written they can be");
        assertEquals(4, held.count());
        held.complete(0, 0);
        held.await(4);
        assertEquals(4, held.count(), "one for both");
        letGo(log);
        assertEquals(end(6), log.durablePosition());
        assertEquals(4, log.statistics().syncsInFlightMax());
    }

    @Test
    void shouldServeThoseWhoWaitWhenTheirSyncCompletes() throws Exception {
        final AppendLog log = open();
        appendEach(log, 1, 2);
        assertFalse(log.awaitDurable(end(1), Duration.ofMillis(20)));
        final FutureTask<Boolean> waiting = new FutureTask<>(() -> log.awaitDurable(end(2), Duration.ofSeconds(30)));
        new Thread(waiting).start();
        held.complete(1, 0);
        held.complete(0, 0);
        assertTrue(waiting.get());
        letGo(log);
    }

    @Test
    void shouldLetAWaitingCallerSyncByItself() throws Exception {
        final AppendLog log = open();
        appendEach(log, 1, 2);
        log.sync();
        assertEquals(end(2), log.durablePosition(), "its sync covers those in flight");
        assertEquals(2, disk.kernel.calls(Call.FDATASYNC));
        letGo(log);
    }

    @Test
    void shouldSyncInTurnOnceNoWorkerIsAvailable() throws Exception {
        final AppendLog log = open();
        appendEach(log, 1, 2);
        disk.kernel.plan().letSyncsRun();
        held.complete(0, ECANCELED);
        await().until(() -> log.durablePosition() == end(2));
        log.append(line(3));
        await().until(() -> log.durablePosition() == end(3));
        assertEquals(lines(0, 3), disk.text());
        assertNull(disk.suspect());
        assertEquals(1, disk.heard.warnings.size(), disk.heard.warnings.toString());
        assertTrue(disk.heard.warnings.get(0).contains("ECANCELED"), disk.heard.warnings.get(0));
        log.close();
        disk.kernel.assertNothingLeaked();
    }

    @Test
    void shouldKeepBytesInTheRingUntilTheirSyncCompletes() throws Exception {
        final AppendLog log = disk.overlapping(4)
                .ringSize(4096)
                .overflow(OverflowPolicy.DISCARD)
                .syncInterval(Duration.ZERO)
                .maxDelay(Duration.ZERO)
                .open();
        log.append(new byte[1024]);
        await().until(() -> log.durablePosition() == 1024);
        disk.kernel.plan().holdSyncs();
        for (int i = 1; i <= 3; i++) {
            log.append(new byte[i == 1 ? 2048 : 1024]);
            held.await(i);
        }
        assertEquals(AppendLog.DISCARDED, log.append(new byte[1024]));
        held.complete(1, 0);
        assertEquals(AppendLog.DISCARDED, log.append(new byte[1024]));
        held.complete(0, 0);
        await().until(() -> log.durablePosition() == 4 * 1024);
        assertEquals(6 * 1024, log.append(new byte[1024]));
        letGo(log);
    }

    @Test
    void shouldSyncTheNameOfANewFileBeforeAnythingIsInFlight() throws Exception {
        final AppendLog log = open();
        assertEquals(
                List.of(Call.WRITEV, Call.FDATASYNC, Call.FSYNC),
                disk.calls(Call.WRITEV, Call.FDATASYNC, Call.FSYNC, Call.SQE_FSYNC));
        letGo(log);
    }

    @Test
    void shouldSyncInTurnWhileTheRingDoesNotFill() throws Exception {
        final AppendLog log = open();
        for (int i = 1; i <= 3; i++) {
            log.append(ascii("short\n"));
            final long end = SIZE + 6 * i;
            await().until(() -> log.durablePosition() == end);
        }
        assertEquals(4, disk.kernel.calls(Call.FDATASYNC));
        assertEquals(0, log.statistics().syncsInFlightMax());
        letGo(log);
    }

    @Test
    void shouldHaveOneInFlightWhileTheRingDoesNotFillWhereCallersWriteThemselves() throws Exception {
        final AppendLog log =
                open(disk.overlapping(4).durability(Durability.KERNEL).syncInterval(Duration.ZERO));
        disk.kernel.plan().holdSyncs();
        log.awaitWritten(log.append(ascii("first\n")));
        held.await(1);
        log.awaitWritten(log.append(ascii("other\n")));
        assertEquals(lines(0, 0) + "first\nother\n", disk.text(), "a sync holds up no caller");
        assertEquals(1, held.count());
        held.complete(0, 0);
        held.await(1);
        assertEquals(SIZE + 6, log.durablePosition());
        assertEquals(1, log.statistics().syncsInFlightMax());
        letGo(log);
    }

    @Test
    void shouldGoOnWritingWhileASyncIsInFlightThatIsNotTheNextWritesOwn() throws Exception {
        final AppendLog log = open(disk.overlapping(4).syncInterval(Duration.ofMillis(1)));
        disk.kernel.plan().holdSyncs();
        log.append(ascii("first\n"));
        held.await(1);
        log.append(ascii("other\n"));
        await().until(() -> log.writtenPosition() == SIZE + 12);
        assertEquals(1, held.count());
        letGo(log);
    }

    @Test
    void shouldNotHoldTheFailureOfASyncAgainstAFileThatTheLogHasRolledToSince() throws Exception {
        final NumberingRoller roller = new NumberingRoller((time, length, size) -> false, (from, to) -> {
            assertEquals(0, disk.kernel.rename(from.toString(), to.toString()));
        });
        final AppendLog log =
                open(disk.overlapping(4).syncInterval(Duration.ZERO).roller(roller));
        disk.kernel.plan().holdSyncs();
        appendEach(log, 1, 2);
        log.roll();
        assertEquals(end(2), log.durablePosition(), "by a sync that was waited for");
        held.complete(1, EIO);
        held.complete(0, EIO);
        disk.kernel.plan().letSyncsRun();
        log.append(line(3));
        await().until(() -> log.durablePosition() == end(3));
        assertNull(disk.suspect());
        assertEquals(lines(3, 3), disk.text());
        assertEquals(0, log.statistics().failedSyncs());
        letGo(log);
    }

    @Test
    void shouldKeepItsRingWhereSyncsOfAFileThatItHasRolledFromCompleteLater() throws Exception {
        final NumberingRoller roller = new NumberingRoller((time, length, size) -> false, (from, to) -> {
            assertEquals(0, disk.kernel.rename(from.toString(), to.toString()));
        });
        final AppendLog log =
                open(disk.overlapping(4).syncInterval(Duration.ZERO).roller(roller));
        disk.kernel.plan().holdSyncs();
        appendEach(log, 1, 2);
        log.roll();
        held.complete(1, 0);
        held.complete(0, 0);
        log.append(ascii("the first in the file\n"));
        log.sync();
        appendEach(log, 1, 1);
        letGo(log);
        assertEquals(List.of(), disk.heard.warnings);
    }

    @Test
    void shouldGoOnAfterTheOnlySyncInFlightFailed() throws Exception {
        final AppendLog log = open();
        appendEach(log, 1, 1);
        disk.kernel.plan().letSyncsRun();
        held.complete(0, EIO);
        await().until(() -> log.durablePosition() == end(1));
        log.append(ascii("short\n"));
        await().until(() -> log.durablePosition() == end(1) + 6);
        assertEquals(0, held.count());
        letGo(log);
    }

    @Test
    void shouldNotWaitForThoseInFlightOnAFileThatWasLeft() throws Exception {
        final AppendLog log = open();
        appendEach(log, 1, 2);
        disk.kernel.plan().letSyncsRun();
        held.complete(1, EIO);
        await().until(() -> log.durablePosition() == end(2));
        log.append(ascii("short\n"));
        await().until(() -> log.durablePosition() == end(2) + 6);
        assertEquals(1, held.count(), "on the suspect file, and it means nothing");
        letGo(log);
    }

    @Test
    void shouldTellWhoseEventIsWrittenThoughASyncCannotBegin() throws Exception {
        final AtomicBoolean isToFail = new AtomicBoolean();
        final AppendLogBuilder builder = disk.overlapping(4)
                .syncInterval(Duration.ZERO)
                .ringSize(RING_SIZE)
                .maxDelay(Duration.ofMinutes(1));
        final AppendLog log = wrapSink(
                        builder, sink -> before(sink, "areNamesSynced", isToFail, SyncsInFlightTest::fail))
                .open();
        log.append(line(0));
        assertTrue(log.flush(Duration.ofSeconds(30)));
        isToFail.set(true);
        // The ring now counts as filling, and no thread writes it before a caller asks.
        log.append(ascii(".".repeat(RING_SIZE / 5) + "\n"));
        assertTimeoutPreemptively(
                Duration.ofSeconds(10), () -> log.flush(Duration.ofMinutes(1)), "it was taken, and not told");
        assertFalse(isToFail.get());
        letGo(log);
    }

    /** Where a sync is begun, the sink is asked first. */
    private static void fail() {
        throw new OutOfMemoryError("planned");
    }

    /** A sink with something that happens before one call. */
    private static Sink before(
            final Sink sink, final String call, final AtomicBoolean isArmed, final Runnable whatHappens) {
        return (Sink) Proxy.newProxyInstance(
                Sink.class.getClassLoader(), new Class<?>[] {Sink.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals(call) && isArmed.getAndSet(false)) {
                        whatHappens.run();
                    }
                    try {
                        return method.invoke(sink, arguments);
                    } catch (final InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
