package dev.uringlog.append;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.uringlog.testing.ChildJvm;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * Round after round of faults of every kind, in a JVM with little memory, and in the end nothing is lost, doubled or
 * leaked. {@code -Dsoak.seconds} says how long, {@code -Dsoak.seed} repeats the choices of a run that was printed:
 *
 * <pre>
 *   mvn -pl core test -Dtest=SoakTest -Dsoak.seconds=1800 -Dtest.module.seconds=3600
 * </pre>
 */
@Timeout(value = 2, unit = TimeUnit.HOURS)
@EnabledOnOs(OS.LINUX)
class SoakTest {
    private static final long SECONDS = Long.getLong("soak.seconds", 5);
    private static final long SEED = Long.getLong("soak.seed", System.nanoTime());

    @TempDir
    Path directory;

    @Test
    void shouldAccountForEveryLineAndLeakNothing() throws Exception {
        System.out.println("soak: " + SECONDS + " s, -Dsoak.seed=" + SEED);
        final ChildJvm.Outcome outcome = ChildJvm.runWithin(
                Duration.ofSeconds(SECONDS + 120),
                List.of("-Xmx96m", "-XX:MaxDirectMemorySize=96m", "-Djava.util.logging.config.file=/dev/null"),
                Rounds.class,
                directory.resolve("soak").toString(),
                Long.toString(SECONDS),
                Long.toString(SEED));
        final List<String> lines = outcome.output().lines().toList();
        System.out.println("soak: " + lines.get(lines.size() - 1));
        assertEquals(0, outcome.exitCode(), outcome.output());
        assertTrue(outcome.output().contains("nothing leaked"), outcome.output());
    }

    /** Rounds until the time is over. The first few make the JVM what it then must stay. */
    static final class Rounds {
        private static final int WARM_UP = 3;

        private static final int SETTLING_TRIES = 20;

        private Rounds() {}

        public static void main(final String[] arguments) throws Exception {
            final Path directory = Path.of(arguments[0]);
            final long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(Long.parseLong(arguments[1]));
            final Random seeds = new Random(Long.parseLong(arguments[2]));
            Held before = null;
            int rounds = 0;
            for (; rounds <= WARM_UP || System.nanoTime() < end; rounds++) {
                System.out.println(Soak.round(seeds.nextLong(), directory));
                if (rounds == WARM_UP) {
                    before = Held.now();
                }
            }
            Held after = Held.now();
            // One of the JVM's threads frees unreachable objects a moment after it finds them.
            for (int tries = 0; tries < SETTLING_TRIES && !after.isNoMoreThan(before); tries++) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
                after = Held.now();
            }
            System.out.println(rounds + " rounds; held before " + before + ", after " + after
                    + (after.isNoMoreThan(before) ? ": nothing leaked" : ""));
        }
    }

    /** What a process holds when no log is open. */
    private record Held(long descriptors, int threads, long directBytes, long heapBytes, long rings) {
        private static final long SLACK_BYTES = 8 << 20;
        private static final int SLACK_THREADS = 2;

        static Held now() throws IOException {
            System.gc(); // A ring's memory goes with its log.
            final long direct = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                    .filter(pool -> pool.getName().equals("direct"))
                    .mapToLong(BufferPoolMXBean::getMemoryUsed)
                    .sum();
            final long heap =
                    ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
            try (var descriptors = Files.list(Path.of("/proc/self/fd"));
                    var maps = Files.lines(Path.of("/proc/self/maps"))) {
                return new Held(
                        descriptors.count(),
                        ManagementFactory.getThreadMXBean().getThreadCount(),
                        direct,
                        heap,
                        maps.filter(map -> map.contains("io_uring")).count());
            }
        }

        boolean isNoMoreThan(final Held before) {
            return descriptors <= before.descriptors
                    && rings <= before.rings
                    && threads <= before.threads + SLACK_THREADS
                    && directBytes <= before.directBytes + SLACK_BYTES
                    && heapBytes <= before.heapBytes + SLACK_BYTES;
        }
    }
}
