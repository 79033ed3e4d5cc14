package dev.uringlog.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The file system and the kernel below a file, for messages to operators. */
public final class Surroundings {
    private Surroundings() {}

    /**
     * The file system and the kernel.
     *
     * @param path a file that is there
     * @return such as {@code ext4, Linux 6.18.5}
     */
    public static String of(final Path path) {
        return fileSystem(path) + ", " + System.getProperty("os.name") + " " + System.getProperty("os.version");
    }

    private static String fileSystem(final Path path) {
        try {
            return Files.getFileStore(path).type();
        } catch (final IOException | SecurityException e) {
            return "an unknown file system";
        }
    }
}
