package dev.uringlog.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A small file system of a test's own, to be filled, frozen and broken. Needs root; gone when closed, open files or not. */
public final class Mount implements AutoCloseable {
    private static final long LIMIT_SECONDS = 30;

    private final Path directory;
    private final String type;
    private final Path image;
    private boolean isFrozen;

    private Mount(final Path directory, final String type) {
        this.directory = directory;
        this.type = type;
        image = Path.of(directory + ".img");
    }

    /**
     * Mounts one.
     *
     * @param parent where its directory, and its image if there is one, are to be
     * @param type tmpfs, or a type whose mkfs is here
     * @param size as mount and truncate write it
     */
    public static Mount of(final Path parent, final String type, final String size) throws IOException {
        Host.requireRoot();
        final Mount mount = new Mount(Files.createTempDirectory(parent, type), type);
        if (type.equals("tmpfs")) {
            sh("mount -t tmpfs -o size=" + size + " tmpfs " + mount.directory);
        } else {
            Host.requireCommand("mkfs." + type);
            sh("truncate -s " + size + " " + mount.image + " && mkfs." + type + " -q " + mount.image);
            mount.mountImage();
        }
        return mount;
    }

    private void mountImage() throws IOException {
        // An error that it is told of makes ext4 read-only; XFS, and by default ext4, do otherwise.
        final String options = type.equals("ext4") ? "loop,errors=remount-ro" : "loop";
        sh("mount -o " + options + " " + image + " " + directory);
    }

    /** Unmounts a broken one, open files or not, until it is mounted again. */
    public void detach() throws IOException {
        sh("umount -l " + directory);
    }

    /** What an operator does once nothing of the broken one is in use any more; until then it is the broken one that comes back. */
    public void attachAnew() throws IOException {
        sh("for i in $(seq 200); do losetup -j " + image + " | grep -q . || break; sleep 0.05; done; ! losetup -j "
                + image + " | grep .");
        mountImage();
    }

    /** Limits what its directory may hold: of btrfs, the only one here whose quota binds root too. */
    public void limit(final String size) throws IOException {
        Host.requireCommand("btrfs");
        sh("btrfs quota enable " + directory + " && btrfs qgroup limit " + size + " " + directory);
    }

    /** Where it is mounted. */
    public Path directory() {
        return directory;
    }

    /** Every write hangs in the kernel, where nothing but {@link #thaw} reaches it. */
    public void freeze() throws IOException {
        isFrozen = true;
        sh("fsfreeze -f " + directory);
    }

    /** Writes go on. */
    public void thaw() throws IOException {
        sh("fsfreeze -u " + directory);
        isFrozen = false;
    }

    /** Breaks it for good: ext4 is read-only from here on (EROFS), XFS is shut down (EIO). */
    public void breakDown() throws IOException {
        if (type.equals("xfs")) {
            Host.requireCommand("xfs_io");
            sh("xfs_io -x -c 'shutdown -f' " + directory);
        } else {
            sh("echo 1 > /sys/fs/ext4/$(basename $(findmnt -no SOURCE " + directory + "))/trigger_fs_error");
        }
    }

    /** A tmpfs of another size. */
    public void resize(final String size) throws IOException {
        sh("mount -o remount,size=" + size + " " + directory);
    }

    /** Runs a command to its good end. */
    public static void sh(final String command) throws IOException {
        final Process process = new ProcessBuilder("sh", "-c", command)
                .redirectErrorStream(true)
                .start();
        try {
            final String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IOException("still running: " + command);
            }
            assertEquals(0, process.exitValue(), () -> command + ": " + output);
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted: " + command, e);
        }
    }

    @Override
    public void close() throws IOException {
        if (isFrozen) {
            thaw();
        }
        sh("umount -l " + directory); // Lazily: should an assertion have failed, a log still has its file open.
    }
}
