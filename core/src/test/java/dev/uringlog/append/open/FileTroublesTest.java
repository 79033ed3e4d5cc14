package dev.uringlog.append.open;

import static dev.uringlog.append.Accounts.assertSettled;
import static dev.uringlog.append.FakeDisk.ascii;
import static dev.uringlog.append.Hooks.withLookInterval;
import static dev.uringlog.append.Hooks.withSink;
import static dev.uringlog.sys.LinuxErrno.EBADF;
import static dev.uringlog.sys.LinuxErrno.EDQUOT;
import static dev.uringlog.sys.LinuxErrno.EIO;
import static dev.uringlog.sys.LinuxErrno.EPERM;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.uringlog.append.AppendLog;
import dev.uringlog.append.AppendLogBuilder;
import dev.uringlog.append.FakeDisk;
import dev.uringlog.append.NumberingRoller;
import dev.uringlog.sys.Call;
import dev.uringlog.sys.ForwardingSyscalls;
import dev.uringlog.sys.Kernel;
import dev.uringlog.sys.Syscalls;
import dev.uringlog.write.Strategy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What file systems refuse or report when a file is opened or closed: no reason to stop logging, and never unsaid. */
@Timeout(60)
class FileTroublesTest {
    private final FakeDisk disk = new FakeDisk();
    private final NumberingRoller roller = new NumberingRoller((time, length, size) -> false, this::rename);

    private void rename(final Path from, final Path to) throws IOException {
        if (disk.kernel.rename(from.toString(), to.toString()) < 0) {
            throw new IOException("rename");
        }
    }

    private AppendLogBuilder builder() {
        return disk.builder(Strategy.WRITEV).roller(roller);
    }

    private static void log(final AppendLog log, final String line) throws IOException {
        log.append(ascii(line + "\n"));
        log.flush();
    }

    private String text(final int number) {
        return disk.kernel.file(FakeDisk.PATH + "." + number).text();
    }

    private long modeWarnings() {
        return disk.heard.warnings.stream()
                .filter(line -> line.contains("its mode is"))
                .count();
    }

    @Test
    void shouldWriteEachFileWhoseModeCannotBeSetAndSaySoOnce() throws Exception {
        disk.permissions = "rw-rw-rw-"; // The umask takes a part of it, so it has to be set.
        disk.kernel.plan().failFrom(Call.FCHMOD, 1, EPERM);
        try (AppendLog log = builder().open()) {
            log(log, "one");
            log.roll();
            log(log, "two");
            disk.kernel.rename(FakeDisk.PATH, "/moved");
            log.reopen();
            log(log, "three");
            disk.kernel.rename(FakeDisk.PATH, "/away");
            await().until(() -> {
                log(log, "followed");
                return disk.kernel.exists(FakeDisk.PATH);
            });
            assertEquals("one\n", text(1));
            assertEquals("two\n", disk.kernel.file("/moved").text());
            assertTrue(disk.kernel.file("/away").text().startsWith("three\n"));
            assertEquals(
                    List.of("/log: /log is written even so, but its mode is rw-r--r-- and cannot be set to rw-rw-rw-:"
                            + " fchmod: EPERM (1); set the mode by hand, or set filePermissions to its current mode"),
                    disk.heard.warnings);
            assertEquals(List.of(), disk.heard.errors);
        }
        disk.kernel.assertNothingLeaked();
    }

    @Test
    void shouldSayItAgainWhereTheModeIsAnother() throws Exception {
        disk.permissions = "rw-rw-rw-";
        disk.kernel.plan().failFrom(Call.FCHMOD, 1, EPERM);
        try (AppendLog log = builder().open()) {
            assertEquals(1, modeWarnings());
            disk.kernel.plan().heal().failFrom(Call.FCHMOD, 1, EIO);
            await().until(() -> {
                log.roll();
                return modeWarnings() == 2;
            });
            assertTrue(disk.heard.warnings.get(1).contains("EIO"), disk.heard.warnings.toString());
        }
    }

