package dev.uringlog.examples.quickstart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.uringlog.write.VectoredWriter;
import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Four threads log, SIGTERM comes at a random moment, and every event whose call had returned is in the file, once, in
 * its thread's order. {@code -Dkill.rounds} says how often, {@code -Dkill.seed} repeats a printed run's moments.
 */
@Timeout(600)
class SigtermTest {
    private static final int THREADS = 4;
    private static final int EVENTS_PER_THREAD = 50_000;
    private static final int SIGTERM_EXIT = 128 + 15;
    private static final int ROUNDS = Integer.getInteger("kill.rounds", 3);
    private static final long SEED = Long.getLong("kill.seed", System.nanoTime());

    /** Most of a child's life is the JVM's start. */
    private static final int AT_A_TIME = 3;

    private final Workload workload = new Workload();

    @TempDir
    private Path dir;

    @ParameterizedTest
    @ValueSource(strings = {"log4j2", "logback"})
    void shouldHaveWrittenEveryEventWhoseCallHadReturned(final String label) throws Exception {
        Assumptions.assumeFalse(System.getProperty("os.name").startsWith("Windows"), "Windows has no SIGTERM");
        System.out.println(label + ": " + ROUNDS + " rounds, -Dkill.seed=" + SEED);
        final Random random = new Random(SEED);
        final ExecutorService executor = Executors.newFixedThreadPool(AT_A_TIME);
        try {
            final List<Future<?>> rounds = new ArrayList<>();
            for (int round = 0; round < ROUNDS; round++) {
                final boolean isIoUring = round % 2 == 1 && VectoredWriter.isIoUringSupported();
                final long moment = random.nextInt(1, THREADS * EVENTS_PER_THREAD);
                final Path own = Files.createDirectory(dir.resolve("round-" + round));
                rounds.add(executor.submit(() -> {
                    killAndCheck(label, isIoUring ? "iouring" : "auto", moment, own);
                    return null;
                }));
            }
            for (final Future<?> round : rounds) {
                round.get();
            }
        } finally {
            executor.shutdownNow();
        }
    }

    private void killAndCheck(final String label, final String strategy, final long moment, final Path own)
            throws Exception {
        final Framework framework = label.equals("log4j2") ? new Log4jFramework() : new LogbackFramework();
        final Path file = framework.file(own);
        final Path counterFile = own.resolve("counters");
        final MappedByteBuffer counters = KillTarget.counters(counterFile, THREADS);
        final Jvm jvm = new Jvm(KillTarget.class, own)
                .option("-XX:TieredStopAtLevel=1")
                .option("-XX:+UseSerialGC")
                .with("dir", own)
                .with("strategy", strategy)
                .argument(label)
                .argument(counterFile)
                .argument(THREADS)
                .argument(EVENTS_PER_THREAD);
        killAt(moment, counters, jvm);

        final Checker.Verdict verdict = Checker.check(file, workload, framework, THREADS);
        final String where = label + " " + strategy + ", killed at " + moment + ", -Dkill.seed=" + SEED + ": ";
        // A call that had not returned may have left the beginning of its event, and that only at the end.
        assertTrue(verdict.problem() == null || verdict.isTorn(), where + verdict.problem());
        for (int i = 0; i < THREADS; i++) {
            final long returned = KillTarget.returned(counters, i);
            final long written = verdict.perThread()[i];
            assertTrue(written >= returned, where + Workload.threadName(i) + " " + written + " of " + returned);
        }
        Files.delete(file);
    }

    private static void killAt(final long moment, final MappedByteBuffer counters, final Jvm jvm)
            throws IOException, InterruptedException {
        final Process process = jvm.start();
        try {
            KillTarget.awaitReturned(counters, THREADS, moment, process, jvm);
            process.destroy();
            assertTrue(process.waitFor(60, TimeUnit.SECONDS), () -> "SIGTERM does not end it: " + jvm.outputOrWhy());
            assertEquals(SIGTERM_EXIT, process.exitValue(), jvm::outputOrWhy);
        } finally {
            process.destroyForcibly();
        }
    }
}
