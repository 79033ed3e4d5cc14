package dev.uringlog.append.sync;

import static dev.uringlog.append.Accounts.assertSettled;
import static dev.uringlog.append.Accounts.awaitSettled;
import static dev.uringlog.append.FakeDisk.ascii;
import static dev.uringlog.append.Hooks.withLookInterval;
import static dev.uringlog.append.Hooks.withSink;
import static dev.uringlog.sys.LinuxErrno.EACCES;
import static dev.uringlog.sys.LinuxErrno.EIO;
import static dev.uringlog.sys.LinuxErrno.ENOSPC;
import static dev.uringlog.sys.LinuxErrno.EROFS;
import static dev.uringlog.sys.LinuxErrno.ESTALE;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.uringlog.append.AppendLog;
import dev.uringlog.append.AppendLogBuilder;
import dev.uringlog.append.AppendStatistics;
import dev.uringlog.append.Durability;
import dev.uringlog.append.FailurePolicy;
import dev.uringlog.append.FakeDisk;
import dev.uringlog.append.OverflowPolicy;
import dev.uringlog.sys.Call;
import dev.uringlog.sys.FileStatus;
import dev.uringlog.sys.ForwardingSyscalls;
import dev.uringlog.sys.Syscalls;
import dev.uringlog.write.Strategy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToIntBiFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A file whose fdatasync failed is never believed again. */
@Timeout(60)
class SuspectFileTest {
    private final FakeDisk disk = new FakeDisk();

    private AppendLogBuilder builder() {
        return disk.builder(Strategy.WRITEV).durability(Durability.DISK);
    }

    @Test
    void shouldMoveToANewFileWithWhatIsNotDurable() throws Exception {
        try (AppendLog log = builder().open()) {
            log.append(ascii("durable\n"));
            disk.kernel.plan().failNext(Call.FDATASYNC, EIO);
            final IOException told = assertThrows(UncheckedIOException.class, () -> log.append(ascii("doubtful\n")))
                    .getCause();
            assertTrue(
                    told.getMessage().contains("suspect") && told.getMessage().contains("EIO"), told.getMessage());
            assertEquals("doubtful\n", disk.text());
            assertEquals(
                    9, disk.kernel.file(FakeDisk.PATH).syncedSize(), "rewritten and synced, though no caller waits");
            assertEquals("durable\ndoubtful\n", disk.kernel.file(disk.suspect()).text());
            log.append(ascii("next\n"));
            assertEquals("doubtful\nnext\n", disk.text());
            assertEquals(14, disk.kernel.file(FakeDisk.PATH).syncedSize());
            final AppendStatistics s = log.statistics();
            assertEquals(1, s.failedSyncs());
            assertEquals(3, s.written());
            assertEquals(22, s.bytes(), "each event counts once");
            assertSettled(s);
        }
        assertEquals(1, disk.heard.errors.size(), disk.heard.errors.toString());
        assertTrue(disk.heard.errors.get(0).contains(disk.suspect()), disk.heard.errors.get(0));
        disk.kernel.assertNothingLeaked();
    }

    @Test
    void shouldSyncTheDirectoryOfBothNamesBeforeItAcknowledgesAgain() throws Exception {
        try (AppendLog log = builder().open()) {
            log.append(ascii("first\n"));
            final long before = disk.kernel.calls(Call.FSYNC);
            disk.kernel.plan().failNext(Call.FDATASYNC, EIO);
            assertThrows(UncheckedIOException.class, () -> log.append(ascii("second\n")));
            assertEquals(before + 1, disk.kernel.calls(Call.FSYNC));
            awaitSettled(log);
        }
    }

