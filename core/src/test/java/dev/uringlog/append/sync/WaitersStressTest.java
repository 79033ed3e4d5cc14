package dev.uringlog.append.sync;

import static dev.uringlog.append.FakeDisk.ascii;
import static dev.uringlog.sys.LinuxErrno.EAGAIN;
import static dev.uringlog.sys.LinuxErrno.EBADF;
import static dev.uringlog.sys.LinuxErrno.EBUSY;
import static dev.uringlog.sys.LinuxErrno.EINTR;
import static dev.uringlog.sys.LinuxErrno.EIO;
import static dev.uringlog.sys.LinuxErrno.ENOSPC;
import static dev.uringlog.sys.LinuxErrno.EROFS;
import static dev.uringlog.sys.LinuxErrno.ETIME;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import dev.uringlog.append.AppendLog;
import dev.uringlog.append.AppendLogBuilder;
import dev.uringlog.append.AppendStatistics;
import dev.uringlog.append.Durability;
import dev.uringlog.append.FakeDisk;
import dev.uringlog.append.Heard;
import dev.uringlog.append.LogClosedException;
import dev.uringlog.append.OverflowPolicy;
import dev.uringlog.sys.Call;
import dev.uringlog.write.Strategy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Callers of every kind on one log, that fails, is interrupted and is closed under them: each comes back. What a round is
 * made of comes from its seed, its interleaving does not. {@code -Dstress.seconds} says how long, {@code -Dstress.seed}
 * begins at a printed one.
 */
@Timeout(value = 2, unit = TimeUnit.HOURS)
class WaitersStressTest {
    private static final long SECONDS = Long.getLong("stress.seconds", 4);
    private static final long FIRST_SEED = Long.getLong("stress.seed", System.nanoTime());

    /** Far more than any of these takes, and than the timeouts in them. */
    private static final long ROUND_LIMIT_NS = TimeUnit.SECONDS.toNanos(40);

    private static final boolean HAS_VIRTUAL = Runtime.version().feature() >= 21;

    @TempDir
    Path directory;

    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();

    @Test
    void shouldLetEveryCallerComeBack() throws Exception {
        final long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        long seed = FIRST_SEED;
        int rounds = 0;
        for (; System.nanoTime() < end; seed++) {
            round(seed);
            rounds++;
        }
        System.out.println(rounds + " rounds, -Dstress.seed=" + FIRST_SEED);
    }

    private void round(final long seed) throws Exception {
        final Random random = new Random(seed);
        final FakeDisk disk = new FakeDisk();
        final boolean isFake = random.nextInt(3) > 0;
        final AppendLogBuilder builder =
                isFake ? disk.builder(plan(disk, seed, random)) : AppendLog.builder(directory.resolve("log"));
        builder.listener(new Heard())
                .durability(Durability.values()[random.nextInt(3)])
                .ringSize(4096 << random.nextInt(4))
                .maxDelay(Duration.ofNanos(random.nextInt(2) * 1_000_000L))
                .shutdownTimeout(Duration.ofSeconds(2));
        if (random.nextInt(3) == 0) {
            builder.syncInterval(Duration.ofNanos(random.nextInt(2) * 500_000L));
        }
        final AppendLog log;
        try {
            log = builder.open();
        } catch (final IOException e) {
            return; // The faults begin at open.
        }
        final List<Thread> threads = new ArrayList<>();
        final boolean isVirtual = HAS_VIRTUAL && !isFake && random.nextBoolean();
        final int callers = 1 + random.nextInt(isVirtual ? 50 : 10);
        for (int i = 0; i < callers; i++) {
            final long callerSeed = random.nextLong();
            threads.add(start(isVirtual, () -> call(log, new Random(callerSeed))));
        }
        if (random.nextBoolean()) {
            final long moment = random.nextInt(20_000_000);
            for (int i = 0; i < 2; i++) {
                threads.add(start(false, () -> {
                    java.util.concurrent.locks.LockSupport.parkNanos(moment);
                    log.close();
                }));
            }
        }
        joinAll(threads, seed);
        final Thread closer = start(false, log::close);
        joinAll(List.of(closer), seed);
        assertEquals(List.of(), List.copyOf(failures), "-Dstress.seed=" + seed);
        final AppendStatistics s = log.statistics();
        assertEquals(s.accepted(), s.written() + s.failed(), () -> "-Dstress.seed=" + seed + ": " + s);
    }

