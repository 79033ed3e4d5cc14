package dev.uringlog.examples.quickstart;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Logs until killed. Each thread notes in a mapped file, which outlives it, how many of its calls have returned. */
final class KillTarget {
    private static final VarHandle LONG = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final int STRIDE = 128;

    private KillTarget() {}

    /** The counters' file, shared with the process that watches. */
    static MappedByteBuffer counters(final Path path, final int threads) throws IOException {
        try (FileChannel channel =
                FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            return channel.map(FileChannel.MapMode.READ_WRITE, 0, (long) threads * STRIDE);
        }
    }

    static long returned(final MappedByteBuffer counters, final int thread) {
        return (long) LONG.getAcquire(counters, thread * STRIDE);
    }

    /** Waits until so many calls have returned, for a minute at most. */
    static void awaitReturned(
            final MappedByteBuffer counters, final int threads, final long count, final Process process, final Jvm jvm)
            throws InterruptedException {
        final long start = System.nanoTime();
        while (total(counters, threads) < count) {
            assertFalse(process.waitFor(1, TimeUnit.MILLISECONDS), () -> "ended by itself: " + jvm.outputOrWhy());
            assertTrue(System.nanoTime() - start < TimeUnit.SECONDS.toNanos(60), () -> "hangs: " + jvm.outputOrWhy());
        }
    }

    private static long total(final MappedByteBuffer counters, final int threads) {
        long sum = 0;
        for (int i = 0; i < threads; i++) {
            sum += returned(counters, i);
        }
        return sum;
    }

    public static void main(final String[] args) throws Exception {
        final Framework framework = args[0].equals("log4j2") ? new Log4jFramework() : new LogbackFramework();
        final int threads = Integer.parseInt(args[2]);
        final int events = Integer.parseInt(args[3]);
        final MappedByteBuffer counters = counters(Path.of(args[1]), threads);
        final Workload workload = new Workload();
        framework.start(false);
        if (!framework.hasAppender()) {
            System.exit(2);
        }
        for (int i = 0; i < threads; i++) {
            final int thread = i;
            new Thread(() -> work(framework, workload, counters, thread, events), Workload.threadName(i)).start();
        }
        new CountDownLatch(1).await();
    }

    private static void work(
            final Framework framework,
            final Workload workload,
            final MappedByteBuffer counters,
            final int thread,
            final int events) {
        for (int i = 0; i < events; i++) {
            workload.log(framework, thread, i);
            // Asked after the call: a framework that has begun to stop since may have refused the event, openly.
            if (!framework.isRunning()) {
                return;
            }
            LONG.setRelease(counters, thread * STRIDE, i + 1L);
        }
    }
}