    @Test
    void shouldTrustNothingOnceTheNewFileFailsAsWell() throws Exception {
        try (AppendLog log = builder().open()) {
            disk.kernel.plan().failNth(Call.FDATASYNC, 1, EIO).failNth(Call.FDATASYNC, 2, EIO);
            assertThrows(UncheckedIOException.class, () -> log.append(ascii("one\n")));
            final IOException told = assertThrows(UncheckedIOException.class, () -> log.append(ascii("two\n")))
                    .getCause();
            assertTrue(told.getMessage().contains("suspect"), told.getMessage());
            assertThrows(IOException.class, log::sync);
            assertThrows(IOException.class, () -> log.awaitDurable(4, Duration.ofSeconds(1)));
            log.flush();
            assertEquals("one\ntwo\n", disk.text(), "it goes on writing");
            final AppendStatistics s = log.statistics();
            assertEquals(1, s.failed());
            assertEquals(0, s.durablePosition());
            assertSettled(s);
        }
        assertTrue(disk.heard.errors.stream().anyMatch(e -> e.contains("nothing is durable")));
        disk.kernel.assertNothingLeaked();
    }

    @Test
    void shouldTrustNothingWhereThereCanBeNoNewFile() throws Exception {
        for (final Call call : new Call[] {Call.RENAME, Call.OPEN}) {
            final FakeDisk fresh = new FakeDisk();
            try (AppendLog log =
                    fresh.builder(Strategy.WRITEV).durability(Durability.DISK).open()) {
                log.append(ascii("durable\n"));
                fresh.kernel.plan().failNext(Call.FDATASYNC, EIO).failNext(call, EROFS);
                assertThrows(UncheckedIOException.class, () -> log.append(ascii("lost\n")));
                assertNull(fresh.suspect(), "it has its name back");
                assertEquals(1, log.statistics().failed());
                assertThrows(UncheckedIOException.class, () -> log.append(ascii("next\n")));
                assertSettled(log.statistics());
            }
            fresh.kernel.assertNothingLeaked();
        }
    }

    @Test
    void shouldSayThatTheNameCouldNotBeSyncedAndTryAgain() throws Exception {
        disk.kernel.plan().failNext(Call.FSYNC, EIO);
        try (AppendLog log = builder().open()) {
            assertThrows(UncheckedIOException.class, () -> log.append(ascii("one\n")));
            log.append(ascii("two\n"));
            assertEquals(8, log.durablePosition());
            assertNull(disk.suspect());
            awaitSettled(log);
        }
    }

    @Test
    void shouldMoveOnInTheBackgroundToo() throws Exception {
        disk.kernel.plan().failNext(Call.FDATASYNC, EIO);
        try (AppendLog log = disk.builder(Strategy.WRITEV)
                .syncInterval(Duration.ofMillis(10))
                .open()) {
            log.append(ascii("one\n"));
            await().until(() -> log.durablePosition() == 4);
            assertNotNull(disk.suspect());
            assertEquals("one\n", disk.text());
            awaitSettled(log);
        }
    }

    @Test
    void shouldNameWhatOnlyTheSuspectFileHasIfNoCallerAskedToKeepIt() throws Exception {
        // So long that the flusher does not write the second event before a caller asks to keep it.
        try (AppendLog log =
                disk.builder(Strategy.WRITEV).maxDelay(Duration.ofMinutes(1)).open()) {
            final long unkept = log.append(ascii("unkept\n"));
            log.flush();
            disk.kernel.plan().failNext(Call.FDATASYNC, EIO);
            log.append(ascii("kept\n"));
            assertThrows(IOException.class, log::sync);
            assertEquals("kept\n", disk.text());
            log.sync();
            assertThrows(IOException.class, () -> log.awaitDurable(unkept));
            assertEquals(2, log.statistics().written());
            awaitSettled(log);
        }
    }

