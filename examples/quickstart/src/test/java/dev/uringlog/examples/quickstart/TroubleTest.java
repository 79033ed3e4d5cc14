package dev.uringlog.examples.quickstart;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The main job while its disk is full, its device frozen, its io_uring taken away: it ends as it always does. */
@Timeout(170)
class TroubleTest {
    private static final int EVENTS = 40_000;
    private static final Pattern NOTICE = Pattern.compile(
            ".* WARN  \\[.*] dev\\.uringlog - (\\d+) events? could not be written and (?:is|are) lost: .*");
    private static final Pattern EVENT = Pattern.compile(".* INFO  \\[main] .* - event (\\d+)");
    private static final Duration POLL = Duration.ofMillis(5);

    @TempDir
    private Path dir;

    @ParameterizedTest
    @CsvSource({"log4j2, writev", "log4j2, iouring", "logback, writev", "logback, iouring"})
    void shouldPassOnADiskThatIsFullAndFreedAgain(final String victim, final String strategy) throws Exception {
        need(strategy);
        final Path disk = mount("mount -t tmpfs -o size=2m tmpfs ", victim);
        try {
            final Jvm jvm = quickstart(strategy);
            final Process process = jvm.start();
            try {
                awaitAlive(process, jvm, () -> jvm.output().contains("events are held and tried again"));
                sh("mount -o remount,size=256m " + disk);
                assertPassed(process, jvm);
                assertTrue(jvm.output().contains(victim + ".log: writing again after"), jvm.output());
            } finally {
                process.destroyForcibly();
            }
        } finally {
            unmount(disk, victim);
        }
    }

    @ParameterizedTest
    @CsvSource({"log4j2, writev", "log4j2, iouring", "logback, writev", "logback, iouring"})
    void shouldPassOnADeviceThatFreezesAndThaws(final String victim, final String strategy) throws Exception {
        need(strategy);
        final Path image = dir.resolve("image");
        sh("truncate -s 512m " + image + " && mkfs.ext4 -q " + image);
        final Path disk = mount("mount -o loop " + image + " ", victim);
        try {
            final Jvm jvm = quickstart(strategy);
            final Process process = jvm.start();
            try {
                final Path file = dir.resolve(victim + ".log");
                awaitAlive(process, jvm, () -> Files.size(file) > 1 << 20);
                sh("fsfreeze -f " + disk);
                try {
                    final long size = Files.size(file);
                    // As long as it takes to write megabytes.
                    await().pollInterval(POLL)
                            .during(Duration.ofMillis(300))
                            .until(() -> Files.size(file) == size && process.isAlive());
                } finally {
                    sh("fsfreeze -u " + disk);
                }
                assertPassed(process, jvm);
            } finally {
                process.destroyForcibly();
            }
        } finally {
            unmount(disk, victim);
        }
    }

    /** That it stands where events are missing the numbers of those around it tell. */
    @ParameterizedTest
    @CsvSource({"log4j2, writev", "log4j2, iouring", "logback, writev", "logback, iouring"})
    void shouldSayInTheLogItselfHowManyEventsAFullDiskCost(final String framework, final String strategy)
            throws Exception {
        need(strategy);
        final Path disk = mount("mount -t tmpfs -o size=2m tmpfs ", framework);
        try {
            final Jvm.Outcome outcome = new Jvm(FullDisk.class, dir)
                    .with("log4j2.configurationFile", "classpath:log4j2-crash.xml")
                    .with("logback.configurationFile", "logback-crash.xml")
                    .with("dir", dir)
                    .with("strategy", strategy)
                    .with("durability", "MEMORY")
                    .with("onFailure", "DROP")
                    .argument(framework)
                    .argument(disk)
                    .run();
            assertEquals(0, outcome.exitCode(), outcome.output());
            long next = 0;
            long lost = 0;
            for (final String line : Files.readAllLines(dir.resolve(framework + ".log"))) {
                final Matcher notice = NOTICE.matcher(line);
                final Matcher event = EVENT.matcher(line);
                if (notice.matches()) {
                    lost += Long.parseLong(notice.group(1));
                    next += Long.parseLong(notice.group(1));
                } else if (event.matches()) { // Else the beginning of one that is lost.
                    assertTrue(Long.parseLong(event.group(1)) == next || lost == 0, line + ", not " + next);
                    next += Long.parseLong(event.group(1)) == next ? 1 : 0;
                }
            }
            assertTrue(lost > 0 && outcome.output().contains("lost " + lost), lost + ", " + outcome.output());
        } finally {
            unmount(disk, framework);
        }
    }

