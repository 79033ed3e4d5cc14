package dev.uringlog.logback;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ch.qos.logback.classic.Logger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A file that does not keep what was promised: the status manager hears of it, the application's call returns. */
@EnabledOnOs(OS.LINUX)
class DurabilityTest {
    @TempDir
    Path dir;

    private final Rig rig = new Rig();
    private Path small;
    private Path mount;

    @BeforeEach
    void makeDirectories() throws Exception {
        assumeTrue("root".equals(System.getProperty("user.name")), "needs root, to mount");
        small = Files.createDirectory(dir.resolve("small"));
        mount = Files.createDirectory(dir.resolve("mount"));
    }

    @AfterEach
    void unmount() throws Exception {
        rig.context.stop();
        sh("umount -ql " + mount + "; umount -ql " + small + "; true");
    }

    private Logger configure(final Path file, final String durability) throws Exception {
        rig.configure("<configuration><appender name='FILE' class='dev.uringlog.logback.IoUringFileAppender'>"
                + "<file>" + file + "</file><durability>" + durability + "</durability>"
                + "<shutdownTimeout>1 s</shutdownTimeout>"
                + "<encoder><pattern>%msg%n</pattern></encoder></appender>"
                + "<root level='info'><appender-ref ref='FILE'/></root></configuration>");
        return rig.context.getLogger("test");
    }

    @ParameterizedTest
    @ValueSource(strings = {"KERNEL", "DISK"})
    void shouldSayWhereTheFileDoesNotTakeTheEvent(final String durability) throws Exception {
        sh("mount -t tmpfs -o size=16k tmpfs " + small);
        final Logger logger = configure(small.resolve("app.log"), durability);
        logger.info("fits");
        assertEquals(0, rig.errors().size(), () -> rig.errors().toString());
        logger.info("x".repeat(64 << 10));
        assertTrue(
                rig.errors().stream().anyMatch(e -> e.contains("ENOSPC")),
                () -> rig.errors().toString());
    }

    @Test
    void shouldSayWhereTheFileCannotBeSyncedAndWhichIsSuspect() throws Exception {
        // The image is sparse: what it promises its file system the memory behind it does not have.
        sh("mount -t tmpfs -o size=12m tmpfs " + small + " && truncate -s 64m " + small + "/image && mkfs.ext4 -q"
                + " -O ^has_journal " + small + "/image && mount -o loop " + small + "/image " + mount);
        final Path file = mount.resolve("app.log");
        final Logger logger = configure(file, "DISK");
        logger.info("durable");
        assertFalse(rig.errors().stream().anyMatch(e -> e.contains("suspect")));
        for (int i = 0; i < 24; i++) {
            logger.info("x".repeat(1 << 20));
        }
        assertTrue(
                rig.errors().stream().anyMatch(e -> e.contains(file + ".suspect-")),
                () -> rig.errors().toString());
    }

    private static void sh(final String command) throws Exception {
        final Process process =
                new ProcessBuilder("sh", "-c", command).inheritIO().start();
        assertTrue(process.waitFor(30, TimeUnit.SECONDS), command);
        assertEquals(0, process.exitValue(), command);
    }
}
