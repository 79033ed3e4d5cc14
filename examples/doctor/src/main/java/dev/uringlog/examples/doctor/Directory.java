package dev.uringlog.examples.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The directory of a log.
 *
 * @param path absolute
 * @param fileSystem the kernel's name for it
 */
record Directory(Path path, String fileSystem) {
    private static final String WORKERS =
            "here io_uring hands writes to the page cache to a kernel thread, so writev(2) is faster";

    static Directory of(final Path path) throws IOException {
        final Path absolute = path.toAbsolutePath().normalize();
        if (!Files.isDirectory(absolute)) {
            throw new IOException(absolute + " is not a directory");
        }
        return new Directory(absolute, Files.getFileStore(absolute).type());
    }

    /** Whether nothing here survives the end of the machine, even if it is synced. */
    boolean isMemory() {
        return switch (fileSystem) {
            case "tmpfs", "ramfs" -> true;
            default -> false;
        };
    }

    /** What the file system means for a log. */
    String meaning() {
        return switch (fileSystem) {
            case "ext2", "ext3", "ext4", "btrfs" -> WORKERS;
            case "xfs" -> "here io_uring writes to the page cache directly, as fast as writev(2)";
            case "tmpfs", "ramfs" -> "memory: nothing here survives a reboot, so DISK promises no more than KERNEL";
            case "overlay" ->
                "a container's own layer, which is deleted with the container (a volume is not); " + WORKERS;
            case "nfs", "nfs4", "cifs", "smb3", "9p", "ceph" ->
                "a network file system: an fdatasync is a round trip, and appends of several machines may overlap";
            default ->
                fileSystem.startsWith("fuse")
                        ? "a file system in user space: its program decides what an fdatasync does"
                        : "a file system that was not measured";
        };
    }
}
