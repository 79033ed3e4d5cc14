package dev.uringlog.append.sync;

import static dev.uringlog.append.FakeDisk.ascii;
import static dev.uringlog.sys.LinuxErrno.EIO;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.uringlog.append.AppendLog;
import dev.uringlog.append.AppendLogBuilder;
import dev.uringlog.append.Durability;
import dev.uringlog.append.FakeDisk;
import dev.uringlog.append.Heard;
import dev.uringlog.append.NumberingRoller;
import dev.uringlog.append.OverflowPolicy;
import dev.uringlog.append.Way;
import dev.uringlog.sys.Call;
import dev.uringlog.sys.FakeKernel;
import dev.uringlog.write.Strategy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A log at MEMORY or KERNEL that turns to another file before anything has asked for stable storage. */
@Timeout(60)
class UnsyncedTurnTest {
    private static final Duration LONG = Duration.ofSeconds(10);
    private static final String OLD = FakeDisk.PATH + ".1";

    private final FakeDisk disk = new FakeDisk();
    private final FakeKernel kernel = disk.kernel;

    private void rename(final Path from, final Path to) throws IOException {
        if (kernel.rename(from.toString(), to.toString()) < 0) {
            throw new IOException("rename");
        }
    }

    /** Rolls before each event that happened at 2. */
    private AppendLogBuilder rolling() {
        return disk.builder(Strategy.WRITEV)
                .maxDelay(LONG)
                .roller(new NumberingRoller((time, length, size) -> time == 2, this::rename));
    }

    private static long put(final AppendLog log, final String event, final long time) {
        return log.enqueue(ascii(event), 0, event.length(), OverflowPolicy.BLOCK, time);
    }

    private void assertSynced(final String file, final String text) {
        assertEquals(text, kernel.file(file).text());
        assertEquals(text.length(), kernel.file(file).syncedSize(), file + " is acknowledged and not synced");
    }

    private enum Wait {
        LEADS,
        IS_TIMED;

