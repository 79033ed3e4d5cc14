package dev.uringlog.append.sync;

import static dev.uringlog.append.Accounts.awaitSettled;
import static dev.uringlog.append.FakeDisk.ascii;
import static dev.uringlog.append.Hooks.withSink;
import static dev.uringlog.sys.LinuxErrno.ENOSPC;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.uringlog.append.AppendLog;
import dev.uringlog.append.AppendLogBuilder;
import dev.uringlog.append.AppendStatistics;
import dev.uringlog.append.Durability;
import dev.uringlog.append.FakeDisk;
import dev.uringlog.append.Heard;
import dev.uringlog.append.MemorySink;
import dev.uringlog.append.OverflowPolicy;
import dev.uringlog.sys.Call;
import dev.uringlog.sys.ForwardingSyscalls;
import dev.uringlog.write.Strategy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Callers who wait write for each other. */
@Timeout(60)
class GroupCommitTest {
    @TempDir
    Path directory;

    private final FakeDisk disk = new FakeDisk();
    private final List<Thread> threads = new ArrayList<>();
    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();

    private interface Work {
        void run() throws Exception;
    }

    private Thread start(final Work work) {
        final Thread thread = new Thread(() -> {
            try {
                work.run();
            } catch (final Throwable e) {
                failures.add(e);
            }
        });
        threads.add(thread);
        thread.start();
        return thread;
    }

    private void join() throws InterruptedException {
        for (final Thread thread : threads) {
            thread.join();
        }
        threads.clear();
    }

    private static void awaitParked(final Thread thread) {
        await().until(() ->
                thread.getState() == Thread.State.WAITING || thread.getState() == Thread.State.TIMED_WAITING);
    }

    @Test
    void shouldTakeCallersThatArriveDuringAWriteIntoTheNextBatch() throws Exception {
        disk.kernel.plan().stallWrites();
        try (AppendLog log =
                disk.builder(Strategy.WRITEV).durability(Durability.DISK).open()) {
            start(() -> log.append(ascii("first\n")));
            disk.kernel.awaitStalledWrite();
            for (int i = 0; i < 7; i++) {
                awaitParked(start(() -> log.append(ascii("rides\n"))));
            }
            disk.kernel.plan().resumeWrites();
            join();
            assertEquals(
                    List.of(Call.WRITEV, Call.FDATASYNC, Call.WRITEV, Call.FDATASYNC),
                    disk.calls(Call.WRITEV, Call.FDATASYNC));
            assertEquals(2, log.statistics().syncs());
            assertEquals(7, log.statistics().largestBatch());
        }
        assertEquals(List.of(), List.copyOf(failures));
    }

    @Test
    void shouldSleepThroughAWriteThatTakesLong() throws Exception {
        disk.kernel.plan().stallWrites();
        try (AppendLog log =
                disk.builder(Strategy.WRITEV).durability(Durability.KERNEL).open()) {
            start(() -> log.append(ascii("first\n")));
            disk.kernel.awaitStalledWrite();
            for (int i = 0; i < 7; i++) {
                awaitParked(start(() -> log.append(ascii("rides\n"))));
            }
            disk.kernel.plan().resumeWrites();
            join();
            assertEquals(List.of(Call.WRITEV, Call.WRITEV), disk.calls(Call.WRITEV));
            assertEquals(7, log.statistics().largestBatch());
        }
        assertEquals(List.of(), List.copyOf(failures));
    }

