package dev.uringlog.append;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.uringlog.testing.ChildJvm;
import dev.uringlog.testing.Host;
import dev.uringlog.write.Strategy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a log takes of the machine, by the kernel's own account. */
@Timeout(60)
class FootprintTest {
    private static final Path TASKS = Path.of("/proc/self/task");

    @TempDir
    Path directory;

    /** Prints by how many bytes a log makes the process grow. */
    static final class Grows {
        private static final int LOGS = 8;
        private static final byte[] EVENT = new byte[1000];

        private Grows() {}

        public static void main(final String[] directory) throws IOException {
            fill(Path.of(directory[0], "first.log")); // Classes and compiled code are every log's.
            final long before = resident();
            for (int i = 0; i < LOGS; i++) {
                fill(Path.of(directory[0], i + ".log"));
            }
            System.out.println((resident() - before) / LOGS);
        }

        /** Every page of the ring is touched; the log stays open. */
        private static void fill(final Path path) throws IOException {
            final AppendLog log = AppendLog.builder(path).listener(new Heard()).open();
            for (long bytes = 0; bytes < 12 << 20; bytes += EVENT.length) {
                log.append(EVENT);
            }
            log.flush();
        }

        private static long resident() throws IOException {
            return number(Path.of("/proc/self/status"), "VmRSS:") << 10;
        }
    }

    @Test
    void shouldTakeLessThanEightMebibytesALogItsRingIncluded() throws Exception {
        requireProc();

        final ChildJvm.Outcome outcome = ChildJvm.run(
                ":",
                List.of(
                        "--enable-native-access=ALL-UNNAMED",
                        "-XX:+UseSerialGC",
                        "-Xms64m",
                        "-Xmx64m",
                        "-XX:+AlwaysPreTouch"),
                Grows.class,
                directory.toString());

        assertEquals(0, outcome.exitCode(), outcome.output());
        final long bytes = Long.parseLong(outcome.output().strip());
        assertTrue(4 << 20 < bytes && bytes < 8 << 20, () -> bytes + " bytes a log");
    }

    @ParameterizedTest
    @EnumSource
    void shouldNotWakeUpWhileNothingIsLogged(final Strategy strategy) throws Exception {
        requireProc();
        if (strategy == Strategy.IOURING) {
            Host.requireIoUring();
        }
        final String name = "idle-" + strategy.label();
        try (AppendLog log = AppendLog.builder(directory.resolve("idle.log"))
                .listener(new Heard())
                .strategy(strategy)
                .threadFactory(work -> new Thread(work, name))
                .open()) {
            log.append(new byte[] {'\n'});
            log.flush();

            // It names itself, some time after it was started.
            await().atMost(20, SECONDS).until(() -> threadOf(name).isPresent());
            final Path thread = threadOf(name).orElseThrow();
            final AtomicLong seen = new AtomicLong(-1);
            await().during(Duration.ofSeconds(1)).atMost(20, SECONDS).until(() -> {
                final long switches = switchesOf(thread);
                return seen.getAndSet(switches) == switches;
            });

            log.append(new byte[] {'\n'});
            await().atMost(20, SECONDS).until(() -> log.statistics().written() == 2);
            assertTrue(switchesOf(thread) > seen.get(), "another thread was watched");
        }
    }

    private static void requireProc() {
        Host.require("proc", Files.isDirectory(TASKS), "no " + TASKS);
    }

    private static Optional<Path> threadOf(final String name) throws IOException {
        try (Stream<Path> tasks = Files.list(TASKS)) {
            return tasks.filter(task -> isCalled(task, name)).findFirst();
        }
    }

    private static boolean isCalled(final Path task, final String name) {
        try {
            return Files.readString(task.resolve("comm")).strip().equals(name);
        } catch (final IOException e) {
            return false; // A thread that has ended.
        }
    }

    /** How often it has gone to sleep. */
    private static long switchesOf(final Path thread) throws IOException {
        return number(thread.resolve("status"), "voluntary_ctxt_switches:");
    }

    private static long number(final Path file, final String label) throws IOException {
        for (final String line : Files.readAllLines(file)) {
            if (line.startsWith(label)) {
                return Long.parseLong(line.replaceAll("\\D", ""));
            }
        }
        throw new AssertionError("no " + label + " in " + file);
    }
}
