package dev.uringlog.append.sync;

import static dev.uringlog.append.FakeDisk.ascii;
import static dev.uringlog.sys.LinuxErrno.EAGAIN;
import static dev.uringlog.sys.LinuxErrno.EBADF;
import static dev.uringlog.sys.LinuxErrno.EBADR;
import static dev.uringlog.sys.LinuxErrno.EBUSY;
import static dev.uringlog.sys.LinuxErrno.ECANCELED;
import static dev.uringlog.sys.LinuxErrno.EFAULT;
import static dev.uringlog.sys.LinuxErrno.EINTR;
import static dev.uringlog.sys.LinuxErrno.EINVAL;
import static dev.uringlog.sys.LinuxErrno.EIO;
import static dev.uringlog.sys.LinuxErrno.ENOMEM;
import static dev.uringlog.sys.LinuxErrno.ENOSPC;
import static dev.uringlog.sys.LinuxErrno.ENOSYS;
import static dev.uringlog.sys.LinuxErrno.EPERM;
import static dev.uringlog.sys.LinuxErrno.EROFS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.uringlog.append.AppendLog;
import dev.uringlog.append.AppendStatistics;
import dev.uringlog.append.FakeDisk;
import dev.uringlog.sys.Call;
import dev.uringlog.sys.FakeKernel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Syncs in flight over a kernel that fails at its n-th call, for every n until a run completes unharmed: what is acknowledged
 * is durable, in one file or another; accepted = written + failed; each file holds events in order, each at most once.
 */
@Timeout(120)
class SyncsInFlightSweepTest {
    private static final int EVENTS = 12;

    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int RING_SIZE = 8192;

    /** It makes this ring one that fills: its sync and those of the next two are in flight. Others may be synced in turn. */
    private static final int LONG = RING_SIZE / 2;

    private final FakeDisk disk = new FakeDisk();
    private final FakeKernel kernel = disk.kernel;
    private final boolean[] isAcknowledged = new boolean[EVENTS];

    /** Which events are long. */
    private int longEvery = 3;

    /** Returns the counters, or null if the log could not even be opened. */
    private AppendStatistics run(final Duration shutdownTimeout, final Duration patience) throws InterruptedException {
        final AppendLog log;
        try {
            log = disk.overlapping(4)
                    .syncInterval(Duration.ZERO)
                    .maxDelay(Duration.ZERO)
                    .ringSize(RING_SIZE)
                    .shutdownTimeout(shutdownTimeout)
                    .open();
        } catch (final IOException e) {
            return null;
        }
        for (int i = 0; i < EVENTS; i++) {
            final long position = log.append(event(i));
            try {
                // A caller with a timeout does not lead. The log's own thread has it synced, and does not wait for that
                // either.
                isAcknowledged[i] = i % 3 != 0 && log.awaitDurable(position, patience);
                assertTrue(
                        isAcknowledged[i] || i % 3 == 0 || patience.compareTo(PATIENCE) < 0,
                        "event " + i + " was neither acknowledged nor refused");
            } catch (final IOException e) {
                continue; // The waiting caller gets an error and continues.
            }
            assertTrue(!isAcknowledged[i] || isDurable(i), "event " + i + " is not durable when it is acknowledged");
        }
        log.close();
        return log.statistics();
    }

    private byte[] event(final int index) {
        final String start = "event " + index;
        return ascii(start + (index > 0 && index % longEvery == 0 ? " ".repeat(LONG - start.length()) : "") + "\n");
    }

    /** Whether a file, suspect or not, holds the event before the place where its last good sync found its end. */
    private boolean isDurable(final int index) {
        final String event = new String(event(index), StandardCharsets.US_ASCII);
        return kernel.names().stream()
                .filter(name -> name.startsWith(FakeDisk.PATH))
                .anyMatch(name -> {
                    final int at = kernel.file(name).text().indexOf(event);
                    return at >= 0 && at + event.length() <= kernel.file(name).syncedSize();
                });
    }

    private void check(final AppendStatistics statistics, final String what) {
        assertEquals(EVENTS, statistics.accepted(), what);
        assertEquals(EVENTS, statistics.written() + statistics.failed(), what);
        for (int i = 0; i < EVENTS; i++) {
            assertTrue(!isAcknowledged[i] || isDurable(i), what + ": event " + i + " is not durable");
        }
        for (final String name : kernel.names()) {
            int last = -1;
            for (final String line :
                    name.startsWith(FakeDisk.PATH) ? kernel.file(name).text().split("\n") : new String[0]) {
                if (line.matches("event \\d+ *")) {
                    final int index = Integer.parseInt(line.substring(6).strip());
                    assertTrue(index > last, what + ": " + index + " after others in " + name);
                    last = index;
                }
            }
        }
    }

