package dev.uringlog.append;

import dev.uringlog.testing.Mount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A file system whose device has 12 MiB and says 64: its image is sparse, on a tmpfs that is smaller. Writes go well, until the
 * kernel writes them back.
 */
public final class ShortOfMemory implements AutoCloseable {
    /**
     * More than this it cannot say to have: the loop device takes a request that its file had only a part of room for as done,
     * and its requests have 1280 KiB at most. (fdatasync after each 1280 KiB, in turn, is told that 12.5 MiB are safe.)
     */
    public static final int BYTES_MAX = (12 << 20) + (1280 << 10);

    private final Path small;
    private final Path mount;

    public ShortOfMemory(final Path directory) throws IOException {
        small = Files.createDirectory(directory.resolve("small"));
        mount = Files.createDirectory(directory.resolve("mount"));
        Mount.sh("mount -t tmpfs -o size=12m tmpfs " + small);
        Mount.sh("truncate -s 64m " + small + "/image && mkfs.ext4 -q -O ^has_journal " + small + "/image"
                + " && mount -o loop " + small + "/image " + mount);
    }

    public Path file() {
        return mount.resolve("log");
    }

    @Override
    public void close() throws IOException {
        Mount.sh("umount -l " + mount + "; umount -l " + small);
    }
}
