package dev.uringlog.examples.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where a log is to be.
 *
 * @param path absolute
 * @param fileSystem as the kernel names it
 */
record Directory(Path path, String fileSystem) {
    private static final String WORKERS =
            "what io_uring writes to the page cache goes through a thread of the kernel here: writev(2) is faster at that";

    static Directory of(final Path path) throws IOException {
        final Path absolute = path.toAbsolutePath().normalize();
        if (!Files.isDirectory(absolute)) {
            throw new IOException(absolute + " is not a directory");
        }
        return new Directory(absolute, Files.getFileStore(absolute).type());
    }

    /** Whether nothing here survives the machine's end, whatever is synced. */
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
            case "xfs" -> "io_uring writes to the page cache at once here: level with writev(2)";
            case "tmpfs", "ramfs" -> "memory: nothing here survives a reboot, so DISK promises no more than KERNEL";
            case "overlay" -> "a container's own layer, which goes with the container: a volume would stay; " + WORKERS;
            case "nfs", "nfs4", "cifs", "smb3", "9p", "ceph" ->
                "a network: an fdatasync is a journey there and back, and appends of several machines may overlap";
            default ->
                fileSystem.startsWith("fuse")
                        ? "a program in user space: what an fdatasync means here is that program's affair"
                        : "not one that was measured";
        };
    }
}
