package dev.uringlog.examples.quickstart;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The main job while its disk is full, its device frozen, its io_uring taken away: it ends as it always does. */
@Timeout(170)
class TroubleTest {
    private static final int EVENTS = 60_000;
    private static final Duration POLL = Duration.ofMillis(5);

    @TempDir
    private Path dir;

    @Test
    void shouldPassOnADiskThatIsFullAndFreedAgain() throws Exception {
        Needs.root();
        final Path disk = mount("mount -t tmpfs -o size=8m tmpfs ");
        try {
            final Path ballast = Files.write(disk.resolve("ballast"), new byte[4 << 20]);
            final Jvm jvm = quickstart("auto").with("dir", disk);
            final Process process = jvm.start();
            try {
                awaitAlive(process, jvm, () -> jvm.output().contains("events are held and tried again"));
                final long full = Files.size(disk.resolve("log4j2.log"));
                assertTrue(full <= 4 << 20, full + " bytes");
                sh("mount -o remount,size=256m " + disk);
                Files.delete(ballast);
                assertPassed(process, jvm);
            } finally {
                process.destroyForcibly();
            }
        } finally {
            sh("umount -l " + disk);
        }
    }

    @Test
    void shouldPassOnADeviceThatFreezesAndThaws() throws Exception {
        Needs.root();
        final Path image = dir.resolve("image");
        sh("truncate -s 512m " + image + " && mkfs.ext4 -q " + image);
        final Path disk = mount("mount -o loop " + image + " ");
        try {
            final Jvm jvm = quickstart("auto").with("dir", disk);
            final Process process = jvm.start();
            try {
                final Path file = disk.resolve("log4j2.log");
                awaitAlive(process, jvm, () -> Files.exists(file) && Files.size(file) > 1 << 20);
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
            sh("umount -l " + disk);
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

    private Jvm quickstart(final String strategy) {
        return new Jvm(Quickstart.class, dir).with("events", EVENTS).with("strategy", strategy);
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

    private Path mount(final String command) throws IOException, InterruptedException {
        final Path disk = Files.createDirectory(dir.resolve("disk"));
        sh(command + disk);
        return disk;
    }

    private static void sh(final String command) throws IOException, InterruptedException {
        final Process process =
                new ProcessBuilder("sh", "-c", command).inheritIO().start();
        assertTrue(process.waitFor(30, TimeUnit.SECONDS), command);
        assertEquals(0, process.exitValue(), command);
    }
}