    @ParameterizedTest
    // EPERM, EIO, EBADF, ENOMEM, EFAULT, EINVAL, ENOSPC, EROFS, ENOSYS, EBADR, ECANCELED
    @ValueSource(ints = {EPERM, EIO, EBADF, ENOMEM, EFAULT, EINVAL, ENOSPC, EROFS, ENOSYS, EBADR, ECANCELED})
    void shouldAcknowledgeOnlyWhatIsDurableWhateverFailsOnce(final int errno) throws InterruptedException {
        long calls;
        int n = 0;
        long overlapped = 0;
        do {
            n++;
            final SyncsInFlightSweepTest fresh = new SyncsInFlightSweepTest();
            fresh.kernel.plan().failNthOfAll(n, errno);
            final String what = "errno " + errno + ", call " + n;
            final AppendStatistics statistics = fresh.run(Duration.ofSeconds(10), PATIENCE);
            if (statistics != null) {
                fresh.check(statistics, what);
                assertEquals(EVENTS, statistics.written(), what + ": " + statistics);
                overlapped = statistics.overlappedSyncs();
            }
            fresh.kernel.assertNothingLeaked();
            calls = fresh.kernel.calls();
        } while (calls >= n);
        assertTrue(n > EVENTS, "the sweep ended early, at " + n);
        assertTrue(overlapped > 0, "no sync was in flight where nothing failed");
    }

    @ParameterizedTest
    @ValueSource(ints = {EIO, EBADF, ENOSPC, EBADR, ECANCELED})
    void shouldAcknowledgeOnlyWhatIsDurableWhereItFailsForEver(final int errno) throws InterruptedException {
        for (int n = 16; n < 60; n += 3) {
            final SyncsInFlightSweepTest fresh = new SyncsInFlightSweepTest();
            fresh.longEvery = EVENTS - 3; // One: the ring takes all events, whatever becomes of them.
            fresh.kernel.plan().failFromNthOfAll(n, errno);
            final AppendStatistics statistics = fresh.run(Duration.ofMillis(50), Duration.ofMillis(5));
            if (statistics != null) {
                fresh.check(statistics, "errno " + errno + " from call " + n);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"IO_URING_ENTER", "SQE_FSYNC", "PPOLL", "READ"})
    void shouldLoseNothingWhereTheRingFailsForEver(final Call call) throws InterruptedException {
        for (int n = 2; n < 8; n++) {
            final SyncsInFlightSweepTest fresh = new SyncsInFlightSweepTest();
            fresh.kernel.plan().failFrom(call, n, ECANCELED);
            final AppendStatistics statistics = fresh.run(Duration.ofSeconds(10), PATIENCE);
            fresh.check(statistics, call + " from " + n);
            assertEquals(EVENTS, statistics.written());
            assertEquals(statistics.bytes(), statistics.durablePosition());
            assertEquals(0, statistics.failedSyncs());
            fresh.kernel.assertNothingLeaked();
        }
    }

    @Test
    void shouldAcknowledgeOnlyWhatIsDurableWhenFaultsComeByChance() throws InterruptedException {
        final Random seeds = new Random();
        for (int i = 0; i < 40; i++) {
            final long seed = seeds.nextLong();
            final SyncsInFlightSweepTest fresh = new SyncsInFlightSweepTest();
            fresh.kernel
                    .plan()
                    .failRandomly(seed, Call.WRITEV, 0.1, EINTR, ENOSPC)
                    .failRandomly(seed, Call.SQE_FSYNC, 0.1, EIO, ENOSPC, ECANCELED)
                    .failRandomly(seed, Call.FDATASYNC, 0.05, EINTR, EIO)
                    .failRandomly(seed, Call.PPOLL, 0.1, EINTR)
                    .failRandomly(seed, Call.IO_URING_ENTER, 0.1, EINTR, EAGAIN, EBUSY);
            final AppendStatistics statistics = fresh.run(Duration.ofSeconds(10), PATIENCE);
            if (statistics != null) {
                fresh.check(statistics, fresh.kernel.plan().toString());
            }
        }
    }
}
