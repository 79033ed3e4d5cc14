package dev.uringlog.append.sync;

import static dev.uringlog.append.FakeDisk.ascii;
import static dev.uringlog.sys.LinuxErrno.EACCES;
import static dev.uringlog.sys.LinuxErrno.EINVAL;
import static dev.uringlog.sys.LinuxErrno.EIO;
import static dev.uringlog.sys.LinuxErrno.ENOENT;
import static dev.uringlog.sys.LinuxErrno.ENOSPC;
import static dev.uringlog.sys.LinuxErrno.ENOSYS;
import static dev.uringlog.sys.LinuxErrno.EOPNOTSUPP;
import static dev.uringlog.sys.LinuxErrno.EPERM;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.uringlog.append.AppendLog;
import dev.uringlog.append.AppendLogBuilder;
import dev.uringlog.append.Durability;
import dev.uringlog.append.FakeDisk;
import dev.uringlog.append.Roller;
import dev.uringlog.append.Way;
import dev.uringlog.sys.Call;
import dev.uringlog.sys.FakeKernel;
import dev.uringlog.write.Strategy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Names on stable storage: which directories are synced, and what comes of one that cannot be. */
@Timeout(60)
class DirectorySyncTest {
    private final FakeDisk disk = new FakeDisk();
    private final FakeKernel kernel = disk.kernel;

    private AppendLogBuilder atDisk() {
        return disk.builder(Strategy.WRITEV).durability(Durability.DISK);
    }

    /** What a test does at a roll; nothing but that asks for one. */
    private interface Roll extends Roller {
        @Override
        default boolean isDue(final long timeMillis, final int length, final long fileSize) {
            return false;
        }
    }

    @Test
    void shouldSyncTheDirectoryOfAFileThatOthersMade() throws IOException {
        kernel.close(kernel.open(FakeDisk.PATH, FakeKernel.OPEN_FLAGS.create(), 0600));
        try (AppendLog log = atDisk().open()) {
            log.append(ascii("one\n"));
            assertTrue(kernel.file(FakeDisk.PATH).isNameSynced(), "acknowledged without a name");
            log.append(ascii("two\n"));
            assertEquals(List.of("/"), kernel.directories.synced());
        }
    }

    @ParameterizedTest
    // EPERM, EACCES, EINVAL, ENOSYS, EOPNOTSUPP
    @ValueSource(ints = {EPERM, EACCES, EINVAL, ENOSYS, EOPNOTSUPP})
    void shouldAcknowledgeTheDataAndSayOnceThatTheDirectoryCannotBeSynced(final int errno) throws IOException {
        kernel.plan().failFrom(Call.FSYNC, 1, errno);
        try (AppendLog log = atDisk().open()) {
            log.append(ascii("one\n"));
            log.append(ascii("two\n"));
            log.reopen();
            log.append(ascii("three\n"));
            assertEquals(
                    kernel.file(FakeDisk.PATH).size(),
                    kernel.file(FakeDisk.PATH).syncedSize());
        }
        assertEquals(1, disk.heard.warnings.size(), disk.heard.warnings.toString());
        assertTrue(disk.heard.warnings.get(0).contains("the directory / cannot be synced"), disk.heard.warnings.get(0));
        assertEquals(List.of(), disk.heard.errors);
    }

    @Test
    void shouldAcknowledgeTheDataWhereTheDirectoryMayNotBeRead() throws IOException {
        kernel.directories.refuse("/", 13);
        try (AppendLog log = disk.builder(Strategy.WRITEV)
                .syncInterval(Duration.ZERO)
                .ringSize(4096)
                .open()) {
            for (int i = 0; i < 1000; i++) { // Many times the ring: a block would be for good.
                log.append(ascii("event\n"));
            }
            log.sync();
        }
        assertEquals(1, disk.heard.warnings.size(), disk.heard.warnings.toString());
    }

