package dev.uringlog.append;

import static dev.uringlog.append.Accounts.assertSettled;
import static dev.uringlog.sys.LinuxErrno.EAGAIN;
import static dev.uringlog.sys.LinuxErrno.EBUSY;
import static dev.uringlog.sys.LinuxErrno.EINTR;
import static dev.uringlog.sys.LinuxErrno.EIO;
import static dev.uringlog.sys.LinuxErrno.ENOSPC;
import static dev.uringlog.sys.LinuxErrno.ETIME;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.uringlog.sys.FakeKernel;
import dev.uringlog.write.Strategy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The whole way, from append to a kernel that fails at its n-th call, for every n until a run completes unharmed: every event
 * is accounted for, and the file holds whole events, in order, each at most once.
 */
@Timeout(120)
class AppendLogSweepTest {
    private static final String PATH = FakeDisk.PATH;
    private static final int EVENTS = 12;

    private final FakeDisk disk = new FakeDisk();
    private final FakeKernel kernel = disk.kernel;

    private AppendLog open(final Strategy strategy, final Duration shutdownTimeout) throws IOException {
        return disk.builder(strategy)
                .ringSize(4096)
                .maxDelay(Duration.ZERO)
                .shutdownTimeout(shutdownTimeout)
                .open();
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
                continue; // The waiting caller gets an error and continues.
            }
        }
        log.close();
        return log.statistics();
    }

    private void check(final AppendStatistics statistics, final String what) {
        assertEquals(EVENTS, statistics.accepted(), what);
        assertSettled(statistics, what);
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

    /** What each event's caller was told, at DISK; null if the log could not be opened. */
    private boolean[] runAtDisk(final Strategy strategy, final Duration shutdownTimeout) {
        final boolean[] isAcknowledged = new boolean[EVENTS];
        final AppendLog log;
        try {
            log = disk.builder(strategy)
                    .durability(Durability.DISK)
                    .ringSize(4096)
                    .shutdownTimeout(shutdownTimeout)
                    .open();
        } catch (final IOException e) {
            return null;
        }
        for (int i = 0; i < EVENTS; i++) {
            try {
                log.append(("event " + i + "\n").getBytes(StandardCharsets.US_ASCII));
                isAcknowledged[i] = true;
                assertTrue(isDurable("event " + i + "\n"), "event " + i + " returned, and is not durable");
            } catch (final UncheckedIOException e) {
                continue; // The caller gets an error and continues.
            }
        }
        log.close();
        final AppendStatistics s = log.statistics();
        assertEquals(EVENTS, s.accepted());
        assertSettled(s);
        return isAcknowledged;
    }

    /** Whether a file, suspect or not, holds the event before the place where its last good sync found its end. */
    private boolean isDurable(final String event) {
        return kernel.names().stream().filter(name -> name.startsWith(PATH)).anyMatch(name -> {
            final int at = kernel.file(name).text().indexOf(event);
            return at >= 0 && at + event.length() <= kernel.file(name).syncedSize();
        });
    }

    @ParameterizedTest
    @CsvSource({"5", "9", "12", "22", "28", "30", "32", "125"})
    void shouldAcknowledgeAtDiskOnlyWhatIsDurableWhateverFailsOnce(final int errno) {
        for (final Strategy strategy : List.of(Strategy.WRITEV, Strategy.IOURING)) {
            long calls;
            int n = 0;
            do {
                n++;
                final AppendLogSweepTest fresh = new AppendLogSweepTest();
                fresh.kernel.plan().failNthOfAll(n, errno);
                final String what = strategy.label() + ", errno " + errno + ", call " + n;
                final boolean[] told = fresh.runAtDisk(strategy, Duration.ofSeconds(10));
                if (told != null) {
                    for (int i = 0; i < EVENTS; i++) {
                        assertTrue(!told[i] || fresh.isDurable("event " + i + "\n"), what + ", event " + i);
                    }
                    fresh.checkEachOnce(what);
                }
                fresh.kernel.assertNothingLeaked();
                calls = fresh.kernel.calls();
            } while (calls >= n);
            assertTrue(n > EVENTS, "the sweep ended early, at " + n);
        }
    }

    @ParameterizedTest
    @CsvSource({"5", "9", "28", "30"})
    void shouldAcknowledgeAtDiskOnlyWhatIsDurableWhereItFailsForEver(final int errno) {
        for (final Strategy strategy : List.of(Strategy.WRITEV, Strategy.IOURING)) {
            for (int n = 6; n < 30; n += 2) {
                final AppendLogSweepTest fresh = new AppendLogSweepTest();
                fresh.kernel.plan().failFromNthOfAll(n, errno);
                fresh.runAtDisk(strategy, Duration.ofMillis(50));
                fresh.checkEachOnce(strategy.label() + ", errno " + errno + " from call " + n);
            }
        }
    }

    /** In any one file. */
    private void checkEachOnce(final String what) {
        for (final String name : kernel.names()) {
            int last = -1;
            for (final String line :
                    name.startsWith(PATH) ? kernel.file(name).text().split("\n") : new String[0]) {
                if (line.matches("event \\d+")) {
                    final int index = Integer.parseInt(line.substring(6));
                    assertTrue(index > last, what + ": " + index + " after others in " + name);
                    last = index;
                }
            }
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
                    .failRandomly(seed, dev.uringlog.sys.Call.WRITEV, 0.2, EINTR, EIO, ENOSPC)
                    .failRandomly(seed, dev.uringlog.sys.Call.SQE_WRITEV, 0.2, EINTR, EIO, EAGAIN, ENOSPC)
                    .failRandomly(seed, dev.uringlog.sys.Call.IO_URING_ENTER, 0.1, EINTR, EAGAIN, EBUSY, ETIME)
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