    @Test
    void shouldSayWhatCloseAnswersAtARollAtAReopenAndAtTheEnd() throws Exception {
        final AppendLog log = builder().open();
        log(log, "one");
        disk.kernel.plan().failNext(Call.CLOSE, EDQUOT);
        log.roll();
        assertEquals(1, disk.heard.errors.size(), disk.heard.errors.toString());
        assertTrue(disk.heard.errors.get(0).contains("close /log: EDQUOT (122)"), disk.heard.errors.toString());
        log(log, "two");
        assertEquals("one\n", text(1));
        assertEquals("two\n", disk.text());
        await().until(
                        () -> { // A line a second.
                            disk.kernel.plan().failNext(Call.CLOSE, EIO);
                            log.reopen();
                            return disk.heard.errors.size() == 2;
                        });
        disk.kernel.plan().heal().failFrom(Call.CLOSE, 1, EDQUOT);
        log.close();
        assertTrue(
                disk.heard.errors.get(2).startsWith("/log: while closing: close /log: EDQUOT"),
                disk.heard.errors.toString());
        assertSettled(log.statistics());
        disk.kernel.assertNothingLeaked();
    }

    @Test
    void shouldTellAtTheEndWhatTheLimitOfALineASecondKeptBack() throws Exception {
        final AppendLog log = builder().open();
        disk.kernel.plan().failFrom(Call.CLOSE, 1, EDQUOT);
        log.reopen();
        log.reopen();
        log.reopen();
        disk.kernel.plan().heal();
        final int said = disk.heard.errors.size();
        log.close();
        assertTrue(said < 3, "the limit kept nothing back");
        final String last = disk.heard.errors.get(disk.heard.errors.size() - 1);
        assertTrue(last.startsWith("/log: " + (3 - said) + (said == 2 ? " error was" : " errors were")), last);
        assertTrue(last.contains("not reported, the last was: ") && last.contains("close /log: EDQUOT"), last);
    }

    @Test
    void shouldAcknowledgeNothingOfAFileThatWasNotSyncedAndWhoseCloseFailed() throws Exception {
        try (AppendLog log = builder().open()) {
            final long position = log.append(ascii("one\n"));
            log.flush();
            disk.kernel.plan().failNext(Call.CLOSE, EIO);
            log.reopen();
            assertThrows(IOException.class, () -> log.awaitDurable(position));
            log.awaitDurable(log.append(ascii("two\n")));
        }
    }

    @Test
    void shouldSayThatASuspectFileDidNotCloseAndKeepItsEvents() throws Exception {
        try (AppendLog log =
                disk.builder(Strategy.WRITEV).syncInterval(Duration.ofHours(1)).open()) {
            log(log, "one");
            disk.kernel.plan().failNext(Call.FDATASYNC, EIO).failNext(Call.CLOSE, EIO);
            assertThrows(IOException.class, log::sync);
            log.sync();
            assertEquals("one\n", disk.text());
            assertTrue(
                    disk.heard.errors.stream().anyMatch(line -> line.contains("close /log: EIO")),
                    disk.heard.errors.toString());
        }
    }

    /** A kernel that has lost a descriptor once, as after a dup2 of others over it. */
    private static Syscalls losing(final AtomicBoolean isLost) {
        return new ForwardingSyscalls(Kernel.syscalls()) {
            @Override
            public long writev(final int fd, final long iovecAddress, final int iovecCount) {
                return isLost.getAndSet(false) ? -EBADF : super.writev(fd, iovecAddress, iovecCount);
            }
        };
    }

    @Test
    void shouldNotTakeAnotherProcessesFileForItsOwnWhereTheDescriptorIsLost(@TempDir final Path directory)
            throws Exception {
        final Path path = directory.resolve("log");
        final AtomicBoolean isLost = new AtomicBoolean();
        final Syscalls kernel = losing(isLost);
        try (AppendLog log = withLookInterval(
                        withSink(
                                AppendLog.builder(path).listener(disk.heard).syncInterval(Duration.ofHours(1)),
                                () -> FakeDisk.sink(kernel, path)),
                        Duration.ofHours(1))
                .open()) {
            final long position = log.append(ascii("one\n"));
            log.flush();
            Files.move(path, directory.resolve("moved"));
            Files.writeString(path, "torn");
            isLost.set(true);
            log(log, "two");
            assertEquals("torn\ntwo\n", Files.readString(path));
            assertThrows(IOException.class, () -> log.awaitDurable(position));
        }
    }
}