    @ParameterizedTest
    @CsvSource({"true, 100", "false, 100", "true, 300000", "false, 300000"})
    void shouldNotTellACallerWhoseEventIsInTheFileThatItFailed(final boolean isLeading, final long space)
            throws Exception {
        disk.kernel.plan().stallWrites();
        try (AppendLog log = disk.builder(Strategy.WRITEV).ringSize(2 << 20).open()) {
            start(() -> log.awaitWritten(enqueue(log, "zero\n")));
            disk.kernel.awaitStalledWrite();
            awaitParked(startToWait(log, enqueue(log, "first\n"), isLeading));
            for (int i = 0; i < 400; i++) { // More than a batch.
                enqueue(log, "x".repeat(999) + "\n");
            }
            final long last = enqueue(log, "last\n");
            final AtomicReference<Throwable> told = new AtomicReference<>();
            awaitParked(start(
                    () -> told.set(assertThrows(IOException.class, () -> awaitWritten(log, last, isLeading)))));
            disk.kernel.plan().limitSpace(space).resumeWrites();
            join();
            assertEquals(List.of(), List.copyOf(failures));
            assertTrue(told.get().getMessage().contains("ENOSPC"), () -> "told " + told.get());
            disk.kernel.plan().addSpace(1 << 20);
            awaitSettled(log);
        }
        assertTrue(disk.text().startsWith("zero\nfirst\n") && disk.text().endsWith("\nlast\n"));
    }

    private static long enqueue(final AppendLog log, final String event) {
        return log.enqueue(ascii(event), 0, event.length(), OverflowPolicy.BLOCK);
    }

    private Thread startToWait(final AppendLog log, final long position, final boolean isLeading) {
        return start(() -> awaitWritten(log, position, isLeading));
    }

    private static void awaitWritten(final AppendLog log, final long position, final boolean isLeading)
            throws Exception {
        if (isLeading) {
            log.awaitWritten(position);
        } else {
            assertTrue(log.awaitWritten(position, Duration.ofSeconds(30)));
        }
    }

