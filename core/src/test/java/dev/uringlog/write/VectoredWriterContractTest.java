package dev.uringlog.write;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.uringlog.sys.SignalStorm;
import dev.uringlog.testing.Host;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every strategy keeps on every file system, on the kernel that runs this. */
class VectoredWriterContractTest {
    @TempDir
    Path temporary;

    /** A strategy and a place to write. */
    record Case(Strategy strategy, Host.Place place) {
        @Override
        public String toString() {
            return strategy.label() + " on " + place;
        }

        VectoredWriter open() throws IOException {
            if (strategy == Strategy.IOURING) {
                Host.requireIoUring();
            }
            return VectoredWriter.builder().strategy(strategy).open();
        }

        Path path() {
            return place.directory().resolve("log");
        }
    }

    static Stream<Case> cases() throws IOException {
        final List<Case> cases = new ArrayList<>();
        for (final Strategy strategy : List.of(Strategy.WRITEV, Strategy.IOURING)) {
            Host.places().forEach(place -> cases.add(new Case(strategy, place)));
        }
        return cases.stream();
    }

    static Stream<Strategy> strategies() {
        return Stream.of(Strategy.WRITEV, Strategy.IOURING);
    }

    private static VectoredWriter open(final Strategy strategy) throws IOException {
        return new Case(strategy, null).open();
    }

