package dev.uringlog.file;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** How a file is named that is set aside. */
final class AsideName {
    /** NAME_MAX of Linux's file systems. eCryptfs takes fewer: there a long name cannot be set aside. */
    private static final int NAME_BYTES_MAX = 255;

    /** A number behind the suffix, as {@code -100}. */
    private static final int NUMBER_BYTES = 4;

    private AsideName() {}

    /**
     * A file's path with a suffix. A name that would be too long loses its end.
     *
     * @param path of a file
     * @param suffix what its name gets
     * @return a path in the same directory, with room for a number behind it
     */
    static Path of(final Path path, final String suffix) {
        final String name = path.getFileName().toString();
        final int room = NAME_BYTES_MAX - NUMBER_BYTES - bytes(suffix);
        int end = name.length();
        while (bytes(name.substring(0, end)) > room) {
            end = name.offsetByCodePoints(end, -1);
        }
        return path.resolveSibling(name.substring(0, end) + suffix);
    }

    private static int bytes(final String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
