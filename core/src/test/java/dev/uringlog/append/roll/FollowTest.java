package dev.uringlog.append.roll;

import static dev.uringlog.append.FakeDisk.ascii;
import static dev.uringlog.append.Hooks.withLookInterval;
import static dev.uringlog.append.Hooks.withSink;
import static dev.uringlog.sys.LinuxErrno.EACCES;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.uringlog.append.AppendLog;
import dev.uringlog.append.AppendLogBuilder;
import dev.uringlog.append.Durability;
import dev.uringlog.append.FakeDisk;
import dev.uringlog.append.Heard;
import dev.uringlog.append.Way;
import dev.uringlog.sys.Call;
import dev.uringlog.sys.FileStatus;
import dev.uringlog.sys.ForwardingSyscalls;
import dev.uringlog.sys.Syscalls;
import dev.uringlog.write.Strategy;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A log whose file others rename, remove, replace or cut while it writes. */
@Timeout(60)
class FollowTest {
    /** What a user is promised, and the machine's own slowness. */
    private static final Duration NOTICED = Duration.ofSeconds(4);

    @TempDir
    Path directory;

    private Path logs;
    private Path path;
    private final Heard heard = new Heard();
    private int next;

    @BeforeEach
    void makeDirectory() throws IOException {
        logs = Files.createDirectory(directory.resolve("logs"));
        path = logs.resolve("log");
    }

    private AppendLogBuilder builder(final Way way) {
        return withLookInterval(way.builder(path).listener(heard), Duration.ofMillis(50));
    }

    /** Goes on logging, an event a millisecond or so, until something has happened. */
    private void logUntil(final AppendLog log, final Callable<Boolean> hasHappened) {
        await().atMost(NOTICED).pollInterval(1, TimeUnit.MILLISECONDS).until(() -> {
            log.append(ascii("event " + next++ + "\n"));
            return hasHappened.call();
        });
    }

    private boolean isWritten(final Path file) throws IOException {
        return Files.exists(file) && Files.size(file) > 0;
    }