    /** A filter comes over every thread of the process while one of the two files is being written. */
    @ParameterizedTest
    @ValueSource(strings = {"log4j2", "logback"})
    void shouldLoseNothingWhenIoUringIsTakenAwayInTheMiddle(final String victim) throws Exception {
        Needs.ioUring();
        final Jvm.Outcome outcome = new Jvm(IoUringTakenAway.class, dir)
                .with("dir", dir)
                .with("events", EVENTS)
                .with("strategy", "iouring")
                .argument(dir.resolve(victim + ".log"))
                .run();
        final String output = outcome.output();
        assertTrue(output.contains("io_uring is taken away"), output);
        assertTrue(output.contains("\nPASS log4j2"), output);
        // What comes later and insists on io_uring cannot start, as always where there is none.
        final boolean isLast = victim.equals("logback");
        assertTrue(output.contains(isLast ? "\nPASS logback" : "\nFAIL logback: the appender did not start"), output);
        assertEquals(isLast ? 0 : 1, outcome.exitCode(), output);
        assertTrue(isLast || output.contains("io_uring_enter: EPERM"), output);
    }

    private static void need(final String strategy) {
        Needs.root();
        if (strategy.equals("iouring")) {
            Needs.ioUring();
        }
    }

    private Jvm quickstart(final String strategy) {
        return new Jvm(Quickstart.class, dir)
                .with("logback.statusListenerClass", "ch.qos.logback.core.status.OnConsoleStatusListener")
                .with("dir", dir)
                .with("events", EVENTS)
                .with("strategy", strategy);
    }

    private interface Condition {
        boolean holds() throws IOException;
    }

    private static void awaitAlive(final Process process, final Jvm jvm, final Condition condition) throws IOException {
        await().pollInterval(POLL).atMost(Duration.ofMinutes(1)).until(() -> {
            assertTrue(process.isAlive(), jvm.output());
            return condition.holds();
        });
    }

    private static void assertPassed(final Process process, final Jvm jvm) throws IOException, InterruptedException {
        assertTrue(process.waitFor(90, TimeUnit.SECONDS), jvm.output());
        assertEquals(0, process.exitValue(), jvm.output());
        assertTrue(jvm.output().contains("\nPASS log4j2"), jvm.output());
        assertTrue(jvm.output().contains("\nPASS logback"), jvm.output());
    }

    /** A disk that holds the victim's file and nothing else; every other is where it always is. */
    private Path mount(final String command, final String victim) throws IOException, InterruptedException {
        final Path disk = Files.createDirectory(dir.resolve("disk"));
        final Path file = Files.createFile(dir.resolve(victim + ".log"));
        sh(command + disk);
        sh("touch " + disk + "/file && mount --bind " + disk + "/file " + file);
        return disk;
    }

    private void unmount(final Path disk, final String victim) throws IOException, InterruptedException {
        sh("umount -l " + dir.resolve(victim + ".log") + " && umount -l " + disk);
    }

    private static void sh(final String command) throws IOException, InterruptedException {
        final Process process =
                new ProcessBuilder("sh", "-c", command).inheritIO().start();
        assertTrue(process.waitFor(30, TimeUnit.SECONDS), command);
        assertEquals(0, process.exitValue(), command);
    }
}
