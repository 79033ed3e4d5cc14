package dev.uringlog.write;

import static dev.uringlog.sys.LinuxErrno.EACCES;
import static dev.uringlog.sys.LinuxErrno.EBADR;
import static dev.uringlog.sys.LinuxErrno.EMFILE;
import static dev.uringlog.sys.LinuxErrno.ENOMEM;
import static dev.uringlog.sys.LinuxErrno.ENOSYS;
import static dev.uringlog.sys.LinuxErrno.EOPNOTSUPP;
import static dev.uringlog.sys.LinuxErrno.EPERM;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.uringlog.sys.Call;
import dev.uringlog.sys.FakeKernel;
import dev.uringlog.testing.Host;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.ResourceBundle;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class VectoredWriterTest {
    @TempDir
    Path directory;

    /** A System.Logger that remembers. */
    private static final class Lines implements System.Logger {
        final List<String> lines = new CopyOnWriteArrayList<>();

        @Override
        public String getName() {
            return "test";
        }

        @Override
        public boolean isLoggable(final Level level) {
            return true;
        }

        @Override
        public void log(final Level level, final ResourceBundle bundle, final String message, final Throwable thrown) {
            lines.add(level + " " + message);
        }

        @Override
        public void log(final Level level, final ResourceBundle bundle, final String format, final Object... params) {
            lines.add(level + " " + format);
        }
    }

    private static ByteBuffer ascii(final String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void shouldReallyUseIoUringWhereTheKernelHasIt() throws IOException {
        Host.requireIoUring();
        try (VectoredWriter writer = VectoredWriter.open()) {
            assertEquals(Strategy.IOURING, writer.strategy());
            assertNull(writer.degradation());
        }
    }

    @Test
    void shouldAgreeWithItselfAboutIoUring() throws IOException {
        assertEquals(VectoredWriter.isIoUringSupported(), VectoredWriter.ioUringRefusal() == null);
        try (VectoredWriter writer = VectoredWriter.open()) {
            assertEquals(VectoredWriter.isIoUringSupported(), writer.strategy() == Strategy.IOURING);
        }
    }

    @Test
    void shouldKeepItsLabels() {
        assertEquals("auto", Strategy.AUTO.label());
        assertEquals("iouring", Strategy.IOURING.label());
        assertEquals("writev", Strategy.WRITEV.label());
    }

    @Test
    void shouldForceWritevOnAHostThatCouldDoBetter() throws IOException {
        try (VectoredWriter writer =
                VectoredWriter.builder().strategy(Strategy.WRITEV).open()) {
            assertEquals(Strategy.WRITEV, writer.strategy());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 16, 4096})
    void shouldTakeEveryRingDepthThatIsAPowerOfTwo(final int depth) throws IOException {
        try (VectoredWriter writer = VectoredWriter.builder().ringDepth(depth).open();
                LogFile file = LogFile.open(directory.resolve("depth"))) {
            assertEquals(2, writer.write(file.fd(), ascii("x\n")));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3, 4097, 8192, -1, Integer.MIN_VALUE})
    void shouldRefuseEveryOtherRingDepthAndSayWhatIsAllowed(final int depth) {
        final Exception e = assertThrows(
                IllegalArgumentException.class, () -> VectoredWriter.builder().ringDepth(depth));
        assertEquals("ringDepth " + depth + ": allowed is a power of two from 1 to 4096", e.getMessage());
    }

    @ParameterizedTest
    @EnumSource(Strategy.class)
    void shouldLogExactlyOneLineAtConstructionAndNoneLater(final Strategy strategy) throws IOException {
        if (strategy == Strategy.IOURING) {
            Host.requireIoUring();
        }
        final Lines logger = new Lines();
        try (VectoredWriter writer = VectoredWriter.builder()
                        .strategy(strategy)
                        .logger(logger)
                        .open();
                LogFile file = LogFile.open(directory.resolve("logged"))) {
            assertEquals(1, logger.lines.size());
            assertTrue(logger.lines
                    .get(0)
                    .startsWith("INFO vectored writer: " + writer.strategy().label()));
            writer.write(file.fd(), ascii("x"));
        }
        assertEquals(1, logger.lines.size());
    }

    @Test
    void shouldSayWhyAForcedStrategyIsNotAvailable() {
        final FakeKernel kernel = new FakeKernel();
        kernel.plan().failFrom(Call.IO_URING_SETUP, 1, EPERM);
        final UnsupportedStrategyException e = assertThrows(
                UnsupportedStrategyException.class,
                () -> VectoredWriter.builder()
                        .strategy(Strategy.IOURING)
                        .syscalls(kernel)
                        .open());
        assertTrue(e.getMessage().contains("EPERM") && e.getMessage().contains("seccomp"), e.getMessage());
        kernel.assertNothingLeaked();
    }

    @ParameterizedTest
    @ValueSource(ints = {EPERM, ENOMEM, EACCES, EMFILE, ENOSYS, EOPNOTSUPP})
    void shouldFallBackOnAnyErrnoAndSayWhichInItsLine(final int errno) throws IOException {
        for (final Call call : List.of(Call.IO_URING_SETUP, Call.IO_URING_ENTER, Call.MMAP)) {
            final FakeKernel kernel = new FakeKernel();
            kernel.plan().failFrom(call, 1, errno);
            final Lines logger = new Lines();
            try (VectoredWriter writer =
                    VectoredWriter.builder().syscalls(kernel).logger(logger).open()) {
                assertEquals(Strategy.WRITEV, writer.strategy());
            }
            assertTrue(logger.lines.get(0).contains("(" + errno + ")"), logger.lines.toString());
            kernel.assertNothingLeaked();
        }
    }

    @Test
    void shouldShareOneWriterThatIsNeverClosed() throws Exception {
        final VectoredWriter shared = VectoredWriter.shared();
        assertSame(shared, VectoredWriter.shared());
        shared.close();
        final Path path = directory.resolve("shared");
        try (LogFile file = LogFile.open(path)) {
            final int fd = file.fd();
            final Thread[] writers = new Thread[16];
            for (int t = 0; t < writers.length; t++) {
                final String line = "writer " + (char) ('a' + t) + "\n";
                writers[t] = new Thread(() -> {
                    for (int i = 0; i < 32; i++) {
                        try {
                            shared.writev(fd, ascii(line.substring(0, 4)), ascii(line.substring(4)));
                        } catch (final IOException e) {
                            throw new AssertionError(e);
                        }
                    }
                });
                writers[t].start();
            }
            for (final Thread writer : writers) {
                writer.join();
            }
        }
        final List<String> lines = Files.readAllLines(path);
        assertEquals(16 * 32, lines.size());
        for (char c = 'a'; c < 'a' + 16; c++) {
            final String line = "writer " + c;
            assertEquals(32, lines.stream().filter(line::equals).count());
        }
    }

    @Test
    void shouldNeverReuseMemoryThatTheKernelMayStillRead() throws IOException {
        final FakeKernel kernel = new FakeKernel();
        try (LogFile file = LogFile.builder(Path.of("/log")).syscalls(kernel).open();
                VectoredWriter writer =
                        VectoredWriter.builder().syscalls(kernel).open()) {
            kernel.plan().failNextEnterAfterSubmission(EBADR).swallowNextCompletion();
            final ErrnoException e =
                    assertThrows(ErrnoException.class, () -> writer.write(file.fd(), ascii("lost?\n")));
            assertEquals("EBADR", e.errnoName());
            assertTrue(writer.isMemoryQuarantined());
            assertTrue(writer.degradation().contains("EBADR"), writer.degradation());
            assertEquals(Strategy.IOURING, writer.strategy(), "negotiated once, for life");
            assertEquals(5, writer.write(file.fd(), ascii("next\n")));
        }
        assertTrue(kernel.file("/log").text().endsWith("next\n"));
    }

    /** What does not fit ends the submission: what comes behind must not close up. */
    @Test
    void shouldLeaveALargeDirectBufferBehindOneThatScratchHasNoRoomFor() throws Exception {
        final FakeKernel kernel = new FakeKernel();
        try (VectoredWriter writer = VectoredWriter.builder()
                        .strategy(Strategy.WRITEV)
                        .syscalls(kernel)
                        .open();
                LogFile file =
                        LogFile.builder(Path.of("/file")).syscalls(kernel).open()) {
            final ByteBuffer heap = ByteBuffer.allocate(Iovecs.SCRATCH_MAX + 10);
            final ByteBuffer direct = ByteBuffer.allocateDirect(2_000);
            assertEquals(Iovecs.SCRATCH_MAX, writer.writev(file.fd(), heap, direct));
            assertEquals(10, heap.remaining());
            assertEquals(2_010, writer.writev(file.fd(), heap, direct));
        }
    }
}