    /** Everything that a log mends by itself, each once in a while. */
    private static Strategy plan(final FakeDisk disk, final long seed, final Random random) {
        final double probability = random.nextInt(3) * 0.02;
        if (probability > 0) {
            disk.kernel
                    .plan()
                    .failRandomly(seed, Call.WRITEV, probability, EINTR, EIO, EBADF, ENOSPC)
                    .failRandomly(seed, Call.SQE_WRITEV, probability, EINTR, EIO, EBADF, EAGAIN, ENOSPC)
                    .failRandomly(seed, Call.IO_URING_ENTER, probability, EINTR, EAGAIN, EBUSY, ETIME)
                    .failRandomly(seed, Call.FDATASYNC, probability / 4, EIO, ENOSPC)
                    .failRandomly(seed, Call.SQE_FSYNC, probability / 4, EIO, ENOSPC)
                    .failRandomly(seed, Call.FSYNC, probability, EIO)
                    .failRandomly(seed, Call.RENAME, probability, EROFS);
        }
        return random.nextBoolean() ? Strategy.WRITEV : Strategy.IOURING;
    }

    private Thread start(final boolean isVirtual, final Runnable work) throws ReflectiveOperationException {
        final Runnable watched = () -> {
            try {
                work.run();
            } catch (final Throwable e) {
                failures.add(e);
            }
        };
        if (isVirtual) {
            return (Thread)
                    Thread.class.getMethod("startVirtualThread", Runnable.class).invoke(null, watched);
        }
        final Thread thread = new Thread(watched, "caller");
        thread.start();
        return thread;
    }

    private static void call(final AppendLog log, final Random random) {
        final byte[] event = ascii("x".repeat(1 + random.nextInt(300)) + "\n");
        final int calls = 20 + random.nextInt(200);
        for (int i = 0; i < calls; i++) {
            try {
                one(log, event, random);
            } catch (final LogClosedException e) {
                return;
            } catch (final IOException | UncheckedIOException e) {
                continue; // Planned, or closed under a waiting caller.
            } catch (final InterruptedException e) {
                continue;
            }
            if (random.nextInt(4) > 0) {
                Thread.interrupted();
            }
        }
    }

    private static void one(final AppendLog log, final byte[] event, final Random random)
            throws IOException, InterruptedException {
        if (random.nextInt(20) == 0) {
            Thread.currentThread().interrupt();
        }
        final OverflowPolicy whenFull = random.nextInt(5) == 0 ? OverflowPolicy.DISCARD : OverflowPolicy.BLOCK;
        final int kind = random.nextInt(10);
        if (kind < 4) {
            log.append(event, 0, event.length, whenFull);
            return;
        }
        final long position = log.enqueue(event, 0, event.length, whenFull);
        final Duration timeout = Duration.ofNanos(random.nextInt(2_000_000));
        switch (kind) {
            case 4 -> log.awaitWritten(position);
            case 5 -> log.awaitDurable(position);
            case 6 -> log.awaitWritten(position, timeout);
            case 7 -> log.awaitDurable(position, timeout);
            case 8 -> log.flush(timeout);
            default -> log.sync();
        }
    }

    private static void joinAll(final List<Thread> threads, final long seed) throws InterruptedException {
        final long deadline = System.nanoTime() + ROUND_LIMIT_NS;
        for (final Thread thread : threads) {
            thread.join(Math.max(1, (deadline - System.nanoTime()) / 1_000_000));
            if (thread.isAlive()) {
                fail("-Dstress.seed=" + seed + " hangs:\n" + stacks());
            }
        }
    }

    private static String stacks() {
        return Thread.getAllStackTraces().entrySet().stream()
                .map(WaitersStressTest::stack)
                .collect(Collectors.joining("\n"));
    }

    private static String stack(final Map.Entry<Thread, StackTraceElement[]> of) {
        return of.getKey() + " " + of.getKey().getState() + "\n  "
                + Arrays.stream(of.getValue()).map(String::valueOf).collect(Collectors.joining("\n  "));
    }
}
