package dev.uringlog.append.sync;

import static dev.uringlog.append.Accounts.assertSettled;
import static dev.uringlog.append.FakeDisk.ascii;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.uringlog.append.AppendLog;
import dev.uringlog.append.AppendStatistics;
import dev.uringlog.append.Durability;
import dev.uringlog.append.Heard;
import dev.uringlog.append.ShortOfMemory;
import dev.uringlog.testing.ChildJvm;
import dev.uringlog.testing.Host;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Durability on the kernel that runs this. */
@Timeout(120)
class DurabilityKernelTest {
    @TempDir
    Path directory;

    @Test
    void shouldNeverBelieveAFileWhoseFdatasyncFailed() throws Exception {
        Host.requireRoot();
        Host.requireCommand("mkfs.ext4");
        try (ShortOfMemory disk = new ShortOfMemory(directory)) {
            final Heard heard = new Heard();
            final AppendLog log = AppendLog.builder(disk.file())
                    .durability(Durability.DISK)
                    .shutdownTimeout(Duration.ofSeconds(5))
                    .listener(heard)
                    .open();
            int failures = 0;
            for (int i = 0; i < 32; i++) {
                try {
                    log.append(new byte[1 << 20]);
                } catch (final UncheckedIOException e) {
                    failures++;
                    assertTrue(e.getMessage().contains("suspect"), e.getMessage());
                }
            }
            final AppendStatistics s = log.statistics();
            assertTrue(failures > 0 && s.failedSyncs() > 0, s.toString());
            assertSettled(s);
            assertTrue(heard.errors.stream().anyMatch(e -> e.contains("suspect")), heard.errors.toString());
            log.close();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Durability.class,
            names = {"KERNEL", "DISK"})
    void shouldNotWakeTheFlusherForEventsThatTheirCallersWrite(final Durability durability) throws Exception {
        final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        final Thread[] flusher = new Thread[1];
        try (AppendLog log = AppendLog.builder(directory.resolve("log"))
                .durability(durability)
                .threadFactory(work -> flusher[0] = new Thread(work))
                .listener(new Heard())
                .open()) {
            log.append(ascii("first\n"));
            org.awaitility.Awaitility.await().until(() -> flusher[0].getState() == Thread.State.WAITING);
            final long waits = threads.getThreadInfo(flusher[0].getId()).getWaitedCount();
            for (int i = 0; i < 200; i++) {
                log.append(ascii("event\n"));
            }
            assertEquals(waits, threads.getThreadInfo(flusher[0].getId()).getWaitedCount());
        }
    }

    /** Four threads log at DISK until the JVM exits, and a hook then. */
    static final class Exits {
        private Exits() {}

        public static void main(final String[] arguments) throws Exception {
            final AppendLog log = AppendLog.builder(Path.of(arguments[0]))
                    .durability(Durability.DISK)
                    .listener(new Heard())
                    .open();
            Runtime.getRuntime().addShutdownHook(new Thread(() -> log.append(ascii("in the hook\n"))));
            for (int t = 0; t < 4; t++) {
                final Thread thread = new Thread(() -> {
                    for (; ; ) {
                        log.append(ascii("event\n"));
                    }
                });
                thread.setDaemon(true);
                thread.start();
            }
            while (log.statistics().written() < 200) {
                Thread.onSpinWait();
            }
            System.exit(0);
        }
    }

    @ParameterizedTest
    @EnumSource(Tier.class)
    void shouldEndWhileCallersWaitAndLoseNoneOfTheirEvents(final Tier tier) throws Exception {
        final Path file = directory.resolve("exit.log");
        final ChildJvm.Outcome outcome =
                ChildJvm.run(":", List.of("-Duringlog.native=" + (tier == Tier.NATIVE)), Exits.class, file.toString());
        assertEquals(0, outcome.exitCode(), outcome.output());
        final List<String> lines = Files.readAllLines(file);
        assertTrue(lines.size() > 200, lines.size() + " lines");
        assertEquals(1, lines.stream().filter("in the hook"::equals).count());
        assertTrue(lines.stream().allMatch(line -> line.equals("event") || line.equals("in the hook")));
    }

    enum Tier {
        NATIVE,
        JAVA
    }

    /** Logs at DISK through FileChannel, from a thread that is interrupted all the time. */
    static final class Interrupted {
        private Interrupted() {}

        public static void main(final String[] arguments) throws Exception {
            try (AppendLog log = AppendLog.builder(Path.of(arguments[0]))
                    .durability(Durability.DISK)
                    .listener(new Heard())
                    .open()) {
                for (int i = 0; i < 100; i++) {
                    Thread.currentThread().interrupt();
                    log.append(ascii("event\n"));
                }
                System.out.println(Thread.interrupted() + " " + log.durablePosition());
            }
        }
    }

    @Test
    void shouldKeepTheJavaTiersFileOpenWhenCallersAreInterrupted() throws Exception {
        final Path file = directory.resolve("interrupted.log");
        final ChildJvm.Outcome outcome =
                ChildJvm.run(":", List.of("-Duringlog.native=false"), Interrupted.class, file.toString());
        assertTrue(outcome.output().contains("true 600"), outcome.output());
        assertEquals(100, Files.readAllLines(file).size());
    }
}
