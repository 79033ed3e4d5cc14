package dev.uringlog.uring;

import static dev.uringlog.sys.LinuxErrno.EACCES;
import static dev.uringlog.sys.LinuxErrno.ECANCELED;
import static dev.uringlog.sys.LinuxErrno.EPIPE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.uringlog.sys.Kernel;
import dev.uringlog.sys.NativeMemory;
import dev.uringlog.sys.Syscalls;
import dev.uringlog.testing.Host;
import dev.uringlog.testing.Mount;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The ring on the kernel that runs this: what liburing's tests of the same names check, as far as a log needs it. */
class RingKernelTest {
    private static final int O_RDONLY_NONBLOCK_CLOEXEC = 0x80800;
    private static final int O_WRONLY_CREAT_CLOEXEC = 0x80041;
    private static final int O_WRONLY_CREAT_APPEND_CLOEXEC = 0x80441;

    @TempDir
    Path directory;

    /** The test's own for as long as it lasts: the kernel reads it by its address. */
    private final ByteBuffer payload = NativeMemory.allocate(8, 8);

    private Syscalls kernel;

    @BeforeEach
    void requireIoUring() {
        Host.requireIoUring();
        kernel = Kernel.syscalls();
    }

    private Ring open(final int entries) {
        final RingSetup setup = RingSetup.open(kernel, entries);
        assertNotNull(setup.ring(), setup::refusal);
        return setup.ring();
    }

    private int openFile(final Path path) {
        final int fd = kernel.open(path.toString(), O_WRONLY_CREAT_APPEND_CLOEXEC, 0600);
        assertTrue(fd >= 0);
        return fd;
    }

    private static long descriptors() throws IOException {
        try (var listing = Files.list(Path.of("/proc/self/fd"))) {
            return listing.count();
        }
    }

    private static long mappings() throws IOException {
        try (var lines = Files.lines(Path.of("/proc/self/maps"))) {
            return lines.filter(line -> line.contains("io_uring")).count();
        }
    }

    @Test
    void shouldReapTheProbesCompletion() {
        try (Ring ring = open(16)) {
            assertEquals(0, Probe.run(kernel, ring, 1));
        }
    }

    @Test
    void shouldWriteWhatManySubmissionsSay() throws IOException {
        final Path path = directory.resolve("log");
        final int fd = openFile(path);
        final ByteBuffer iovecs = NativeMemory.allocate(32, 8);
        final ByteBuffer lines = NativeMemory.allocate(64, 8);
        final StringBuilder expected = new StringBuilder();
        try (Ring ring = open(4)) {
            for (int i = 1; i <= 512; i++) {
                final byte[] line = ("line " + i + "\n").getBytes(StandardCharsets.US_ASCII);
                lines.put(0, line);
                iovecs.putLong(0, NativeMemory.address(lines));
                iovecs.putLong(8, 3);
                iovecs.putLong(16, NativeMemory.address(lines) + 3);
                iovecs.putLong(24, line.length - 3);
                assertTrue(ring.submissionQueue().offerWritev(fd, NativeMemory.address(iovecs), 2, i));
                while (!ring.completionQueue().pollFor(i)) {
                    assertTrue(ring.submitAndWait(1) >= 0);
                }
                assertEquals(line.length, ring.completionQueue().result());
                expected.append("line ").append(i).append('\n');
            }
        }
        kernel.close(fd);
        assertEquals(expected.toString(), Files.readString(path));
    }

    /** liburing: sq-full, submit-reuse. */
    @Test
    void shouldCompleteAQueueFullAtOnce() {
        final int fd = openFile(Path.of("/dev/null"));
        try (Ring ring = open(8)) {
            for (int round = 0; round < 100; round++) {
                for (int i = 0; i < 8; i++) {
                    assertTrue(ring.submissionQueue().offerWritev(fd, 0, 0, i));
                }
                assertFalse(ring.submissionQueue().offerWritev(fd, 0, 0, 8));
                assertEquals(8, ring.submitAndWait(8));
                int completed = 0;
                while (ring.completionQueue().poll()) {
                    assertEquals(0, ring.completionQueue().result());
                    completed++;
                }
                assertEquals(8, completed);
            }
        }
        kernel.close(fd);
    }

    /** liburing: cq-overflow, cq-full. */
    @Test
    void shouldLoseNoCompletionWhenMoreCompleteThanTheQueueHolds() {
        final int fd = openFile(Path.of("/dev/null"));
        try (Ring ring = open(4)) {
            // The completion queue holds twice as many, and nothing reaps during this time.
            for (int i = 0; i < 20; i++) {
                assertTrue(ring.submissionQueue().offerWritev(fd, 0, 0, i));
                assertEquals(1, ring.submitAndWait(0));
            }
            for (int i = 0; i < 20; i++) {
                if (!ring.completionQueue().poll()) {
                    ring.submitAndWait(0); // The kernel moves what it kept aside into the queue.
                    assertTrue(ring.completionQueue().poll(), "lost after " + i);
                }
                assertEquals(i, ring.completionQueue().userData());
            }
            assertFalse(ring.completionQueue().poll());
        }
        kernel.close(fd);
    }

