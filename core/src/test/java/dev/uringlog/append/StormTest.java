package dev.uringlog.append;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.uringlog.sys.SignalStorm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Threads that are interrupted and signalled all the time, the one that writes too. */
@Timeout(60)
class StormTest {
    private static final long STORM_NANOS = TimeUnit.MILLISECONDS.toNanos(400);

    @TempDir
    Path directory;

    @ParameterizedTest
    @EnumSource(Way.class)
    void shouldLoseAndDoubleNothingWhenEveryThreadIsInterrupted(final Way way) throws Exception {
        final Path file = directory.resolve("log");
        final Thread[] flusher = new Thread[1];
        final AppendLog log = way.builder(file)
                .ringSize(8192)
                .threadFactory(work -> flusher[0] = new Thread(work))
                .open();
        final NumberedLines lines = NumberedLines.into(log, 3, OverflowPolicy.BLOCK);
        for (final long start = System.nanoTime(); System.nanoTime() - start < STORM_NANOS; ) {
            flusher[0].interrupt();
            lines.threads().forEach(Thread::interrupt);
            Thread.onSpinWait();
        }
        lines.stop();
        assertEquals(3, lines.interrupted(), "each keeps its interrupt");
        log.close();
        assertEquals(0, log.statistics().failed(), log.statistics().toString());
        NumberedLines.assertHolds(log.statistics(), file);
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void shouldLoseAndDoubleNothingInASignalStorm(final Way way) throws Exception {
        final Path file = directory.resolve("log");
        final AtomicInteger storms = new AtomicInteger();
        final AppendLog log = way.builder(file)
                .ringSize(8192)
                .threadFactory(work -> new Thread(() -> {
                    try (SignalStorm storm = SignalStorm.onThisThread()) {
                        storms.addAndGet(storm == null ? 0 : 1);
                        work.run();
                    } catch (final IOException e) {
                        throw new UncheckedIOException(e);
                    }
                }))
                .open();
        final NumberedLines lines = NumberedLines.into(log, 3, OverflowPolicy.BLOCK);
        for (final long start = System.nanoTime(); System.nanoTime() - start < STORM_NANOS; ) {
            Thread.onSpinWait();
        }
        lines.stop();
        log.close();
        assertEquals(1, storms.get());
        assertTrue(log.statistics().written() > 1000, log.statistics().toString());
        assertEquals(0, log.statistics().failed(), log.statistics().toString());
        NumberedLines.assertHolds(log.statistics(), file);
    }
}
