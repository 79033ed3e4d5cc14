package dev.uringlog.log4j2;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.uringlog.append.AppendStatistics;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.logging.log4j.MarkerManager;
import org.apache.logging.log4j.core.appender.AppenderLoggingException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What has become of an event when its log call has returned. */
class DurabilityTest {
    @TempDir
    Path dir;

    @ParameterizedTest
    @CsvSource({"KERNEL, 0", "DISK, 5"})
    void shouldReturnOnceTheEventIsInTheFile(final String durability, final int syncs) {
        final Path file = dir.resolve("app.log");
        try (Rig rig = new Rig(Rig.lines(file, "durability=\"" + durability + "\""))) {
            for (int i = 1; i <= 5; i++) {
                rig.logger().info("event");
                assertEquals(6 * i, Rig.text(file).length());
            }
            assertEquals(syncs, rig.appender(0).statistics().syncs());
        }
    }

    @Test
    void shouldWaitForTheEventsOfALevelOrAMarkerAlone() {
        final Path file = dir.resolve("app.log");
        final String attributes = "durableLevel=\"ERROR\" durableMarker=\"AUDIT\"";
        try (Rig rig = new Rig(Rig.lines(file, attributes))) {
            rig.logger().warn("not waited for");
            assertEquals(0, rig.appender(0).statistics().syncs());
            rig.logger().fatal("waited for");
            assertEquals(1, rig.appender(0).statistics().syncs());
            final AppendStatistics s = rig.appender(0).statistics();
            assertEquals(s.writtenPosition(), s.durablePosition());
            rig.logger()
                    .info(
                            MarkerManager.getMarker("PAYMENT").setParents(MarkerManager.getMarker("AUDIT")),
                            "waited for by its marker's parent");
            assertEquals(2, rig.appender(0).statistics().syncs());
            rig.logger().info(MarkerManager.getMarker("OTHER"), "not waited for");
            assertEquals(2, rig.appender(0).statistics().syncs());
        }
    }

    @Test
    void shouldCarryWhatCameBeforeAnEventThatIsWaitedFor() {
        final Path file = dir.resolve("app.log");
        try (Rig rig = new Rig(Rig.lines(file, "durableLevel=\"ERROR\" maxDelay=\"1 min\""))) {
            rig.logger().info("before");
            rig.logger().error("safe");
            assertEquals("before\nsafe\n", Rig.text(file));
            assertEquals(12, rig.appender(0).statistics().durablePosition());
        }
    }

    @Test
    void shouldSyncInTheBackgroundWithNoCallerWaiting() {
        try (Rig rig = new Rig(Rig.lines(dir.resolve("app.log"), "syncInterval=\"10 ms\""))) {
            rig.logger().info("event");
            await().until(() -> rig.appender(0).statistics().durablePosition() == 6);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"KERNEL", "DISK"})
    @EnabledOnOs(OS.LINUX)
    void shouldThrowWhereTheFileDoesNotTakeTheEvent(final String durability) throws Exception {
        assumeTrue("root".equals(System.getProperty("user.name")), "needs root, to mount");
        final Path mount = Files.createDirectory(dir.resolve("small"));
        sh("mount -t tmpfs -o size=16k tmpfs " + mount);
        final String attributes =
                "durability=\"" + durability + "\" ignoreExceptions=\"false\" shutdownTimeout=\"100 ms\"";
        try (Rig rig = new Rig(Rig.lines(mount.resolve("app.log"), attributes))) {
            rig.logger().info("fits");
            final AppenderLoggingException thrown = assertThrows(
                    AppenderLoggingException.class, () -> rig.logger().info("x".repeat(64 << 10)));
            assertTrue(thrown.getMessage().contains("ENOSPC"), thrown.getMessage());
        } finally {
            sh("umount -l " + mount);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"KERNEL", "DISK"})
    @EnabledOnOs(OS.LINUX)
    void shouldStartOnAFullDiskAndBeginWithTheHeaderOnceThereIsSpace(final String durability) throws Exception {
        assumeTrue("root".equals(System.getProperty("user.name")), "needs root, to mount");
        final Path mount = Files.createDirectory(dir.resolve("small"));
        final Path file = mount.resolve("app.log");
        sh("mount -t tmpfs -o size=16k tmpfs " + mount + " && head -c 16k /dev/zero > " + mount + "/ballast");
        final String layout = "<PatternLayout pattern=\"%m%n\" header=\"header%n\"/>";
        try (Rig rig = new Rig(Rig.element("IoUringFile", file, "durability=\"" + durability + "\"", layout))) {
            Files.delete(mount.resolve("ballast"));
            await().until(() -> Files.size(file) > 0);
            rig.logger().info("event");
            assertEquals("header\nevent\n", Rig.text(file));
        } finally {
            sh("umount -l " + mount);
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void shouldThrowWhereTheFileCannotBeSyncedAndSayWhichIsSuspect() throws Exception {
        assumeTrue("root".equals(System.getProperty("user.name")), "needs root, to mount");
        final Path small = Files.createDirectory(dir.resolve("small"));
        final Path mount = Files.createDirectory(dir.resolve("mount"));
        // The image is sparse: what it promises its file system the memory behind it does not have.
        sh("mount -t tmpfs -o size=12m tmpfs " + small + " && truncate -s 64m " + small + "/image && mkfs.ext4 -q"
                + " -O ^has_journal " + small + "/image && mount -o loop " + small + "/image " + mount);
        final String attributes = "durability=\"DISK\" ignoreExceptions=\"false\" shutdownTimeout=\"1 s\"";
        final Path file = mount.resolve("app.log");
        try (Rig rig = new Rig(Rig.lines(file, attributes))) {
            final List<String> thrown = new ArrayList<>();
            for (int i = 0; i < 24; i++) {
                try {
                    rig.logger().info("x".repeat(1 << 20));
                } catch (final AppenderLoggingException e) {
                    thrown.add(e.getMessage());
                }
            }
            assertTrue(thrown.size() > 0 && thrown.stream().allMatch(m -> m.contains("suspect")), thrown::toString);
            assertTrue(
                    rig.errors().stream().anyMatch(m -> m.contains(file + ".suspect-")),
                    () -> rig.errors().toString());
        } finally {
            sh("umount -l " + mount + "; umount -l " + small);
        }
    }

    private static void sh(final String command) throws Exception {
        assertEquals(
                0, new ProcessBuilder("sh", "-c", command).inheritIO().start().waitFor(), command);
    }
}
