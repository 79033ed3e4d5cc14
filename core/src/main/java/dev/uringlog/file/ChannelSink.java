package dev.uringlog.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;

/**
 * The pure-Java tier: a FileChannel that only the flusher touches, for where there is no native access. An interrupt of
 * the flusher's thread closes such a channel; it is opened anew.
 */
public final class ChannelSink implements Sink {
    private static final int WRITABLE_BY_OTHERS = 0022;
    private static final int STICKY = 01000;

    private final Path path;
    private final Set<PosixFilePermission> permissions;
    private final long initialSize;
    private FileChannel channel;
    private boolean isNameDue;

    /**
     * Opens a file, and makes it if there is none.
     *
     * @param path a regular file; a link is not followed
     * @param append whether to write after what it holds, or to empty it first
     * @param permissions of a file that is made, where the file system has such
     * @throws IOException if it cannot be opened, or is no regular file
     */
    public ChannelSink(final Path path, final boolean append, final Set<PosixFilePermission> permissions)
            throws IOException {
        this.path = path;
        this.permissions = permissions;
        final boolean existed = Files.exists(path, LinkOption.NOFOLLOW_LINKS);
        if (existed && !Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
            throw new IOException(path + " is not a regular file");
        }
        channel = open(append);
        if (!existed && path.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.setPosixFilePermissions(path, permissions);
        }
        isNameDue = !existed;
        initialSize = channel.size();
    }

    private FileChannel open(final boolean append) throws IOException {
        if (!append) {
            truncate();
        }
        return FileChannel.open(
                path,
                Set.<OpenOption>of(StandardOpenOption.CREATE, StandardOpenOption.APPEND, LinkOption.NOFOLLOW_LINKS),
                atCreation());
    }

    /** So that a new file is never open to more than it is to be, not even for a moment; the umask may still take away. */
    private FileAttribute<?>[] atCreation() {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(permissions)}
                : new FileAttribute<?>[0];
    }

    private void truncate() throws IOException {
        FileChannel.open(
                        path,
                        Set.<OpenOption>of(
                                StandardOpenOption.CREATE,
                                StandardOpenOption.WRITE,
                                StandardOpenOption.TRUNCATE_EXISTING,
                                LinkOption.NOFOLLOW_LINKS),
                        atCreation())
                .close();
    }

    @Override
    public long write(final ByteBuffer[] parts) throws IOException {
        try {
            return channel.write(parts);
        } catch (final ClosedChannelException e) {
            // Somebody interrupted the flusher: the flag goes, the file comes back, and the caller tries again.
            Thread.interrupted();
            reopen();
            throw e;
        }
    }

    @Override
    public void sync() throws IOException {
        channel.force(false);
    }

    @Override
    public void syncName() throws IOException {
        if (isNameDue) {
            try (FileChannel directory = FileChannel.open(path.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
                directory.force(true);
            } catch (final AccessDeniedException e) {
                // Windows opens no directory, and orders its names by a journal.
                if (path.getFileSystem().supportedFileAttributeViews().contains("posix")) {
                    throw e;
                }
            }
            isNameDue = false;
        }
    }

    @Override
    public Path setAside(final String suffix) throws IOException {
        final Path aside = path.resolveSibling(path.getFileName() + suffix);
        Files.move(path, aside);
        boolean isReopened = false;
        try {
            reopen();
            isReopened = true;
        } finally {
            if (!isReopened) {
                Files.move(aside, path);
            }
        }
        if (path.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.setPosixFilePermissions(path, permissions);
        }
        isNameDue = true;
        return aside;
    }

    @Override
    public boolean isInterruptible() {
        return true;
    }

    @Override
    public void reopen() throws IOException {
        final FileChannel old = channel;
        channel = open(true);
        old.close();
    }

    @Override
    public String label() {
        return "java";
    }

    @Override
    public String degradation() {
        return null;
    }

    @Override
    public boolean takeQuarantine() {
        return false;
    }

    @Override
    public long initialSize() {
        return initialSize;
    }

    /**
     * Who else could write here.
     *
     * @return one line if the file or its directory is writable by group or others; most often none
     */
    public List<String> warnings() {
        if ((mode(path) & WRITABLE_BY_OTHERS) != 0) {
            return List.of(path + " is writable by its group or by others");
        }
        final Path parent = path.toAbsolutePath().getParent();
        final int mode = parent == null ? 0 : mode(parent);
        final boolean isExposed = (mode & WRITABLE_BY_OTHERS) != 0 && (mode & STICKY) == 0;
        return isExposed ? List.of(parent + " is writable by its group or by others") : List.of();
    }

    /** 0 where the file system has no such thing. */
    private static int mode(final Path of) {
        try {
            return (Integer) Files.getAttribute(of, "unix:mode", LinkOption.NOFOLLOW_LINKS);
        } catch (final IOException | UnsupportedOperationException | IllegalArgumentException e) {
            return 0;
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
