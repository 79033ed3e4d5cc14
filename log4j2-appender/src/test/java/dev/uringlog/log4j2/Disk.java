package dev.uringlog.log4j2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A small file system of a test's own that fills up, or hangs. Needs root; gone when closed. */
final class Disk implements AutoCloseable {
    /** What befalls it. */
    enum Trouble {
        /** It takes no bytes: ENOSPC. */
        FULL,
        /** A write to it does not return. */
        HUNG
    }

    private final Path directory;
    private final Trouble trouble;
    private boolean isInTrouble;

    Disk(final Path parent, final Trouble trouble) throws IOException {
        assumeTrue("root".equals(System.getProperty("user.name")), "mounting needs root");
        this.trouble = trouble;
        directory = Files.createTempDirectory(parent, "disk");
        if (trouble == Trouble.FULL) {
            sh("mount -t tmpfs -o size=1m tmpfs " + directory);
        } else {
            final String image = directory + ".img";
            sh("truncate -s 8m " + image + " && mkfs.ext4 -q " + image + " && mount -o loop " + image + " "
                    + directory);
        }
    }

    Path file() {
        return directory.resolve("app.log");
    }

    void befall() throws IOException {
        isInTrouble = true;
        sh(
                trouble == Trouble.FULL
                        ? "dd if=/dev/zero of=" + directory + "/ballast bs=4k 2>/dev/null || true"
                        : "fsfreeze -f " + directory);
    }

    void recover() throws IOException {
        isInTrouble = false;
        sh(trouble == Trouble.FULL ? "rm " + directory + "/ballast" : "fsfreeze -u " + directory);
    }

    private static void sh(final String command) throws IOException {
        final Process process = new ProcessBuilder("sh", "-c", command)
                .redirectErrorStream(true)
                .start();
        final String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.onExit().join();
        assertEquals(0, process.exitValue(), () -> command + ": " + output);
    }

    @Override
    public void close() throws IOException {
        if (isInTrouble) {
            recover();
        }
        sh("umount -l " + directory);
    }
}
