package dev.uringlog.write;

import static dev.uringlog.sys.LinuxErrno.EDQUOT;
import static dev.uringlog.sys.LinuxErrno.EINTR;
import static dev.uringlog.sys.LinuxErrno.EIO;
import static dev.uringlog.sys.LinuxErrno.ENOSYS;
import static dev.uringlog.sys.LinuxErrno.EOPNOTSUPP;
import static dev.uringlog.sys.LinuxErrno.EPERM;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.uringlog.sys.Call;
import dev.uringlog.sys.FakeKernel;
import dev.uringlog.sys.ForwardingSyscalls;
import dev.uringlog.sys.Syscalls;
import dev.uringlog.testing.ChildJvm;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class LogFileTest {
    @TempDir
    Path directory;

    private static void write(final LogFile file, final String text) throws IOException {
        VectoredWriter.shared().write(file.fd(), ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
    }

    /** What the kernel says of it: the position, the flags (with O_CLOEXEC), the inode. */
    private static String descriptor(final LogFile file) throws IOException {
        return Files.readString(Path.of("/proc/self/fdinfo/" + file.fd()));
    }

    private static String permissions(final Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    /** Makes two files: one by default, one with permissions given. */
    static final class MakeFiles {
        private MakeFiles() {}

        public static void main(final String[] arguments) throws IOException {
            LogFile.open(Path.of(arguments[0])).close();
            final LogFile file = LogFile.builder(Path.of(arguments[1]))
                    .permissions(PosixFilePermissions.fromString("rw-rw----"))
                    .open();
            Files.delete(Path.of(arguments[1]));
            file.reopen();
            file.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"000", "022", "077"})
    void shouldHaveItsModeWhateverTheUmaskAlsoAfterReopen(final String umask) throws Exception {
        final Path plain = directory.resolve("plain");
        final Path shared = directory.resolve("shared");
        final ChildJvm.Outcome outcome =
                ChildJvm.run("umask " + umask, List.of(), MakeFiles.class, plain.toString(), shared.toString());
        assertEquals(0, outcome.exitCode(), outcome.output());
        assertEquals("rw-------", permissions(plain));
        assertEquals("rw-rw----", permissions(shared));
    }

    @Test
    void shouldLeaveTheModeOfAFileThatIsThereUnlessAsked() throws Exception {
        final Path path = Files.createFile(
                directory.resolve("there"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r-----")));
        LogFile.open(path).close();
        assertEquals("rw-r-----", permissions(path));
        LogFile.builder(path)
                .permissions(PosixFilePermissions.fromString("rw-------"))
                .open()
                .close();
        assertEquals("rw-------", permissions(path));
    }

    @Test
    void shouldRefuseASymbolicLinkAlsoOneSwappedInLater() throws Exception {
        final Path target = Files.createFile(directory.resolve("target"));
        final Path path = directory.resolve("log");
        Files.createSymbolicLink(path, target);
        final IOException e = assertThrows(IOException.class, () -> LogFile.open(path));
        assertEquals(path + " is a symbolic link, which is refused", e.getMessage());
        Files.delete(path);
        Files.createSymbolicLink(path, directory.resolve("dangling"));
        assertThrows(IOException.class, () -> LogFile.open(path));
        assertFalse(Files.exists(directory.resolve("dangling")));
        Files.delete(path);
        try (LogFile file = LogFile.open(path)) {
            Files.move(path, directory.resolve("rotated"));
            Files.createSymbolicLink(path, target);
            assertEquals(-1, file.sizeInPlace());
            assertThrows(IOException.class, file::reopen);
            write(file, "the old file stays\n");
        }
        assertEquals(0, Files.size(target));
        assertEquals(19, Files.size(directory.resolve("rotated")));
    }

    @Test
    void shouldRefuseWhatIsNoRegularFileWithoutHanging() throws Exception {
        final Path fifo = directory.resolve("fifo");
        assertEquals(0, new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor());
        assertThrows(IOException.class, () -> LogFile.open(fifo));
        assertThrows(IOException.class, () -> LogFile.open(directory));
        final IOException e = assertThrows(IOException.class, () -> LogFile.open(Path.of("/dev/null")));
        assertEquals("/dev/null is not a regular file", e.getMessage());
        try (LogFile file =
                LogFile.builder(Path.of("/dev/null")).allowSpecialFile(true).open()) {
            assertFalse(file.isRegular());
            assertEquals(0, file.initialSize());
            write(file, "gone");
        }
    }

    @Test
    void shouldFollowThePathWhenReopened() throws Exception {
        final Path path = directory.resolve("log");
        final Path rotated = directory.resolve("log.1");
        try (LogFile file = LogFile.open(path)) {
            assertTrue(file.isCreated());
            assertTrue(file.sizeInPlace() >= 0);
            write(file, "one\n");
            Files.move(path, rotated);
            assertEquals(-1, file.sizeInPlace());
            write(file, "still one\n");
            file.reopen();
            assertTrue(file.isCreated());
            assertTrue(file.sizeInPlace() >= 0);
            write(file, "two\n");
            file.sync();
            assertEquals(4, file.size());
        }
        assertEquals("one\nstill one\n", Files.readString(rotated));
        assertEquals("two\n", Files.readString(path));
    }

    @Test
    void shouldAppendOrEmpty() throws Exception {
        final Path path = Files.writeString(directory.resolve("log"), "old\n");
        try (LogFile file = LogFile.open(path)) {
            assertFalse(file.isCreated());
            assertEquals(4, file.initialSize());
            write(file, "more\n");
        }
        assertEquals("old\nmore\n", Files.readString(path));
        try (LogFile file = LogFile.builder(path).truncate(true).open()) {
            assertEquals(0, file.initialSize());
            write(file, "new\n");
        }
        assertEquals("new\n", Files.readString(path));
    }

    @Test
    void shouldNameTheErrnoAndThePathOfAFailure() {
        final Path path = directory.resolve("no/such/log");
        final ErrnoException e = assertThrows(ErrnoException.class, () -> LogFile.open(path));
        assertEquals("open " + path + ": ENOENT (2)", e.getMessage());
    }

    @Test
    void shouldKeepItsDescriptionOpenByADuplicate() throws Exception {
        final Path path = directory.resolve("log");
        final LogFile file = LogFile.open(path);
        write(file, "one\n");
        try (LogFile same = file.duplicate()) {
            assertEquals(descriptor(file), descriptor(same));
            file.close();
            Files.move(path, directory.resolve("log.1"));
            write(same, "two\n");
            same.sync();
            assertTrue(file.isSameFile(same));
        }
        assertEquals("one\ntwo\n", Files.readString(directory.resolve("log.1")));
    }

    @Test
    void shouldBeClosedForGood() throws Exception {
        final LogFile file = LogFile.open(directory.resolve("log"));
        file.close();
        file.close();
        assertThrows(WriterClosedException.class, file::fd);
        assertThrows(WriterClosedException.class, file::reopen);
    }

    @Test
    void shouldLeaveNothingOpenWhicheverCallFails() {
        for (final Call call : List.of(Call.OPEN, Call.FSTAT)) {
            final FakeKernel kernel = new FakeKernel();
            kernel.plan().failFrom(call, 1, EIO);
            assertThrows(
                    IOException.class,
                    () -> LogFile.builder(Path.of("/log"))
                            .permissions(PosixFilePermissions.fromString("rwxrwxrwx"))
                            .syscalls(kernel)
                            .open(),
                    call.name());
            kernel.assertNothingLeaked();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {EPERM, EIO, ENOSYS, EOPNOTSUPP})
    void shouldOpenAFileWhoseModeCannotBeSetAndSayWhyUntilItCan(final int errno) throws Exception {
        final FakeKernel kernel = new FakeKernel();
        kernel.plan().failFrom(Call.FCHMOD, 1, errno);
        final LogFile.Builder builder = LogFile.builder(Path.of("/log"))
                .permissions(PosixFilePermissions.fromString("rw-rw-rw-"))
                .syscalls(kernel);
        try (LogFile file = builder.open()) {
            assertEquals(
                    "its mode is rw-r--r-- and cannot be set to rw-rw-rw-: "
                            + new ErrnoException("fchmod", errno).getMessage(),
                    file.modeRefusal());
            kernel.plan().heal();
            file.reopen();
            assertNull(file.modeRefusal());
            assertEquals(0666, kernel.file("/log").permissions());
        }
        kernel.assertNothingLeaked();
    }

    @Test
    void shouldSayThatAFileIsMoreOpenThanItIsToBeWhereTheChangeChangesNothing() throws Exception {
        final FakeKernel kernel = new FakeKernel();
        final Syscalls forced = new ForwardingSyscalls(kernel) {
            @Override
            public int fchmod(final int fd, final int mode) {
                return super.fchmod(fd, 0777); // As vfat and CIFS, whose mount options decide.
            }
        };
        LogFile.builder(Path.of("/log")).syscalls(kernel).open().close();
        try (LogFile file = LogFile.builder(Path.of("/log"))
                .permissions(PosixFilePermissions.fromString("rw-r-----"))
                .syscalls(forced)
                .open()) {
            assertEquals(
                    "its mode is rwxrwxrwx and cannot be set to rw-r-----, so it is open to more users than it should be:"
                            + " fchmod succeeded but changed nothing",
                    file.modeRefusal());
        }
    }

    @Test
    void shouldTellWhatCloseAnswersOnceAndNotCallASignalAFailure() throws Exception {
        final FakeKernel kernel = new FakeKernel();
        final LogFile file = LogFile.builder(Path.of("/log")).syscalls(kernel).open();
        kernel.plan().failNext(Call.CLOSE, EDQUOT);
        file.reopen();
        assertEquals("close /log: EDQUOT (122)", file.closeFailure().getMessage());
        file.reopen();
        assertNull(file.closeFailure());
        kernel.plan().failNext(Call.CLOSE, EINTR);
        file.reopen();
        assertNull(file.closeFailure());
        kernel.plan().failNext(Call.CLOSE, EIO);
        assertThrows(ErrnoException.class, file::close);
        file.close();
        kernel.assertNothingLeaked();
    }
}
