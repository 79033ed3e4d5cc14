package dev.uringlog.append;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.uringlog.file.NativeSink;
import dev.uringlog.sys.FakeKernel;
import dev.uringlog.write.LogFile;
import dev.uringlog.write.Strategy;
import dev.uringlog.write.VectoredWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The whole way, from append to a kernel that fails at its n-th call, for every n until a run completes unharmed: accepted =
 * written + failed, and the file holds whole events, in order, each at most once.
 */
@Timeout(120)
class AppendLogSweepTest {
    private static final String PATH = "/log";
    private static final int EVENTS = 12;

    private final FakeKernel kernel = new FakeKernel();

    private AppendLog open(final Strategy strategy, final Duration shutdownTimeout) throws IOException {
        return AppendLog.builder(Path.of(PATH))
                .listener(new Heard())
                .ringSize(4096)
                .maxDelay(Duration.ZERO)
                .shutdownTimeout(shutdownTimeout)
                .sinkFactory(config -> openSink(strategy))
                .open();
    }

    private SinkFactory.Opened openSink(final Strategy strategy) throws IOException {
        final VectoredWriter writer =
                VectoredWriter.builder().strategy(strategy).syscalls(kernel).open();
        try {
            final LogFile file = LogFile.builder(Path.of(PATH)).syscalls(kernel).open();
            return new SinkFactory.Opened(new NativeSink(file, writer), PATH);
        } catch (final IOException e) {
            writer.close();
            throw e;
        }
    }

    /** Runs it, and returns the counters, or null if the log could not even be opened. */
    private AppendStatistics run(final Strategy strategy, final Duration shutdownTimeout) {
        final AppendLog log;
        try {
            log = open(strategy, shutdownTimeout);
        } catch (final IOException e) {
            return null;
        }
        for (int i = 0; i < EVENTS; i++) {
            log.append(("event " + i + "\n").getBytes(StandardCharsets.US_ASCII));
            try {
                log.flush(Duration.ofMillis(200));
            } catch (final IOException e) {
                continue; // Whoever waits is told, and goes on.
            }
        }
        log.close();
        return log.statistics();
    }

    private void check(final AppendStatistics statistics, final String what) {
        assertEquals(EVENTS, statistics.accepted(), what);
        assertEquals(statistics.accepted(), statistics.written() + statistics.failed(), what);
        int last = -1;
        final List<String> lines = new ArrayList<>();
        if (kernel.exists(PATH) && kernel.file(PATH).size() > 0) {
            assertTrue(kernel.file(PATH).text().endsWith("\n"), what);
            lines.addAll(List.of(kernel.file(PATH).text().split("\n")));
        }
        for (final String line : lines) {
            assertTrue(line.startsWith("event "), () -> what + ": " + line);
            final int index = Integer.parseInt(line.substring(6));
            assertTrue(index > last, () -> what + ": " + index + " after others");
            last = index;
        }
        assertEquals(statistics.written(), lines.size(), what);
    }

    @ParameterizedTest
    // EPERM, EIO, EBADF, ENOMEM, EFAULT, EINVAL, EFBIG, ENOSPC, EPIPE, ENOSYS, EBADR, EDQUOT, ECANCELED
    @CsvSource({"1", "5", "9", "12", "14", "22", "27", "28", "32", "38", "53", "122", "125"})
    void shouldLoseNothingWhateverFailsOnce(final int errno) {
        for (final Strategy strategy : List.of(Strategy.WRITEV, Strategy.IOURING)) {
            long calls;
            int n = 0;
            do {
                n++;
                final AppendLogSweepTest fresh = new AppendLogSweepTest();
                fresh.kernel.plan().failNthOfAll(n, errno);
                final String what = strategy.label() + ", errno " + errno + ", call " + n;
                final AppendStatistics statistics = fresh.run(strategy, Duration.ofSeconds(10));
                if (statistics != null) {
                    fresh.check(statistics, what);
                    assertEquals(EVENTS, statistics.written(), what + ": " + statistics);
                }
                fresh.kernel.assertNothingLeaked();
                calls = fresh.kernel.calls();
            } while (calls >= n);
            assertTrue(n > EVENTS, "the sweep ended early, at " + n);
        }
    }

    @ParameterizedTest
    @CsvSource({"5", "9", "28", "32"})
    void shouldCountWhatIsLostWhenItFailsForEver(final int errno) {
        for (final Strategy strategy : List.of(Strategy.WRITEV, Strategy.IOURING)) {
            for (int n = 6; n < 22; n += 3) {
                final AppendLogSweepTest fresh = new AppendLogSweepTest();
                fresh.kernel.plan().failFromNthOfAll(n, errno);
                final AppendStatistics statistics = fresh.run(strategy, Duration.ofMillis(50));
                if (statistics != null) {
                    fresh.check(statistics, strategy.label() + ", errno " + errno + " from call " + n);
                }
            }
        }
    }

    @Test
    void shouldGoOnWhereItStoppedWhenSpaceReturns() throws Exception {
        for (final Strategy strategy : List.of(Strategy.WRITEV, Strategy.IOURING)) {
            final AppendLogSweepTest fresh = new AppendLogSweepTest();
            fresh.kernel.plan().limitSpace(20);
            final AppendLog log = fresh.open(strategy, Duration.ofSeconds(10));
            for (int i = 0; i < EVENTS; i++) {
                log.append(("event " + i + "\n").getBytes(StandardCharsets.US_ASCII));
            }
            org.awaitility.Awaitility.await().until(() -> log.statistics().stalls() == 1);
            assertEquals("event 0\nevent 1\neven", fresh.kernel.file(PATH).text());
            fresh.kernel.plan().addSpace(1 << 20);
            log.flush();
            log.close();
            fresh.check(log.statistics(), strategy.label());
            assertEquals(EVENTS, log.statistics().written());
        }
    }

    @Test
    void shouldKeepEveryByteWhenFaultsComeByChance() {
        final Random seeds = new Random();
        for (int i = 0; i < 30; i++) {
            final long seed = seeds.nextLong();
            final AppendLogSweepTest fresh = new AppendLogSweepTest();
            fresh.kernel
                    .plan()
                    .failRandomly(seed, dev.uringlog.sys.Call.WRITEV, 0.2, 4, 5, 28)
                    .failRandomly(seed, dev.uringlog.sys.Call.SQE_WRITEV, 0.2, 4, 5, 11, 28)
                    .failRandomly(seed, dev.uringlog.sys.Call.IO_URING_ENTER, 0.1, 4, 11, 16, 62)
                    .shortWriteAt(3);
            final Strategy strategy = i % 2 == 0 ? Strategy.WRITEV : Strategy.IOURING;
            final AppendStatistics statistics = fresh.run(strategy, Duration.ofSeconds(10));
            if (statistics != null) {
                fresh.check(statistics, fresh.kernel.plan().toString());
                assertEquals(EVENTS, statistics.written(), fresh.kernel.plan().toString());
            }
        }
    }
}