    /** liburing: fpos. */
    @Test
    void shouldMoveTheFilesPositionAsWritevDoes() throws IOException {
        final Path path = directory.resolve("log");
        final int fd = kernel.open(path.toString(), O_WRONLY_CREAT_CLOEXEC, 0600);
        final ByteBuffer iovec = iovec(2);
        try (Ring ring = open(4)) {
            for (int i = 0; i < 3; i++) {
                payload.put(0, (byte) ('a' + i)).put(1, (byte) '\n');
                writeThrough(ring, fd, iovec, 2);
                assertEquals(2, kernel.writev(fd, NativeMemory.address(iovec), 1));
            }
        }
        kernel.close(fd);
        assertEquals("a\na\nb\nb\nc\nc\n", Files.readString(path));
    }

    /** liburing: pipe-eof. */
    @Test
    void shouldSayThatAPipesReaderIsGone() throws IOException {
        final Path fifo = directory.resolve("fifo");
        Mount.sh("mkfifo " + fifo);
        final int reader = kernel.open(fifo.toString(), O_RDONLY_NONBLOCK_CLOEXEC, 0);
        final int fd = openFile(fifo);
        final ByteBuffer iovec = iovec(2);
        try (Ring ring = open(4)) {
            writeThrough(ring, fd, iovec, 2);
            kernel.close(reader);
            writeThrough(ring, fd, iovec, -EPIPE);
        }
        kernel.close(fd);
    }

    private ByteBuffer iovec(final int length) {
        final ByteBuffer iovec = NativeMemory.allocate(16, 8);
        iovec.putLong(0, NativeMemory.address(payload)).putLong(8, length);
        return iovec;
    }

    private static void writeThrough(final Ring ring, final int fd, final ByteBuffer iovec, final int expected) {
        assertTrue(ring.submissionQueue().offerWritev(fd, NativeMemory.address(iovec), 1, 1));
        while (!ring.completionQueue().pollFor(1)) {
            assertTrue(ring.submitAndWait(1) >= 0);
        }
        assertEquals(expected, ring.completionQueue().result());
    }

    /** liburing: io-wq-exit. */
    @Test
    void shouldCompleteWhatAThreadLeftBehindThatHasEnded() throws Exception {
        final int fd = openFile(directory.resolve("log"));
        try (Ring ring = open(8)) {
            final FutureTask<Integer> submitting = new FutureTask<>(() -> {
                for (int i = 0; i < 8; i++) {
                    ring.submissionQueue().offer(Sqe.IORING_OP_FSYNC, fd, i);
                }
                return ring.submitAndWait(0);
            });
            final Thread thread = new Thread(submitting);
            thread.start();
            thread.join();
            assertEquals(8, submitting.get());
            int completed = 0;
            while (completed < 8) {
                assertTrue(ring.submitAndWait(1) >= 0);
                while (ring.completionQueue().poll()) {
                    // Done, or cancelled with the thread: either way it is said.
                    final int result = ring.completionQueue().result();
                    assertTrue(result == 0 || result == -ECANCELED, "result " + result);
                    completed++;
                }
            }
        }
        kernel.close(fd);
    }

    /** liburing: register-restrictions. */
    @Test
    void shouldBeForbiddenWhatItDoesNotNeed() {
        final int fd = openFile(directory.resolve("log"));
        try (Ring ring = open(4)) {
            ring.submissionQueue().offer(Sqe.IORING_OP_NOP, -1, 1);
            assertEquals(1, ring.submitAndWait(1));
            assertTrue(ring.completionQueue().pollFor(1));
            assertEquals(-EACCES, ring.completionQueue().result());
            ring.submissionQueue().offer(Sqe.IORING_OP_FSYNC, fd, 2);
            assertEquals(1, ring.submitAndWait(1));
            assertTrue(ring.completionQueue().pollFor(2));
            assertEquals(0, ring.completionQueue().result());
        }
        kernel.close(fd);
    }

    /** liburing: thread-exit. */
    @Test
    void shouldOutliveTheThreadThatOpenedIt() throws Exception {
        final int fd = openFile(directory.resolve("log"));
        final FutureTask<Ring> opening = new FutureTask<>(() -> {
            final Ring opened = open(4);
            assertEquals(0, Probe.run(kernel, opened, 1));
            return opened;
        });
        final Thread thread = new Thread(opening);
        thread.start();
        thread.join();
        try (Ring ring = opening.get()) {
            ring.submissionQueue().offer(Sqe.IORING_OP_FSYNC, fd, 2);
            assertEquals(1, ring.submitAndWait(1));
            assertTrue(ring.completionQueue().pollFor(2));
            assertEquals(0, ring.completionQueue().result());
        }
        kernel.close(fd);
    }

    /** liburing: ring-leak. */
    @Test
    void shouldLeaveNothingBehindWhenClosed() throws IOException {
        open(16).close();
        final long before = descriptors();
        final long mappingsBefore = mappings();
        for (int i = 0; i < 1000; i++) {
            open(16).close();
        }
        assertEquals(before, descriptors());
        assertEquals(mappingsBefore, mappings());
    }
}
