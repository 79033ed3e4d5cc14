package dev.uringlog.write;

import static dev.uringlog.sys.LinuxErrno.EBADR;
import static dev.uringlog.sys.LinuxErrno.EPERM;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.uringlog.sys.ForwardingSyscalls;
import dev.uringlog.sys.Kernel;
import dev.uringlog.sys.SignalStorm;
import dev.uringlog.sys.Syscalls;
import dev.uringlog.testing.Host;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The strategy on the kernel that runs this, with signals and refusals in its way. */
class IoUringStrategyKernelTest {
    private static final int INTERRUPTIONS = 300;
    private static final int O_WRONLY_CREAT_APPEND_CLOEXEC = 0x80441;

    @TempDir
    Path directory;

    private Path path;
    private WatchedKernel kernel;
    private IoUringStrategy strategy;
    private int fd;

    /** Counts, and breaks the n-th enter: before the kernel saw it, or after. */
    private static final class WatchedKernel extends ForwardingSyscalls {
        private final AtomicInteger crossings = new AtomicInteger();
        private int enters;
        private int writevs;
        private int refusedEnter = -1;
        private int brokenEnter = -1;

        WatchedKernel(final Syscalls delegate) {
            super(delegate);
        }

        @Override
        public int ioUringEnter(final int ringFd, final int toSubmit, final int minComplete, final int flags) {
            enters++;
            if (enters == refusedEnter) {
                return -EPERM;
            }
            if (enters == brokenEnter) {
                super.ioUringEnter(ringFd, toSubmit, 0, flags);
                return -EBADR;
            }
            crossings.incrementAndGet();
            final int result = super.ioUringEnter(ringFd, toSubmit, minComplete, flags);
            crossings.incrementAndGet();
            return result;
        }

        @Override
        public long writev(final int fd, final long iovecAddress, final int iovecCount) {
            writevs++;
            return super.writev(fd, iovecAddress, iovecCount);
        }
    }

    @BeforeEach
    void open() throws IOException {
        Host.requireIoUring();
        kernel = new WatchedKernel(Kernel.syscalls());
        path = directory.resolve("log");
        fd = kernel.open(path.toString(), O_WRONLY_CREAT_APPEND_CLOEXEC, 0600);
        strategy = IoUringStrategy.open(kernel, 16);
    }

    @AfterEach
    void close() {
        if (strategy != null) {
            strategy.close();
            kernel.close(fd);
        }
    }

    private void write(final int from, final int to) throws IOException {
        for (int i = from; i < to; i++) {
            final String line = line(i);
            final Batch batch = new Batch(line.substring(0, 2), line.substring(2));
            assertEquals(line.length(), strategy.writev(fd, batch.address(), batch.count()));
            batch.scribble();
        }
    }

    private static String line(final int i) {
        return "line " + i + "\n";
    }

    private void assertFileHolds(final int lineCount) throws IOException {
        final StringBuilder expected = new StringBuilder();
        for (int i = 0; i < lineCount; i++) {
            expected.append(line(i));
        }
        assertEquals(expected.toString(), Files.readString(path));
    }

    @Test
    void shouldWriteThroughTheRingOnly() throws IOException {
        write(0, 512);
        assertFileHolds(512);
        assertTrue(kernel.enters > 512);
        assertEquals(0, kernel.writevs);
        assertNull(strategy.degradation());
    }

    @Test
    void shouldLoseAndDoubleNothingInASignalStorm() throws Exception {
        int written = 0;
        try (SignalStorm storm = SignalStorm.onThisThread(kernel.crossings::get)) {
            assertNotNull(storm);
            // Until that many waits were cut short: more enters than writes (and the probe) needed. The sender needs a
            // core of its own to hit, which a busy machine gives it now and then.
            while (kernel.enters - written <= INTERRUPTIONS && written < 1_000_000) {
                write(written, written + 100);
                written += 100;
            }
        }
        assertTrue(kernel.enters - written > INTERRUPTIONS, "the signals hit no wait: " + kernel.enters + " enters");
        assertFileHolds(written);
        assertEquals(0, kernel.writevs);
        assertNull(strategy.degradation());
    }

    @Test
    void shouldAllocateNothingPerCall() throws IOException {
        final var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        final int devNull = kernel.open("/dev/null", O_WRONLY_CREAT_APPEND_CLOEXEC, 0);
        final Batch batch = new Batch("no file grows\n");
        final long address = batch.address();
        long allocated = Long.MAX_VALUE;
        // The least of several rounds: the compiler warms up in the first, and may move something once more in another.
        for (int round = 0; round < 20 && allocated > 0; round++) {
            final long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < 5_000; i++) {
                strategy.writev(devNull, address, 1);
            }
            allocated = Math.min(allocated, threads.getCurrentThreadAllocatedBytes() - before);
        }
        kernel.close(devNull);
        assertTrue(allocated < 5_000, allocated + " bytes in 5,000 calls");
    }

    @Test
    void shouldServeAnyThreadInTurn() throws Exception {
        for (int i = 0; i < 20; i++) {
            final int from = i * 10;
            final FutureTask<Void> task = new FutureTask<>(() -> {
                write(from, from + 10);
                return null;
            });
            new Thread(task).start();
            task.get();
        }
        assertFileHolds(200);
        assertNull(strategy.degradation());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 50})
    void shouldWritevOnceWhatARefusedEnterLeftBehind(final int n) throws IOException {
        kernel.refusedEnter = kernel.enters + n;
        write(0, 60);
        assertFileHolds(60);
        assertEquals(61 - n, kernel.writevs);
        assertTrue(strategy.degradation().contains("io_uring_enter"), strategy.degradation());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 50})
    void shouldNotRepeatWhatABrokenEnterHadSubmitted(final int n) throws IOException {
        kernel.brokenEnter = kernel.enters + n;
        write(0, 60);
        assertFileHolds(60);
        assertFalse(strategy.isMemoryQuarantined());
    }
}
