package dev.uringlog.file;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;

/**
 * A hard link to a file that is being rolled. No rename(2) reaches another mount: a framework copies the file there, syncs
 * nothing, and removes the synced original. The link keeps the original until the copy is on stable storage.
 */
public final class SecondName {
    private static final String SUFFIX = ".rolling";

    /** A name is taken if a crash ended its roll, and it may hold the only copy of its events. */
    private static final int TRIES_MAX = 100;

    /** A file system's timestamps may lag behind the clock by this much. */
    private static final long CLOCK_LAG_MS = 1_000;

    private final Path link;
    private final long sinceMillis = System.currentTimeMillis() - CLOCK_LAG_MS;

    private SecondName(final Path link) {
        this.link = link;
    }

    /**
     * Gives a file its second name, beside the first.
     *
     * @param file a file that exists
     * @return null where the file system has no hard links
     */
    public static SecondName of(final Path file) {
        if (!file.getFileSystem().supportedFileAttributeViews().contains("unix")) {
            return null;
        }
        for (int i = 1; i <= TRIES_MAX; i++) {
            final Path link = file.resolveSibling("." + file.getFileName() + SUFFIX + (i == 1 ? "" : "-" + i));
            try {
                Files.createLink(link, file);
                return new SecondName(link);
            } catch (final FileAlreadyExistsException e) {
                continue;
            } catch (final IOException | UnsupportedOperationException | SecurityException e) {
                return null; // Then a copy is not synced.
            }
        }
        return null;
    }

    /** {@return where the link is} */
    public Path path() {
        return link;
    }

    /**
     * Whether the file has no other name any more: it was copied and removed, not renamed.
     *
     * @return false also if that is not known
     */
    public boolean isLast() {
        try {
            return (Integer) Files.getAttribute(link, "unix:nlink", LinkOption.NOFOLLOW_LINKS) == 1;
        } catch (final IOException e) {
            return false;
        }
    }

    /**
     * Syncs what has been made in a directory since this name was given. A copy of the file also gets its permissions.
     *
     * @param directory where the file was copied to
     * @throws IOException if a copy cannot be synced
     */
    public void syncCopies(final Path directory) throws IOException {
        final long size = Files.size(link);
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, this::isNew)) {
            for (final Path file : files) {
                if (sizeOf(file) == size) {
                    syncCopy(file);
                } else {
                    syncOther(file);
                }
            }
        }
    }

    private static long sizeOf(final Path file) throws IOException {
        try {
            return Files.size(file);
        } catch (final NoSuchFileException e) {
            return -1; // It has been compressed and removed.
        }
    }

    private void syncCopy(final Path copy) throws IOException {
        final Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(link, LinkOption.NOFOLLOW_LINKS);
        try (FileChannel opened = FileChannel.open(copy, StandardOpenOption.WRITE)) {
            if (!Files.getPosixFilePermissions(copy).equals(permissions)) {
                Files.setPosixFilePermissions(copy, permissions);
            }
            opened.force(true);
        }
    }

    /** It may be compressed from the copy, or belong to another log that is being written. */
    private static void syncOther(final Path file) {
        try (FileChannel opened = FileChannel.open(file, StandardOpenOption.WRITE)) {
            opened.force(true);
        } catch (final IOException e) {
            return; // Compressed archives are not promised to be synced, and other files are not this log's.
        }
    }

    private boolean isNew(final Path file) throws IOException {
        return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                && ((FileTime) Files.getAttribute(file, "unix:ctime", LinkOption.NOFOLLOW_LINKS)).toMillis()
                        >= sinceMillis;
    }

    /** Removes the name. */
    public void remove() {
        try {
            Files.deleteIfExists(link);
        } catch (final IOException e) {
            return; // That costs space, but no event.
        }
    }
}
