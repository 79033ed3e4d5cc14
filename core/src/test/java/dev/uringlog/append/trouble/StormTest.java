package dev.uringlog.append.trouble;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.uringlog.append.AppendLog;
import dev.uringlog.append.FailurePolicy;
import dev.uringlog.append.NumberedLines;
import dev.uringlog.append.OverflowPolicy;
import dev.uringlog.append.Way;
import dev.uringlog.sys.SignalStorm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Threads that are interrupted and signalled all the time, the one that writes too. */
@Timeout(60)
class StormTest {
    /** Faster, and a machine with few processors does nothing else. */
    private static final long BETWEEN_SIGNALS_NANOS = 20_000;

    private static final long STORM_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    @TempDir
    Path directory;

    @ParameterizedTest
    @EnumSource(Way.class)
    void shouldLoseAndDoubleNothingWhenEveryThreadIsInterrupted(final Way way) throws Exception {
        final Path file = directory.resolve("log");
        final Thread[] flusher = new Thread[1];
        final AppendLog log = way.builder(file)
                .ringSize(8192)
                .onFailure(FailurePolicy.DROP)
                .threadFactory(work -> flusher[0] = new Thread(work))
                .open();
        final NumberedLines lines = NumberedLines.into(log, 3, OverflowPolicy.BLOCK);
        for (final long start = System.nanoTime(); System.nanoTime() - start < STORM_NANOS; ) {
            flusher[0].interrupt();
            lines.threads().forEach(Thread::interrupt);
            LockSupport.parkNanos(BETWEEN_SIGNALS_NANOS);
        }
        lines.stop();
        assertEquals(3, lines.interrupted(), "each keeps its interrupt");
        log.close();
        assertEquals(0, log.statistics().failed(), log.statistics().toString());
        assertEquals(0, log.statistics().dropped(), "an interrupt says nothing of the file");
        NumberedLines.assertHolds(log.statistics(), file);
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void shouldLoseAndDoubleNothingInASignalStorm(final Way way) throws Exception {
        final Path file = directory.resolve("log");
        final AtomicReference<Runnable> signal = new AtomicReference<>();
        final AppendLog log = way.builder(file)
                .ringSize(8192)
                .threadFactory(work -> new Thread(() -> {
                    try {
                        signal.set(SignalStorm.senderToThisThread());
                    } catch (final IOException e) {
                        throw new UncheckedIOException(e);
                    }
                    work.run();
                }))
                .open();
        await().until(() -> signal.get() != null);
        final NumberedLines lines = NumberedLines.into(log, 3, OverflowPolicy.BLOCK);
        final long start = System.nanoTime();
        while (System.nanoTime() - start < STORM_NANOS || log.statistics().written() < 1000) {
            signal.get().run();
            LockSupport.parkNanos(BETWEEN_SIGNALS_NANOS);
        }
        lines.stop();
        log.close();
        assertEquals(0, log.statistics().failed(), log.statistics().toString());
        NumberedLines.assertHolds(log.statistics(), file);
    }
}