    /** Every event so far, each once, in order, over these files. */
    private void assertAllIn(final Path... files) throws IOException {
        int expected = 0;
        for (final Path file : files) {
            for (final String line : Files.readAllLines(file)) {
                assertEquals("event " + expected++, line, () -> "in " + file);
            }
        }
        assertEquals(next, expected);
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void shouldFollowAFileThatWasRenamedAndCreatedAgain(final Way way) throws Exception {
        final Path old = logs.resolve("log.1");
        try (AppendLog log = builder(way).open()) {
            logUntil(log, () -> isWritten(path));
            Files.move(path, old);
            Files.createFile(path);
            logUntil(log, () -> isWritten(path));
        }
        assertAllIn(old, path);
        assertTrue(
                heard.infos.stream().anyMatch(info -> info.contains("another program had moved")),
                heard.infos.toString());
    }

    @Test
    void shouldNoticeWithinASecondUnlessToldOtherwise() throws Exception {
        try (AppendLog log = AppendLog.builder(path).open()) {
            logUntil(log, () -> isWritten(path));
            Files.move(path, logs.resolve("log.1"));
            final long start = System.nanoTime();
            logUntil(log, () -> isWritten(path));
            final long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
            assertTrue(millis < 1_500, millis + " ms");
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Durability.class,
            names = {"KERNEL", "DISK"})
    void shouldFollowWhereCallersWrite(final Durability durability) throws Exception {
        final Path old = logs.resolve("log.1");
        try (AppendLog log = builder(Way.WRITEV).durability(durability).open()) {
            logUntil(log, () -> isWritten(path));
            Files.move(path, old);
            logUntil(log, () -> isWritten(path));
        }
        assertAllIn(old, path);
    }

    @Test
    void shouldMakeAFileAgainThatWasUnlinkedWithTheModeItIsToHave() throws Exception {
        try (AppendLog log = builder(Way.WRITEV)
                .filePermissions(PosixFilePermissions.fromString("rw-r-----"))
                .open()) {
            logUntil(log, () -> isWritten(path));
            Files.delete(path);
            logUntil(log, () -> isWritten(path));
            assertEquals("rw-r-----", PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
        }
    }

    @Test
    void shouldLookBeforeItWritesAgainAfterAPause() throws Exception {
        final Path old = logs.resolve("log.1");
        final Thread[] flusher = new Thread[1];
        try (AppendLog log = withLookInterval(builder(Way.WRITEV), Duration.ofMillis(1))
                .threadFactory(work -> flusher[0] = new Thread(work))
                .open()) {
            log.append(ascii("before\n"));
            log.flush();
            Files.move(path, old);
            // It parks after many times the interval.
            await().until(() -> flusher[0].getState() == Thread.State.WAITING);
            log.append(ascii("after\n"));
            log.flush();
            assertEquals("before\n", Files.readString(old));
            assertEquals("after\n", Files.readString(path));
        }
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void shouldReopenItsPathAtOnceWhenToldTo(final Way way) throws Exception {
        final Path old = logs.resolve("log.1");
        try (AppendLog log = builder(way).durability(Durability.DISK).open()) {
            log.append(ascii("before\n"));
            Files.move(path, old);
            log.reopen();
            log.append(ascii("after\n"));
            assertEquals("before\n", Files.readString(old));
            assertEquals("after\n", Files.readString(path));
            assertEquals(6, log.fileSize());
            log.reopen();
            assertEquals(6, log.fileSize(), "the same file");
        }
    }

    @Test
    void shouldReopenItsPathWhenJmxTellsItTo() throws Exception {
        final MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        final ObjectName name = new ObjectName("dev.uringlog:type=AppendLog,name=" + ObjectName.quote(path.toString()));
        try (AppendLog log = builder(Way.WRITEV).open()) {
            await().until(() -> server.isRegistered(name));
            log.append(ascii("before\n"));
            server.invoke(name, "flush", null, null);
            Files.move(path, logs.resolve("log.1"));
            server.invoke(name, "reopen", null, null);
            assertEquals(0, Files.size(path));
        }
    }

    @Test
    void shouldSayWhyItsPathCannotBeReopened() throws Exception {
        try (AppendLog log = builder(Way.WRITEV).open()) {
            Files.move(path, logs.resolve("log.1"));
            Files.createDirectory(path);
            final IOException told = assertThrows(IOException.class, log::reopen);
            assertTrue(told.getMessage().contains(path.toString()), told.getMessage());
            log.append(ascii("event\n"));
            log.flush();
            assertEquals("event\n", Files.readString(logs.resolve("log.1")));
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Way.class,
            names = {"WRITEV", "JAVA"})
    void shouldHoldEventsWhileTheDirectoryIsGone(final Way way) throws Exception {
        try (AppendLog log = builder(way).open()) {
            logUntil(log, () -> isWritten(path));
            Files.delete(path);
            Files.delete(logs);
            logUntil(log, () -> log.statistics().stalls() == 1);
            final long written = log.statistics().written();
            for (int i = 0; i < 100; i++) {
                log.append(ascii("event " + next++ + "\n"));
            }
            assertThrows(IOException.class, log::flush);
            Files.createDirectory(logs);
            await().atMost(NOTICED).until(() -> log.statistics().backlog() == 0);
            final List<String> lines = Files.readAllLines(path);
            assertEquals("event " + written, lines.get(0), "what was held, from its first");
            assertEquals(next - written, lines.size());
            assertEquals("event " + (next - 1), lines.get(lines.size() - 1));
        }
        assertTrue(heard.errors.stream().anyMatch(e -> e.contains("held")), heard.errors.toString());
    }

    @Test
    void shouldGoOnInAFileWhoseDirectoryWasMoved() throws Exception {
        final Path moved = directory.resolve("moved");
        try (AppendLog log = builder(Way.WRITEV).open()) {
            logUntil(log, () -> isWritten(path));
            Files.move(logs, moved);
            logUntil(log, () -> heard.errors.stream().anyMatch(e -> e.contains("could not be reopened")));
            Files.createDirectory(logs);
            logUntil(log, () -> isWritten(path));
        }
        assertAllIn(moved.resolve("log"), path);
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void shouldFollowADirectoryThatALinkReplaces(final Way way) throws Exception {
        final Path moved = directory.resolve("moved");
        final Path linked = Files.createDirectory(directory.resolve("linked"));
        try (AppendLog log = builder(way).open()) {
            logUntil(log, () -> isWritten(path));
            Files.move(logs, moved);
            Files.createSymbolicLink(logs, linked);
            logUntil(log, () -> isWritten(linked.resolve("log")));
        }
        assertAllIn(moved.resolve("log"), linked.resolve("log"));
    }

    /** A roll's author is given a moment to make the new file, looked for all the while; not each second, where none can be. */
    @Test
    void shouldWaitOnlyOnceForAProgramThatHasMovedTheFile() throws Exception {
        final FakeDisk disk = new FakeDisk();
        try (AppendLog log = disk.builder(Strategy.WRITEV).open()) {
            logUntil(log, () -> log.writtenPosition() > 0);
            disk.kernel.rename(FakeDisk.PATH, "moved");
            final long opened = disk.kernel.calls(Call.OPEN);
            disk.kernel.plan().failFrom(Call.OPEN, 1, EACCES);
            logUntil(log, () -> disk.kernel.calls(Call.OPEN) > opened);
            final long looked = disk.kernel.calls(Call.LSTAT);
            logUntil(log, () -> disk.kernel.calls(Call.OPEN) > opened + 1);
            assertTrue(disk.kernel.calls(Call.LSTAT) - looked < 10, disk.kernel.calls(Call.LSTAT) - looked + " looks");
        }
        assertFalse(disk.kernel.exists(FakeDisk.PATH));
    }

    @ParameterizedTest
    @EnumSource(
            value = Way.class,
            names = {"WRITEV", "JAVA"})
    void shouldRefuseASymbolicLinkInItsPlace(final Way way) throws Exception {
        final Path old = logs.resolve("log.1");
        final Path victim = Files.createFile(directory.resolve("victim"));
        try (AppendLog log = builder(way).open()) {
            logUntil(log, () -> isWritten(path));
            Files.move(path, old);
            Files.createSymbolicLink(path, victim);
            logUntil(log, () -> heard.errors.stream().anyMatch(e -> e.contains("could not be reopened")));
            assertThrows(IOException.class, log::reopen);
            Files.delete(path);
            logUntil(log, () -> isWritten(path));
        }
        assertEquals(0, Files.size(victim));
        assertAllIn(old, path);
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void shouldGoOnAtTheEndOfAFileThatWasCopiedAndTruncated(final Way way) throws Exception {
        final Path copy = logs.resolve("log.1");
        try (AppendLog log = builder(way).open()) {
            logUntil(log, () -> isWritten(path));
            log.flush();
            Files.copy(path, copy, StandardCopyOption.COPY_ATTRIBUTES);
            Files.newByteChannel(path, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)
                    .close();
            logUntil(
                    log,
                    () -> log.fileSize() <= Files.size(path) + (64 << 10)
                            && log.fileSize() < log.statistics().bytes());
            log.flush();
            assertEquals(Files.size(path), log.fileSize());
        }
        final byte[] bytes = Files.readAllBytes(path);
        for (final byte b : bytes) {
            assertFalse(b == 0, "a NUL");
        }
        assertAllIn(copy, path);
        assertArrayEquals(new Object[0], heard.errors.toArray());
    }

    /** Some FUSE and network file systems have another for each look. */
    @Test
    void shouldNotOpenItsPathAtEachBatchWhereInodeNumbersAreNotStable() throws Exception {
        final FakeDisk disk = new FakeDisk();
        final AtomicLong inode = new AtomicLong(1_000_000);
        final Syscalls unstable = new ForwardingSyscalls(disk.kernel) {
            @Override
            public int lstat(final String path, final FileStatus status) {
                final int result = super.lstat(path, status);
                if (result == 0) {
                    status.set(1, inode.incrementAndGet(), status.mode(), status.size(), status.links());
                }
                return result;
            }
        };
        try (AppendLog log = withLookInterval(
                        withSink(disk.builder(Strategy.WRITEV), () -> FakeDisk.sink(unstable, Path.of(FakeDisk.PATH))),
                        Duration.ZERO)
                .open()) {
            await().atMost(Duration.ofSeconds(10)).pollDelay(Duration.ZERO).until(() -> {
                log.append(ascii("event " + next++ + "\n"));
                log.flush();
                return !disk.heard.warnings.isEmpty();
            });
            final long opened = disk.kernel.calls(Call.OPEN);
            final long looked = disk.kernel.calls(Call.LSTAT);
            for (int i = 0; i < 100; i++) {
                log.append(ascii("event " + next++ + "\n"));
                log.flush();
            }
            assertTrue(disk.kernel.calls(Call.OPEN) - opened <= 2, "opened at each batch");
            assertTrue(disk.kernel.calls(Call.LSTAT) - looked <= 10, "looked at at each batch");
            assertEquals(1, disk.heard.warnings.size(), disk.heard.warnings.toString());
            assertTrue(disk.heard.warnings.get(0).contains("no stable inode numbers"), disk.heard.warnings.toString());
            assertEquals(next, disk.text().lines().count());
        }
    }
}