    @Test
    void shouldTellALoneCallerThatItsWriteFailedAndHoldTheEvent() throws Exception {
        disk.kernel.plan().failFrom(Call.WRITEV, 1, ENOSPC);
        try (AppendLog log =
                disk.builder(Strategy.WRITEV).durability(Durability.KERNEL).open()) {
            assertThrows(UncheckedIOException.class, () -> log.append(ascii("event\n")));
            disk.kernel.plan().heal();
            await().until(() -> disk.text().equals("event\n"));
            log.append(ascii("next\n"));
            assertEquals("event\nnext\n", disk.text());
            awaitSettled(log);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Durability.class,
            names = {"KERNEL", "DISK"})
    void shouldKeepALeadersInterrupt(final Durability durability) throws Exception {
        try (AppendLog log =
                disk.builder(Strategy.WRITEV).durability(durability).open()) {
            Thread.currentThread().interrupt();
            log.append(ascii("event\n"));
            assertTrue(Thread.interrupted());
        }
    }

    @Test
    void shouldNeedFewerSyncsThanEventsAndReturnToNoCallerEarly() throws Exception {
        final AtomicLong synced = new AtomicLong();
        final int each = 500;
        final Path file = directory.resolve("log");
        final dev.uringlog.sys.Syscalls real = dev.uringlog.sys.Kernel.syscalls();
        final ForwardingSyscalls watched = new ForwardingSyscalls(real) {
            @Override
            public int fdatasync(final int fd) {
                final long size = file.toFile().length();
                final int result = super.fdatasync(fd);
                synced.set(size);
                return result;
            }
        };
        final AppendLogBuilder builder = withSink(
                AppendLog.builder(file).durability(Durability.DISK).listener(new Heard()),
                () -> FakeDisk.sink(watched, file));
        try (AppendLog log = builder.open()) {
            for (int t = 0; t < 8; t++) {
                final int me = t;
                start(() -> {
                    for (int i = 0; i < each; i++) {
                        final long position = log.append(ascii(me + " " + i + "\n"));
                        assertTrue(synced.get() >= position, "returned before its sync");
                    }
                });
            }
            join();
            final AppendStatistics s = log.statistics();
            assertEquals(8 * each, s.written());
            assertTrue(s.syncs() < 8 * each / 2, s.toString());
        }
        assertEquals(List.of(), List.copyOf(failures));
        assertInOrder(file, 8, each);
    }

    @ParameterizedTest
    @ValueSource(ints = {4096, 1 << 20})
    void shouldLoseNoWakeUpHoweverShortAWriteIs(final int ringSize) throws Exception {
        final int each = 20_000;
        final Path file = directory.resolve("kernel");
        try (AppendLog log = AppendLog.builder(file)
                .durability(Durability.KERNEL)
                .ringSize(ringSize)
                .listener(new Heard())
                .open()) {
            for (int t = 0; t < 4; t++) {
                final int me = t;
                start(() -> {
                    for (int i = 0; i < each; i++) {
                        final long position = log.append(ascii(me + " " + i + "\n"));
                        assertTrue(log.writtenPosition() >= position, "returned before it was written");
                    }
                });
            }
            join();
        }
        assertEquals(List.of(), List.copyOf(failures));
        assertInOrder(file, 4, each);
    }

    private static void assertInOrder(final Path file, final int threads, final int each) throws IOException {
        final int[] next = new int[threads];
        try (Stream<String> lines = Files.lines(file)) {
            lines.forEach(line -> {
                final int space = line.indexOf(' ');
                final int me = Integer.parseInt(line.substring(0, space));
                assertEquals(next[me]++, Integer.parseInt(line.substring(space + 1)));
            });
        }
        for (final int count : next) {
            assertEquals(each, count);
        }
    }

    @ParameterizedTest
    @EnumSource(Durability.class)
    void shouldServeEveryKindOfCallerAtOnce(final Durability durability) throws Exception {
        final Path file = directory.resolve("mixed");
        final int each = 300;
        try (AppendLog log = AppendLog.builder(file)
                .durability(durability)
                .ringSize(4096)
                .syncInterval(Duration.ofMillis(1))
                .listener(new Heard())
                .open()) {
            for (int t = 0; t < 6; t++) {
                final int me = t;
                start(() -> {
                    for (int i = 0; i < each; i++) {
                        final long position = log.append(ascii(me + " " + i + "\n"));
                        switch (me) {
                            case 0 -> log.awaitWritten(position);
                            case 1 -> log.awaitDurable(position);
                            case 2 -> assertTrue(log.awaitDurable(position, Duration.ofSeconds(30)));
                            case 3 -> log.flush(Duration.ofNanos(1));
                            default -> {}
                        }
                    }
                });
            }
            join();
            log.sync();
            assertEquals(Files.size(file), log.durablePosition());
        }
        assertEquals(List.of(), List.copyOf(failures));
        assertInOrder(file, 6, each);
    }

    @Test
    void shouldTellEveryWaitingCallerWhenThereIsNoSpace() throws Exception {
        disk.kernel.plan().stallWrites();
        final AtomicInteger told = new AtomicInteger();
        try (AppendLog log =
                disk.builder(Strategy.WRITEV).durability(Durability.KERNEL).open()) {
            for (int i = 0; i < 4; i++) {
                start(() -> {
                    try {
                        log.append(ascii("event\n"));
                    } catch (final UncheckedIOException e) {
                        told.incrementAndGet();
                    }
                });
            }
            disk.kernel.awaitStalledWrite();
            for (final Thread thread : threads) {
                await().until(() -> thread.getState() != Thread.State.RUNNABLE);
            }
            disk.kernel.plan().limitSpace(0).resumeWrites();
            join();
            assertEquals(4, told.get());
            disk.kernel.plan().addSpace(1 << 20);
            await().until(() -> disk.text().equals("event\n".repeat(4)));
            awaitSettled(log);
        }
    }

    @Test
    void shouldReleaseWaitingCallersWhenTheLogIsClosed() throws Exception {
        disk.kernel.plan().stallWrites();
        final AppendLog log = disk.builder(Strategy.WRITEV)
                .durability(Durability.DISK)
                .shutdownTimeout(Duration.ofMillis(100))
                .open();
        final AtomicInteger told = new AtomicInteger();
        for (int i = 0; i < 3; i++) {
            start(() -> assertThrows(UncheckedIOException.class, () -> log.append(ascii("event\n"))));
        }
        disk.kernel.awaitStalledWrite();
        await().until(() -> log.statistics().accepted() == 3);
        log.close();
        disk.kernel.plan().resumeWrites();
        join();
        assertEquals(0, told.get());
        await().until(() -> disk.kernel.openDescriptors() == 0);
        awaitSettled(log);
    }

    @Test
    void shouldWriteWhatCallersWaitForBeforeItCloses() throws Exception {
        disk.kernel.plan().stallWrites();
        final AppendLog log =
                disk.builder(Strategy.WRITEV).durability(Durability.DISK).open();
        for (int i = 0; i < 3; i++) {
            start(() -> log.append(ascii("event\n")));
        }
        disk.kernel.awaitStalledWrite();
        await().until(() -> log.statistics().accepted() == 3);
        final Thread closer = start(log::close);
        await().until(log::isClosed);
        disk.kernel.plan().resumeWrites();
        join();
        closer.join();
        assertEquals(List.of(), List.copyOf(failures));
        assertEquals(18, disk.kernel.file(FakeDisk.PATH).syncedSize());
        disk.kernel.assertNothingLeaked();
        awaitSettled(log);
    }

    @Test
    void shouldNotWaitForItselfWhenALeadersErrorIsLogged() throws Exception {
        final AppendLog[] self = new AppendLog[1];
        final CountDownLatch heard = new CountDownLatch(1);
        disk.kernel.plan().failNext(Call.WRITEV, ENOSPC);
        try (AppendLog log = disk.builder(Strategy.WRITEV)
                .durability(Durability.DISK)
                .listener(new Heard() {
                    @Override
                    public void error(final String message, final Throwable cause) {
                        self[0].append(ascii("recursive\n"));
                        heard.countDown();
                    }
                })
                .open()) {
            self[0] = log;
            assertThrows(UncheckedIOException.class, () -> log.append(ascii("event\n")));
            heard.await();
            await().until(() -> disk.text().equals("event\nrecursive\n"));
            awaitSettled(log);
        }
    }

    @Test
    void shouldGoOnWhenALeaderDiesInTheMiddle() throws Exception {
        final MemorySink sink = new MemorySink();
        sink.plan(MemorySink.shortWrite(2), offered -> {
            throw new IllegalStateException("planned");
        });
        try (AppendLog log =
                sink.builder().listener(disk.heard).durability(Durability.DISK).open()) {
            assertThrows(UncheckedIOException.class, () -> log.append(ascii("event\n")));
            log.append(ascii("next\n"));
            assertEquals("event\nnext\n", sink.text());
            awaitSettled(log);
        }
    }

    @Test
    void shouldServeAThousandVirtualThreads() throws Exception {
        assumeTrue(Runtime.version().feature() >= 21, "needs virtual threads");
        final Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
        final java.lang.reflect.Method start =
                Class.forName("java.lang.Thread$Builder").getMethod("start", Runnable.class);
        final Path file = directory.resolve("virtual");
        try (AppendLog log = AppendLog.builder(file)
                .durability(Durability.DISK)
                .listener(new Heard())
                .open()) {
            for (int t = 0; t < 1000; t++) {
                final int me = t;
                threads.add((Thread) start.invoke(builder, (Runnable) () -> {
                    for (int i = 0; i < 5; i++) {
                        log.append(ascii(me + " " + i + "\n"));
                    }
                }));
            }
            join();
            assertEquals(5000, log.statistics().written());
            assertFalse(log.statistics().syncs() > 2500, log.statistics().toString());
        }
        assertInOrder(file, 1000, 5);
    }
}