    @ParameterizedTest
    @ValueSource(ints = {EIO, ENOSPC})
    void shouldNotAcknowledgeWhatADirectoryFailedToKeep(final int errno) throws IOException {
        try (AppendLog log = atDisk().open()) {
            kernel.plan().failNext(Call.FSYNC, errno);
            assertThrows(UncheckedIOException.class, () -> log.append(ascii("one\n")));
            log.append(ascii("two\n"));
            assertTrue(kernel.file(FakeDisk.PATH).isNameSynced(), "acknowledged without a name");
        }
    }

    /** A log that rolls from dated directory to dated directory, and syncs nothing until the end. */
    private AppendLog rolledThroughDays(final int days, final Durability durability) throws IOException {
        final AtomicInteger day = new AtomicInteger();
        final AppendLog log = disk.builder(Strategy.WRITEV)
                .durability(durability)
                .roller((Roll) file -> file.open(Path.of("/day" + day.incrementAndGet() + FakeDisk.PATH), true))
                .open();
        for (int i = 1; i <= days; i++) {
            log.append(ascii("event\n"));
            log.roll();
        }
        return log;
    }

    @Test
    void shouldForgetTheDirectoriesOfFilesThatWereLeftUnsynced() throws IOException {
        try (AppendLog log = rolledThroughDays(100, Durability.MEMORY)) {
            log.append(ascii("event\n"));
            log.sync();
            final List<String> synced = kernel.directories.synced();
            assertTrue(synced.contains("/day100"), synced.toString());
            assertTrue(synced.size() <= 17, synced.toString()); // The log's own, and of files left a moment ago.
        }
    }

    @Test
    void shouldNotFailForADirectoryThatIsGone() throws IOException {
        try (AppendLog log = rolledThroughDays(3, Durability.MEMORY)) {
            for (int day = 0; day < 3; day++) {
                kernel.directories.refuse("/day" + day, ENOENT);
            }
            log.append(ascii("event\n"));
            log.sync();
            log.roll();
            log.append(ascii("event\n"));
            log.sync();
        }
        assertEquals(List.of(), disk.heard.errors);
        assertEquals(List.of(), disk.heard.warnings);
    }

    @Test
    void shouldSyncWhereAFileWasMovedAndWhatMayHaveBeenMadeForIt() throws IOException {
        final Roll roller = file -> {
            file.close();
            file.movedTo(Path.of("/archive/2026/12"));
            file.open(file.path(), true);
        };
        try (AppendLog log = atDisk().roller(roller).open()) {
            log.append(ascii("one\n"));
            log.roll();
            log.append(ascii("two\n"));
            assertEquals(
                    List.of("/", "/archive/2026/12", "/archive/2026", "/archive", "/"), kernel.directories.synced());
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldMakeDirectoriesOnlyIfToldTo(final Way way, @TempDir final Path directory) throws IOException {
        final Path path = directory.resolve("a/b/c/log");
        assertThrows(IOException.class, () -> way.builder(path).open());
        try (AppendLog log = way.builder(path)
                .durability(Durability.DISK)
                .makeDirectories(true)
                .open()) {
            log.append(ascii("one\n"));
        }
        assertEquals("one\n", Files.readString(path));
    }

    @ParameterizedTest
    @CsvSource({"true", "false"})
    void shouldSyncEachDirectoryThatGotAnEntryForTheFile(final boolean isRolled, @TempDir final Path directory)
            throws IOException {
        final Path path = directory.resolve("a/b/log");
        final Roll roller = file -> {
            file.makeDirectories(path);
            file.open(path, true);
        };
        final AppendLogBuilder builder = disk.at(isRolled ? Path.of(FakeDisk.PATH) : path, Strategy.WRITEV)
                .durability(Durability.DISK)
                .makeDirectories(true)
                .roller(roller);
        try (AppendLog log = builder.open()) {
            if (isRolled) {
                log.roll();
            }
            log.append(ascii("one\n"));
            final List<String> synced = kernel.directories.synced();
            for (final Path each : List.of(directory, directory.resolve("a"), directory.resolve("a/b"))) {
                assertTrue(synced.contains(each.toString()), each + " is missing in " + synced);
            }
        }
    }
}