    private static ByteBuffer heap(final String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    private static ByteBuffer direct(final String text) {
        final byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void shouldWriteBuffersOfEveryKindInTheirOrder(final Case c) throws IOException {
        final String large = "L".repeat(100_000);
        try (VectoredWriter writer = c.open();
                LogFile file = LogFile.open(c.path())) {
            assertEquals(c.strategy, writer.strategy());
            final ByteBuffer[] buffers = {
                heap("a"), null, direct(""), direct("b"), heap(large), direct(large), heap("c"), heap("d\n")
            };
            final long all = 200_005;
            assertEquals(all, writer.writev(file.fd(), buffers));
            assertEquals(0, buffers[4].remaining() + buffers[5].remaining() + buffers[7].remaining());
            assertEquals("ab" + large + large + "cd\n", Files.readString(c.path()));
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void shouldComeToTheExactSizeAfterManyWritesInASignalStorm(final Case c) throws IOException {
        final SignalStorm storm = SignalStorm.onThisThread();
        try (storm;
                VectoredWriter writer = c.open();
                LogFile file = LogFile.open(c.path())) {
            final StringBuilder expected = new StringBuilder();
            for (int i = 0; i < 512; i++) {
                final String line = "line " + i + "\n";
                final ByteBuffer[] parts = {heap(line.substring(0, 3)), direct(line.substring(3))};
                assertEquals(line.length(), writer.writev(file.fd(), parts));
                expected.append(line);
            }
            assertEquals(expected.toString(), Files.readString(c.path()));
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void shouldGatherAThousandSmallBuffersAndWriteThemAll(final Case c) throws IOException {
        try (VectoredWriter writer = c.open();
                LogFile file = LogFile.open(c.path())) {
            final ByteBuffer[] buffers = new ByteBuffer[VectoredWriter.MAX_IOVECS];
            final StringBuilder expected = new StringBuilder();
            for (int i = 0; i < buffers.length; i++) {
                final String text = "event number " + i + "\n";
                buffers[i] = i % 3 == 0 ? heap(text) : direct(text);
                expected.append(text);
            }
            assertEquals(expected.length(), writer.writev(file.fd(), buffers));
            assertEquals(expected.toString(), Files.readString(c.path()));
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void shouldGoOnFromTheBuffersPositionsUntilAllIsWritten(final Case c) throws IOException {
        final byte[] bytes = new byte[3 * Iovecs.SCRATCH_MAX + 17];
        new java.util.Random(1).nextBytes(bytes);
        try (VectoredWriter writer = c.open();
                LogFile file = LogFile.open(c.path())) {
            final ByteBuffer heap = ByteBuffer.wrap(bytes);
            long sum = 0;
            while (heap.hasRemaining()) {
                sum += writer.write(file.fd(), heap);
            }
            assertEquals(bytes.length, sum);
            assertArrayEquals(bytes, Files.readAllBytes(c.path()));
        }
    }

    @ParameterizedTest
    @MethodSource("strategies")
    void shouldMakeNoSystemCallForNothing(final Strategy strategy) throws IOException {
        try (VectoredWriter writer = open(strategy)) {
            final int notOpen = 1_000_000;
            assertEquals(0, writer.writev(notOpen));
            assertEquals(0, writer.writev(notOpen, (ByteBuffer[]) null));
            assertEquals(0, writer.writev(notOpen, heap(""), null, direct("")));
        }
    }

    @ParameterizedTest
    @MethodSource("strategies")
    void shouldRefuseMoreBuffersThanTheKernelTakes(final Strategy strategy) throws IOException {
        try (VectoredWriter writer = open(strategy)) {
            final Exception e = assertThrows(
                    IllegalArgumentException.class,
                    () -> writer.writev(1, new ByteBuffer[VectoredWriter.MAX_IOVECS + 1]));
            assertEquals("1025 buffers: allowed is at most 1024", e.getMessage());
        }
    }

    @ParameterizedTest
    @MethodSource("strategies")
    void shouldNameTheErrnoOfABadDescriptor(final Strategy strategy) throws IOException {
        try (VectoredWriter writer = open(strategy)) {
            final ByteBuffer buffer = heap("x");
            final ErrnoException e = assertThrows(ErrnoException.class, () -> writer.write(1_000_000, buffer));
            assertEquals("EBADF", e.errnoName());
            assertEquals(9, e.errno());
            assertEquals("writev: EBADF (9)", e.getMessage());
            assertEquals(1, buffer.remaining());
            assertEquals(null, writer.degradation());
        }
    }

    @ParameterizedTest
    @MethodSource("strategies")
    void shouldComeUpShortOnANonBlockingPipe(final Strategy strategy) throws Exception {
        final Path fifo = temporary.resolve("fifo-" + strategy);
        assertEquals(0, new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor());
        final Process reader = new ProcessBuilder("sh", "-c", "exec sleep 60 < '" + fifo + "'").start();
        try (VectoredWriter writer = open(strategy)) {
            final LogFile file = openWhenRead(fifo);
            final ByteBuffer large = ByteBuffer.allocateDirect(96 << 10);
            final long written = writer.write(file.fd(), large);
            assertTrue(written > 0 && written < 96 << 10, "a pipe takes 64 KiB, took " + written);
            assertEquals(written, large.position());
            if (strategy == Strategy.WRITEV) { // io_uring waits for the reader instead.
                final ErrnoException e = assertThrows(ErrnoException.class, () -> writer.write(file.fd(), large));
                assertEquals("EAGAIN", e.errnoName());
                assertEquals(written, large.position());
            }
            file.close();
        } finally {
            reader.destroyForcibly();
        }
    }

    /** A FIFO cannot be opened for writing before it has a reader. */
    private static LogFile openWhenRead(final Path fifo) {
        return org.awaitility.Awaitility.await()
                .ignoreExceptions()
                .until(() -> LogFile.builder(fifo).allowSpecialFile(true).open(), file -> true);
    }

    @ParameterizedTest
    @MethodSource("strategies")
    void shouldCloseOnceHoweverOftenAndFromWhereverAsked(final Strategy strategy) throws Exception {
        final VectoredWriter writer = open(strategy);
        final Thread[] closers = new Thread[8];
        for (int i = 0; i < closers.length; i++) {
            closers[i] = new Thread(writer::close);
            closers[i].start();
        }
        for (final Thread closer : closers) {
            closer.join();
        }
        writer.close();
        assertThrows(WriterClosedException.class, () -> writer.write(1, heap("x")));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void shouldAllocateNothingPerCallWithDirectBuffers(final Case c) throws IOException {
        final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (VectoredWriter writer = c.open();
                LogFile file = LogFile.open(c.path())) {
            final ByteBuffer[] buffers = {direct("x".repeat(2000)), direct("y".repeat(10))};
            final int fd = file.fd();
            final int count = 5_000;
            write(writer, fd, buffers, count);
            final long before = threads.getCurrentThreadAllocatedBytes();
            write(writer, fd, buffers, count);
            final long allocated = threads.getCurrentThreadAllocatedBytes() - before;
            assertTrue(allocated < count, allocated + " bytes in " + count + " calls");
        }
    }

    private static void write(final VectoredWriter writer, final int fd, final ByteBuffer[] buffers, final int count)
            throws IOException {
        for (int i = 0; i < count; i++) {
            buffers[0].position(0);
            buffers[1].position(0);
            writer.writev(fd, buffers);
        }
    }
}
