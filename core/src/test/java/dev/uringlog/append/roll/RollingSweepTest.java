package dev.uringlog.append.roll;

import static dev.uringlog.append.Hooks.withLookInterval;
import static dev.uringlog.sys.LinuxErrno.EACCES;
import static dev.uringlog.sys.LinuxErrno.EAGAIN;
import static dev.uringlog.sys.LinuxErrno.EBADF;
import static dev.uringlog.sys.LinuxErrno.ECANCELED;
import static dev.uringlog.sys.LinuxErrno.EINTR;
import static dev.uringlog.sys.LinuxErrno.EINVAL;
import static dev.uringlog.sys.LinuxErrno.EIO;
import static dev.uringlog.sys.LinuxErrno.EMFILE;
import static dev.uringlog.sys.LinuxErrno.ENOENT;
import static dev.uringlog.sys.LinuxErrno.ENOSPC;
import static dev.uringlog.sys.LinuxErrno.EROFS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.uringlog.append.AppendLog;
import dev.uringlog.append.AppendStatistics;
import dev.uringlog.append.Durability;
import dev.uringlog.append.FakeDisk;
import dev.uringlog.append.NumberingRoller;
import dev.uringlog.sys.Call;
import dev.uringlog.sys.FakeKernel;
import dev.uringlog.write.Strategy;
import java.io.IOException;
import java.io.UncheckedIOException;
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
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A log that rolls every three events, on a kernel that fails at its n-th call, for every n: accepted = written + failed, and
 * each event that was written is in one file, whole, in order.
 */
@Timeout(120)
class RollingSweepTest {
    private static final int EVENTS = 10;

    private final FakeDisk disk = new FakeDisk();
    private final FakeKernel kernel = disk.kernel;

    /** What became of it; null if the log could not even be opened. */
    private AppendStatistics run(final Strategy strategy, final Durability durability, final Duration shutdownTimeout) {
        final int[] count = new int[1];
        final NumberingRoller roller =
                new NumberingRoller((time, length, size) -> count[0]++ % 3 == 2, this::rename).framed();
        final AppendLog log;
        try {
            log = disk.builder(strategy)
                    .ringSize(4096)
                    .maxDelay(Duration.ZERO)
                    .durability(durability)
                    .shutdownTimeout(shutdownTimeout)
                    .roller(roller)
                    .open();
        } catch (final IOException e) {
            return null;
        }
        for (int i = 0; i < EVENTS; i++) {
            try {
                log.append(("event " + i + "\n").getBytes(StandardCharsets.US_ASCII));
                if (durability == Durability.DISK) {
                    assertTrue(isDurable("event " + i + "\n"), "event " + i + " returned, and is not durable");
                }
                log.flush(Duration.ofMillis(200));
            } catch (final IOException | UncheckedIOException e) {
                continue; // The waiting caller gets an error and continues.
            }
        }
        log.close();
        return log.statistics();
    }

    private void rename(final Path from, final Path to) throws IOException {
        final int result = kernel.rename(from.toString(), to.toString());
        if (result < 0) {
            throw new IOException("rename: errno " + -result);
        }
    }

    private boolean isDurable(final String event) {
        return kernel.names().stream()
                .filter(name -> name.startsWith(FakeDisk.PATH))
                .anyMatch(name -> {
                    final int at = kernel.file(name).text().indexOf(event);
                    return at >= 0
                            && at + event.length() <= kernel.file(name).syncedSize()
                            && kernel.file(name).isNameSynced();
                });
    }

    /** In the order in which they were written; suspect ones left out, for what they hold is in others as well. */
    private List<String> files() {
        final List<String> files = new ArrayList<>();
        for (int i = 1; kernel.exists(FakeDisk.PATH + "." + i); i++) {
            files.add(FakeDisk.PATH + "." + i);
        }
        if (kernel.exists(FakeDisk.PATH)) {
            files.add(FakeDisk.PATH);
        }
        return files;
    }

    private void check(final AppendStatistics statistics, final boolean isOnce, final String what) {
        assertEquals(EVENTS, statistics.accepted(), what);
        assertEquals(statistics.accepted(), statistics.written() + statistics.failed(), what);
        int last = -1;
        int count = 0;
        for (final String file : files()) {
            final String text = kernel.file(file).text();
            assertTrue(text.isEmpty() || text.endsWith("\n"), what + ": torn at the end of " + file);
            for (final String line : text.split("\n")) {
                if (!line.isEmpty() && !line.equals("<") && !line.equals(">")) {
                    assertTrue(line.startsWith("event "), what + ": " + line);
                    final int index = Integer.parseInt(line.substring(6));
                    assertTrue(index > last, what + ": " + index + " after others");
                    last = index;
                    count++;
                }
            }
        }
        if (isOnce) {
            assertEquals(statistics.written(), count, what);
        }
    }

    private void sweep(final int errno, final Durability durability) {
        for (final Strategy strategy : List.of(Strategy.WRITEV, Strategy.IOURING)) {
            long calls;
            int n = 0;
            do {
                n++;
                final RollingSweepTest fresh = new RollingSweepTest();
                fresh.kernel.plan().failNthOfAll(n, errno);
                final String what = strategy.label() + ", " + durability + ", errno " + errno + ", call " + n;
                final AppendStatistics statistics = fresh.run(strategy, durability, Duration.ofSeconds(10));
                if (statistics != null) {
                    fresh.check(statistics, fresh.disk.suspect() == null, what);
                    if (durability == Durability.MEMORY) {
                        assertEquals(EVENTS, statistics.written(), what + ": " + statistics);
                    }
                }
                fresh.kernel.assertNothingLeaked();
                calls = fresh.kernel.calls();
            } while (calls >= n);
            assertTrue(n > EVENTS, "the sweep ended early, at " + n);
        }
    }

