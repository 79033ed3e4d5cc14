package dev.uringlog.testing;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.uringlog.write.VectoredWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What the machine that runs the tests has. A test that needs something the machine lacks is skipped, unless the
 * environment variable URINGLOG_REQUIRE lists it (as CI's does): then it fails.
 */
public final class Host {
    private static final List<String> REQUIRED =
            Arrays.asList(System.getenv().getOrDefault("URINGLOG_REQUIRE", "").split(","));

    /** A directory to write in, and the file system it is on. */
    public record Place(String fileSystem, Path directory) {
        @Override
        public String toString() {
            return fileSystem;
        }
    }

    private Host() {}

    /** Goes on where io_uring works. */
    public static void requireIoUring() {
        require("iouring", VectoredWriter.isIoUringSupported(), String.valueOf(VectoredWriter.ioUringRefusal()));
    }

    /** Goes on where this runs as root. */
    public static void requireRoot() {
        require("root", "root".equals(System.getProperty("user.name")), "not root");
    }

    /** Goes on where there is such a command. */
    public static void requireCommand(final String command) {
        final boolean found = Arrays.stream(System.getenv("PATH").split(":"))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, command)));
        require(command, found, "no command " + command);
    }

    /** Goes on where the feature is there; else skips the test, or fails it if the feature is required. */
    public static void require(final String feature, final boolean isThere, final String why) {
        if (!isThere && REQUIRED.contains(feature)) {
            fail("this needs " + feature + ", which URINGLOG_REQUIRE asks for: " + why);
        }
        assumeTrue(isThere, "needs " + feature + ": " + why);
    }

    /**
     * A fresh directory on every file system there is to test on: those that URINGLOG_TEST_EXT4, …_XFS and …_TMPFS name,
     * and wherever temporary files go.
     */
    public static List<Place> places() throws IOException {
        final List<Place> places = new ArrayList<>();
        for (final String fileSystem : List.of("ext4", "xfs", "tmpfs")) {
            final String root = System.getenv("URINGLOG_TEST_" + fileSystem.toUpperCase(java.util.Locale.ROOT));
            if (root != null) {
                places.add(new Place(fileSystem, Files.createTempDirectory(Path.of(root), "t")));
            } else if (REQUIRED.contains(fileSystem)) {
                fail("URINGLOG_REQUIRE asks for " + fileSystem + ", and no directory is given");
            }
        }
        places.add(new Place("default", Files.createTempDirectory("uringlog")));
        return places;
    }
}
