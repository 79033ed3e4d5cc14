package dev.uringlog.examples.quickstart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Four threads log, kill -9 comes at a random moment. At KERNEL and DISK every event whose call had returned is in the
 * file; at each durability what is there is whole, once, in its thread's order and without a gap, but for one record at
 * most that the file ends in.
 *
 * <p>Each durability, strategy and framework, on each file system there is, in turns. {@code -Dcrash.kills} says how many
 * in all, {@code -Dcrash.seed} repeats a printed run's moments. A thread notes each returned call in a mapped file, which
 * is the kernel's and outlives it.
 */
class CrashTest {
    private static final int KILLS = Integer.getInteger("crash.kills", 24);
    private static final long SEED = Long.getLong("crash.seed", System.nanoTime());
    private static final int THREADS = 4;
    private static final int EVENTS_PER_THREAD = 200_000;

    /** Most of a child's life is the JVM's start, and that waits for files too. */
    private static final int AT_A_TIME = 3;

    private static final int SIGKILL_EXIT = 128 + 9;

    private final Workload workload = new Workload();

    @TempDir
    private Path temporary;

    /** How much is logged before the last possible moment: some tenths of a second. */
    private enum Mode {
        MEMORY(60_000),
        KERNEL(20_000),
        DISK(1_500);

        private final int eventsMax;

        Mode(final int eventsMax) {
            this.eventsMax = eventsMax;
        }
    }

    private record Kill(Mode mode, String strategy, String framework, Path root, int moment, long delayNanos) {}

    private static List<Path> roots() {
        return Stream.of("EXT4", "XFS")
                .map(name -> System.getenv("URINGLOG_TEST_" + name))
                .filter(root -> root != null)
                .map(Path::of)
                .toList();
    }

    @Test
    @Timeout(value = 2, unit = TimeUnit.HOURS)
    void shouldKeepWhatItPromisedWhateverTheMomentOfAKill() throws Exception {
        System.out.println(KILLS + " kills, -Dcrash.seed=" + SEED);
        final ExecutorService executor = Executors.newFixedThreadPool(AT_A_TIME);
        try {
            final List<Future<?>> kills = new ArrayList<>();
            for (final Kill kill : plan()) {
                kills.add(executor.submit(() -> {
                    killAndCheck(kill);
                    return null;
                }));
            }
            for (final Future<?> kill : kills) {
                kill.get();
            }
        } finally {
            executor.shutdownNow();
        }
    }

    private List<Kill> plan() {
        final List<Path> roots = roots().isEmpty() ? List.of(temporary) : roots();
        final Random random = new Random(SEED);
        final List<Kill> kills = new ArrayList<>();
        while (kills.size() < KILLS) {
            final List<Kill> round = new ArrayList<>();
            for (final Mode mode : Mode.values()) {
                for (final String strategy : Needs.strategies()) {
                    for (final String framework : List.of("log4j2", "logback")) {
                        for (final Path root : roots) {
                            final int moment = random.nextInt(1, mode.eventsMax); // At 0 there may be no file yet.
                            final long delay = random.nextInt(2_000_000);
                            round.add(new Kill(mode, strategy, framework, root, moment, delay));
                        }
                    }
                }
            }
            Collections.shuffle(round, random);
            kills.addAll(round);
        }
        return kills.subList(0, KILLS);
    }

    private void killAndCheck(final Kill kill) throws IOException, InterruptedException {
        final Path dir = Files.createTempDirectory(kill.root, "crash");
        final Path counterFile = dir.resolve("counters");
        final MappedByteBuffer counters = KillTarget.counters(counterFile, THREADS);
        final Jvm jvm = new Jvm(KillTarget.class, dir)
                .option("-XX:TieredStopAtLevel=1")
                .option("-XX:+UseSerialGC")
                .with("log4j2.configurationFile", "classpath:log4j2-crash.xml")
                .with("logback.configurationFile", "logback-crash.xml")
                .with("dir", dir)
                .with("strategy", kill.strategy)
                .with("durability", kill.mode)
                .argument(kill.framework)
                .argument(counterFile)
                .argument(THREADS)
                .argument(EVENTS_PER_THREAD);
        final Process process = jvm.start();
        try {
            KillTarget.awaitReturned(counters, THREADS, kill.moment, process, jvm);
            LockSupport.parkNanos(kill.delayNanos);
        } finally {
            process.destroyForcibly();
        }
        assertTrue(process.waitFor(60, TimeUnit.SECONDS), "SIGKILL does not end it");
        assertEquals(SIGKILL_EXIT, process.exitValue(), jvm::outputOrWhy);
        check(kill, dir, counters, jvm);
        delete(dir);
    }

    private void check(final Kill kill, final Path dir, final MappedByteBuffer counters, final Jvm jvm)
            throws IOException {
        final Framework framework = kill.framework.equals("log4j2") ? new Log4jFramework() : new LogbackFramework();
        final String where = kill + ", -Dcrash.seed=" + SEED + ": ";
        assertTrue(Files.exists(framework.file(dir)), () -> where + "no file: " + jvm.outputOrWhy());
        final Checker.Verdict verdict = Checker.check(framework.file(dir), workload, framework, THREADS);
        assertTrue(verdict.problem() == null || verdict.isTorn(), where + verdict.problem());
        for (int i = 0; i < THREADS && kill.mode != Mode.MEMORY; i++) {
            final long returned = KillTarget.returned(counters, i);
            final long written = verdict.perThread()[i];
            assertTrue(written >= returned, where + Workload.threadName(i) + " " + written + " of " + returned);
        }
    }

    private static void delete(final Path dir) throws IOException {
        try (Stream<Path> files = Files.list(dir)) {
            for (final Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(dir);
    }
}