    @ParameterizedTest
    // ENOENT, EBADF, EINVAL, EMFILE, ENOSPC, ECANCELED
    @ValueSource(ints = {ENOENT, EBADF, EINVAL, EMFILE, ENOSPC, ECANCELED})
    void shouldLoseNothingWhateverFailsOnce(final int errno) {
        sweep(errno, Durability.MEMORY);
    }

    @ParameterizedTest
    @ValueSource(ints = {EIO, EBADF, ENOSPC})
    void shouldAcknowledgeAtDiskOnlyWhatIsDurableWhateverFailsOnce(final int errno) {
        sweep(errno, Durability.DISK);
    }

    /** As an appender's durableLevel does, or as one who decides only after the append. */
    private void runDurably(final Durability durability, final boolean isExpected) throws IOException {
        final int[] count = new int[1];
        final NumberingRoller roller =
                new NumberingRoller((time, length, size) -> count[0]++ % 3 == 2, this::rename).framed();
        try (AppendLog log = withLookInterval(
                        disk.builder(Strategy.WRITEV).maxDelay(Duration.ZERO).durability(durability),
                        Duration.ofNanos(1))
                .roller(roller)
                .open()) {
            for (int i = 0; i < EVENTS; i++) {
                try {
                    if (isExpected) {
                        log.expectDurable();
                    }
                    final long position = log.append(FakeDisk.ascii("event " + i + "\n"));
                    turn(log, i);
                    if (i % 4 == 3) {
                        log.awaitDurable(position);
                        assertTrue(isDurable("event " + i + "\n"), "event " + i + " is acknowledged, and not durable");
                    }
                } catch (final IOException | UncheckedIOException e) {
                    continue; // The waiting caller gets an error and continues.
                }
            }
        }
    }

    /** Events 3 and 7 are waited for: by then their files are left, one by a roll and one that others renamed. */
    private void turn(final AppendLog log, final int event) throws IOException {
        if (event == 3) {
            log.roll();
        } else if (event == 7) {
            log.flush();
            kernel.rename(FakeDisk.PATH, FakeDisk.PATH + ".moved");
            final int made = kernel.open(FakeDisk.PATH, FakeKernel.OPEN_FLAGS.create(), 0600);
            if (made >= 0) {
                kernel.close(made);
            }
            log.reopen();
        }
    }

    @ParameterizedTest
    @CsvSource({"MEMORY, true", "MEMORY, false", "KERNEL, true", "KERNEL, false"})
    void shouldAcknowledgeOnlyWhatIsDurableWhicheverFileItIsInAndWhateverFailsOnce(
            final Durability durability, final boolean isExpected) throws IOException {
        for (final int errno : new int[] {EIO, EBADF, ENOSPC}) {
            long calls;
            int n = 0;
            do {
                n++;
                final RollingSweepTest fresh = new RollingSweepTest();
                fresh.kernel.plan().failNthOfAll(n, errno);
                try {
                    fresh.runDurably(durability, isExpected);
                } catch (final IOException e) {
                    continue; // It could not even be opened.
                } finally {
                    calls = fresh.kernel.calls();
                }
                fresh.kernel.assertNothingLeaked();
            } while (calls >= n);
            assertTrue(n > EVENTS, "the sweep ended early, at " + n);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {EBADF, ENOSPC})
    void shouldCountWhatIsLostWhenItFailsForEver(final int errno) {
        for (final Strategy strategy : List.of(Strategy.WRITEV, Strategy.IOURING)) {
            for (int n = 6; n < 40; n += 3) {
                final RollingSweepTest fresh = new RollingSweepTest();
                fresh.kernel.plan().failFromNthOfAll(n, errno);
                final AppendStatistics statistics = fresh.run(strategy, Durability.MEMORY, Duration.ofMillis(50));
                if (statistics != null) {
                    fresh.check(statistics, true, strategy.label() + ", errno " + errno + " from call " + n);
                }
            }
        }
    }

    @Test
    void shouldKeepEveryByteWhenFaultsComeByChance() {
        final Random seeds = new Random();
        for (int i = 0; i < 30; i++) {
            final long seed = seeds.nextLong();
            final RollingSweepTest fresh = new RollingSweepTest();
            fresh.kernel
                    .plan()
                    .failRandomly(seed, Call.WRITEV, 0.2, EINTR, EIO, ENOSPC)
                    .failRandomly(seed, Call.SQE_WRITEV, 0.2, EINTR, EIO, EAGAIN, ENOSPC)
                    .failRandomly(seed, Call.OPEN, 0.2, ENOENT, EINTR, EACCES, EMFILE)
                    .failRandomly(seed, Call.RENAME, 0.2, ENOENT, EACCES, EROFS)
                    .failRandomly(seed, Call.FSTAT, 0.1, EIO)
                    .shortWriteAt(3);
            final Strategy strategy = i % 2 == 0 ? Strategy.WRITEV : Strategy.IOURING;
            final AppendStatistics statistics = fresh.run(strategy, Durability.MEMORY, Duration.ofSeconds(10));
            if (statistics != null) {
                fresh.check(statistics, true, fresh.kernel.plan().toString());
                assertEquals(EVENTS, statistics.written(), fresh.kernel.plan().toString());
            }
        }
    }
}