        void await(final AppendLog log, final long position) throws Exception {
            if (this == LEADS) {
                log.awaitDurable(position);
            } else {
                assertTrue(log.awaitDurable(position, LONG));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldSyncTheFileBeforeARollThatIsDueBehindTheEvent(final Wait wait) throws Exception {
        try (AppendLog log = rolling().open()) {
            final long position = put(log, "one\n", 1);
            put(log, "two\n", 2);
            wait.await(log, position);
            log.flush(); // The roll may come after the answer.
            assertSynced(OLD, "one\n");
        }
        kernel.assertNothingLeaked();
    }

    @ParameterizedTest
    @CsvSource({"MEMORY, LEADS", "MEMORY, IS_TIMED", "KERNEL, LEADS", "KERNEL, IS_TIMED"})
    void shouldSyncAFileThatOthersRenamedBeforeItIsLeft(final Durability durability, final Wait wait) throws Exception {
        try (AppendLog log =
                disk.builder(Strategy.WRITEV).durability(durability).open()) {
            final long position = log.append(ascii("one\n"));
            log.flush();
            rename(Path.of(FakeDisk.PATH), Path.of(OLD));
            wait.await(log, position);
            assertSynced(OLD, "one\n");
        }
        kernel.assertNothingLeaked();
    }

    @ParameterizedTest
    @EnumSource
    void shouldSyncFilesThatWereLeftAMomentAgo(final Wait wait) throws Exception {
        try (AppendLog log = rolling().open()) {
            final long one = put(log, "one\n", 1);
            log.roll();
            final long two = put(log, "two\n", 1);
            log.roll();
            put(log, "three\n", 1);
            assertEquals(0, kernel.calls(Call.FDATASYNC), "a log that no caller waits for pays for syncs");
            wait.await(log, two);
            assertSynced(OLD, "one\n");
            assertSynced(FakeDisk.PATH + ".2", "two\n");
            log.awaitDurable(one);
            log.roll();
            assertSynced(FakeDisk.PATH + ".3", "three\n");
        }
        kernel.assertNothingLeaked();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldSyncAFileThatAReopenLeftAMomentAgo(final boolean isMadeByOthers) throws Exception {
        try (AppendLog log = disk.builder(Strategy.WRITEV).maxDelay(LONG).open()) {
            final long position = put(log, "one\n", 1);
            log.flush();
            rename(Path.of(FakeDisk.PATH), Path.of(OLD));
            if (isMadeByOthers) {
                kernel.close(kernel.open(FakeDisk.PATH, FakeKernel.OPEN_FLAGS.create(), 0600));
            }
            log.reopen();
            log.awaitDurable(position);
            assertSynced(OLD, "one\n");
        }
        kernel.assertNothingLeaked();
    }

    @Test
    void shouldSyncAFileThatWasLeftAMomentAgoWhereSyncsAreInFlight() throws Exception {
        try (AppendLog log = disk.overlapping(4)
                .maxDelay(LONG)
                .roller(new NumberingRoller((time, length, size) -> false, this::rename))
                .open()) {
            final long position = put(log, "one\n", 1);
            log.roll();
            put(log, "two\n", 1);
            log.sync();
            log.awaitDurable(position);
            assertSynced(OLD, "one\n");
        }
        kernel.assertNothingLeaked();
    }

    @ParameterizedTest
    @EnumSource
    void shouldKeepAFileForAMomentOnEachWay(final Way way, @TempDir final Path directory) throws Exception {
        final Heard heard = new Heard();
        try (AppendLog log = way.builder(directory.resolve("log"))
                .listener(heard)
                .roller(new NumberingRoller((time, length, size) -> false))
                .open()) {
            final long position = log.append(ascii("one\n"));
            log.roll();
            log.awaitDurable(position);
            assertEquals(List.of(), heard.warnings);
            Files.delete(directory.resolve("log.1"));
            log.append(ascii("two\n"));
            log.sync();
        }
    }

    @Test
    void shouldSyncBeforeItLeavesOnceADurableEventIsExpected() throws Exception {
        try (AppendLog log = rolling().open()) {
            log.expectDurable();
            final long position = put(log, "one\n", 1);
            log.roll();
            assertSynced(OLD, "one\n");
            kernel.unlink(OLD); // As a roller that compresses does.
            log.awaitDurable(position);
        }
    }

    @Test
    void shouldTellACallerWhoseFileWasLeftTooLongAgo() throws Exception {
        try (AppendLog log = rolling().open()) {
            final long one = put(log, "one\n", 1);
            final int before = kernel.openDescriptors();
            log.roll();
            await().until(() -> kernel.openDescriptors() == before);
            final long two = put(log, "two\n", 1);
            log.awaitDurable(two);
            final IOException told = assertThrows(IOException.class, () -> log.awaitDurable(one));
            assertTrue(told.getMessage().contains("left before it was synced"), told.getMessage());
            assertThrows(IOException.class, () -> log.awaitDurable(one, LONG));
            assertSynced(FakeDisk.PATH, "two\n");
        }
        kernel.assertNothingLeaked();
    }

    @Test
    void shouldTellACallerWhoseFileWasLeftAndRemoved() throws Exception {
        try (AppendLog log = rolling().open()) {
            final long one = put(log, "one\n", 1);
            log.roll();
            kernel.unlink(OLD);
            assertThrows(IOException.class, () -> log.awaitDurable(one));
            log.awaitDurable(put(log, "two\n", 1));
            assertEquals(0, log.statistics().failedSyncs(), "a file that was removed is no sync that failed");
        }
        kernel.assertNothingLeaked();
    }

    @Test
    void shouldTellACallerWhoseFileWasLeftAndCannotBeSynced() throws Exception {
        try (AppendLog log = rolling().open()) {
            final long one = put(log, "one\n", 1);
            log.roll();
            kernel.plan().failNext(Call.FDATASYNC, EIO);
            assertThrows(IOException.class, () -> log.awaitDurable(one));
            log.awaitDurable(put(log, "two\n", 1));
            assertThrows(IOException.class, () -> log.awaitDurable(one));
            assertEquals(1, log.statistics().failedSyncs());
        }
        kernel.assertNothingLeaked();
    }

    @Test
    void shouldTellACallerOfAWriteBackErrorThatAnotherProcessWasToldFirst() throws Exception {
        try (AppendLog log = rolling().open()) {
            final long one = put(log, "one\n", 1);
            log.flush();
            kernel.file(FakeDisk.PATH).loseWriteback();
            final int others = kernel.open(FakeDisk.PATH, 0, 0);
            assertEquals(-EIO, kernel.fdatasync(others));
            kernel.close(others);
            log.roll();
            assertThrows(IOException.class, () -> log.awaitDurable(one));
        }
        kernel.assertNothingLeaked();
    }

    @Test
    void shouldKeepFewFilesHoweverManyItLeaves() throws Exception {
        try (AppendLog log = rolling().open()) {
            final int before = kernel.openDescriptors();
            for (int i = 0; i < 100; i++) {
                put(log, "event\n", 1);
                log.roll();
            }
            assertTrue(kernel.openDescriptors() <= before + 16, kernel.openDescriptors() + " descriptors");
        }
        kernel.assertNothingLeaked();
    }
}