    @Test
    void shouldLeaveAFileAloneThatOthersHaveMoved() throws Exception {
        // Else it may see before the next write that the file has gone.
        try (AppendLog log = withLookInterval(builder(), Duration.ofHours(1)).open()) {
            log.append(ascii("one\n"));
            disk.kernel.rename(FakeDisk.PATH, "/log.1");
            disk.kernel.plan().failNext(Call.FDATASYNC, EIO);
            assertThrows(UncheckedIOException.class, () -> log.append(ascii("two\n")));
            assertNull(disk.suspect());
            assertEquals("two\n", disk.text());
            assertEquals("one\ntwo\n", disk.kernel.file("/log.1").text());
            awaitSettled(log);
        }
    }

    @Test
    void shouldNotAcknowledgeByTheNextFileWhatOnlyTheLostOneHad() throws Exception {
        // So that only the write itself finds that the file has gone.
        try (AppendLog log = withLookInterval(
                        disk.builder(Strategy.WRITEV).syncInterval(Duration.ofHours(1)), Duration.ofHours(1))
                .open()) {
            final long first = log.append(ascii("first\n"));
            log.flush();
            disk.kernel.unlink(FakeDisk.PATH);
            disk.kernel.plan().failNext(Call.WRITEV, ESTALE);
            final long second = log.append(ascii("second\n"));
            log.flush();
            assertEquals("second\n", disk.text());
            log.awaitDurable(second);
            final IOException told = assertThrows(IOException.class, () -> log.awaitDurable(first));
            assertTrue(told.getMessage().contains("left before it was synced"), told.getMessage());
            awaitSettled(log);
        }
    }

    @Test
    void shouldWriteWholeToTheNextFileWhatTheLostOneHasAPartOf() throws Exception {
        for (final int taken : new int[] {3, 6, 9}) { // Of the first event, all of it, of the second too.
            final FakeDisk fresh = new FakeDisk();
            try (AppendLog log = withLookInterval(
                            fresh.builder(Strategy.WRITEV).maxDelay(Duration.ofMinutes(1)), Duration.ofHours(1))
                    .open()) {
                final long before = log.append(ascii("before\n"));
                log.flush(); // The next look is an hour away.
                final long first = log.append(ascii("first\n"));
                final long second = log.append(ascii("second\n"));
                fresh.kernel.rename(FakeDisk.PATH, "/moved");
                fresh.kernel.plan().shortWriteAt(taken).failNth(Call.WRITEV, 2, ESTALE);
                log.flush();
                assertEquals(taken < 6 ? "first\nsecond\n" : "second\n", fresh.text());
                log.awaitDurable(second);
                assertThrows(IOException.class, () -> log.awaitDurable(before));
                if (taken >= 6) {
                    assertThrows(IOException.class, () -> log.awaitDurable(first));
                } else {
                    log.awaitDurable(first);
                }
                assertEquals(20, log.statistics().bytes());
                awaitSettled(log);
            }
            fresh.kernel.assertNothingLeaked();
        }
    }

    @Test
    void shouldCountOnceWhatWasDroppedBeforeARewriting() throws Exception {
        try (AppendLog log = builder().onFailure(FailurePolicy.DROP).open()) {
            log.enqueue(ascii("kept\n"), 0, 5, OverflowPolicy.BLOCK);
            log.flush();
            disk.kernel.plan().failNext(Call.WRITEV, ENOSPC).failNext(Call.FDATASYNC, EIO);
            log.enqueue(ascii("gone\n"), 0, 5, OverflowPolicy.BLOCK);
            await().until(() -> log.statistics().dropped() == 1);
            assertThrows(IOException.class, log::sync);
            assertEquals("kept\n", disk.text());
            assertNotNull(disk.suspect());
            assertEquals(0, log.statistics().failed());
            assertSettled(log.statistics());
        }
    }

    @Test
    void shouldSyncAFooterToo() throws Exception {
        final AppendLog log = builder().open();
        log.append(ascii("event\n"));
        log.close(ascii("footer\n"));
        assertEquals("event\nfooter\n", disk.text());
        assertEquals(13, disk.kernel.file(FakeDisk.PATH).syncedSize());
    }

    @Test
    void shouldHoldTheRewritingWhereTheNewFileTakesNoBytes() throws Exception {
        try (AppendLog log = builder().open()) {
            log.append(ascii("one\n"));
            disk.kernel.plan().failNext(Call.FDATASYNC, EIO).failNth(Call.WRITEV, 2, ENOSPC);
            assertThrows(UncheckedIOException.class, () -> log.append(ascii("two\n")));
            await().until(() -> disk.kernel.exists(FakeDisk.PATH) && disk.text().equals("two\n"));
            await().until(() -> log.durablePosition() == 8);
            assertSettled(log.statistics());
        }
    }

    /** A log whose kernel answers each lstat as this says. */
    private AppendLogBuilder looking(final ToIntBiFunction<Integer, FileStatus> answer) {
        final Syscalls kernel = new ForwardingSyscalls(disk.kernel) {
            @Override
            public int lstat(final String path, final FileStatus status) {
                return answer.applyAsInt(super.lstat(path, status), status);
            }
        };
        return withLookInterval(
                withSink(builder(), () -> FakeDisk.sink(kernel, Path.of(FakeDisk.PATH))), Duration.ZERO);
    }

    @Test
    void shouldNeverBelieveASuspectFileAgainWhereInodeNumbersAreNotStable() throws Exception {
        final AtomicLong inode = new AtomicLong(1_000_000);
        final AppendLogBuilder unstable = looking((result, status) -> {
            if (result == 0) {
                status.set(1, inode.incrementAndGet(), status.mode(), status.size(), status.links());
            }
            return result;
        });
        try (AppendLog log = unstable.open()) {
            disk.kernel.plan().failNext(Call.FDATASYNC, EIO);
            assertThrows(UncheckedIOException.class, () -> log.append(ascii("lost\n")));
            assertThrows(UncheckedIOException.class, () -> log.append(ascii("next\n")));
            log.reopen();
            assertThrows(UncheckedIOException.class, () -> log.append(ascii("last\n")));
            assertSettled(log.statistics());
        }
        disk.kernel.assertNothingLeaked();
    }

    @Test
    void shouldNotBelieveASuspectFileWhosePathCouldNotBeLookedAt() throws Exception {
        final AtomicBoolean isBlind = new AtomicBoolean();
        try (AppendLog log = withLookInterval(
                        looking((result, status) -> isBlind.get() ? -EIO : result), Duration.ofHours(1))
                .open()) {
            isBlind.set(true);
            disk.kernel.plan().failNext(Call.FDATASYNC, EIO);
            assertThrows(UncheckedIOException.class, () -> log.append(ascii("lost\n")));
            isBlind.set(false);
            assertThrows(UncheckedIOException.class, () -> log.append(ascii("next\n")));
            assertEquals(0, log.durablePosition());
        }
        disk.kernel.assertNothingLeaked();
    }

    @Test
    void shouldNotReplaceAFileThatAnotherProcessMadeWhereTheSuspectOneWas() throws Exception {
        final Syscalls raced = new ForwardingSyscalls(disk.kernel) {
            @Override
            public int open(final String path, final int flags, final int mode) {
                if (!path.equals(FakeDisk.PATH) || disk.suspect() == null) {
                    return super.open(path, flags, mode);
                }
                disk.kernel.rename("/theirs", FakeDisk.PATH);
                return -EACCES;
            }
        };
        try (AppendLog theirs = disk.at(Path.of("/theirs"), Strategy.WRITEV).open()) {
            theirs.append(ascii("theirs\n"));
        }
        try (AppendLog log = withSink(builder(), () -> FakeDisk.sink(raced, Path.of(FakeDisk.PATH)))
                .open()) {
            disk.kernel.plan().failNext(Call.FDATASYNC, EIO);
            assertThrows(UncheckedIOException.class, () -> log.append(ascii("ours\n")));
            assertEquals("theirs\n", disk.text());
            assertNotNull(disk.suspect());
        }
    }
}
