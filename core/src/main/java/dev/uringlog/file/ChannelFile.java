package dev.uringlog.file;

import dev.uringlog.sys.Modes;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;

/** A regular file by a FileChannel. */
final class ChannelFile extends OpenedFile<ChannelFile> {
    private static final Set<PosixFilePermission> PERMISSIONS_DEFAULT = PosixFilePermissions.fromString("rw-------");

    final FileChannel channel;

    /** Each closes the file when it has done with it; the last one closes the channel. */
    private final Set<Closeable> users = new HashSet<>(Set.of(this));

    /** Null where files have no keys (Windows). */
    private final Object key;

    /** Null for none in particular. */
    private final Set<PosixFilePermission> permissions;

    private ChannelFile(
            final Path path,
            final boolean isCreated,
            final String modeRefusal,
            final FileChannel channel,
            final BasicFileAttributes found,
            final Set<PosixFilePermission> permissions) {
        super(path, isCreated, modeRefusal, found.size());
        this.channel = channel;
        key = found.fileKey();
        this.permissions = permissions;
    }

    /** Opens a file, and makes it if there is none. */
    static ChannelFile open(final Path given, final boolean append, final Set<PosixFilePermission> permissions)
            throws IOException {
        final Path path = given.toAbsolutePath();
        if (Files.isSymbolicLink(path)) {
            throw new IOException(path + " is a symbolic link, which is refused");
        }
        final boolean existed = Files.exists(path, LinkOption.NOFOLLOW_LINKS);
        if (existed && !Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
            throw new IOException(path + " is not a regular file");
        }
        final Set<PosixFilePermission> wanted = permissions == null ? PERMISSIONS_DEFAULT : permissions;
        if (!append) {
            openChannel(path, wanted, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)
                    .close();
        }
        final FileChannel channel = openChannel(path, wanted, StandardOpenOption.APPEND);
        boolean isAccepted = false;
        try {
            final String modeRefusal = existed && permissions == null ? null : setMode(path, wanted);
            // By its name: an interrupt would close the channel that is asked.
            final ChannelFile opened =
                    new ChannelFile(path, !existed, modeRefusal, channel, attributes(path), permissions);
            isAccepted = true;
            return opened;
        } finally {
            if (!isAccepted) {
                channel.close();
            }
        }
    }

    /** A new file is never open to more users than it should be, not even for a moment; the umask may take more away. */
    private static FileChannel openChannel(
            final Path path, final Set<PosixFilePermission> atCreation, final OpenOption... options)
            throws IOException {
        final Set<OpenOption> all = new HashSet<>(Set.of(options));
        all.add(StandardOpenOption.CREATE);
        all.add(LinkOption.NOFOLLOW_LINKS);
        return isPosix(path)
                ? FileChannel.open(path, all, PosixFilePermissions.asFileAttribute(atCreation))
                : FileChannel.open(path, all);
    }

    /** Returns why the mode is another than it should be, or null. That is no reason not to log. */
    private static String setMode(final Path path, final Set<PosixFilePermission> wanted) throws IOException {
        if (!isPosix(path) || permissionsOf(path).equals(wanted)) {
            return null;
        }
        String reason = "the change succeeds and changes nothing";
        try {
            Files.setPosixFilePermissions(path, wanted);
        } catch (final IOException | UnsupportedOperationException e) {
            reason = e instanceof FileSystemException refused ? refused.getReason() : e.toString();
        }
        final Set<PosixFilePermission> actual = permissionsOf(path);
        return actual.equals(wanted) ? null : Modes.refusal(Modes.of(actual), Modes.of(wanted), reason);
    }

    private static Set<PosixFilePermission> permissionsOf(final Path file) throws IOException {
        return Files.getPosixFilePermissions(file, LinkOption.NOFOLLOW_LINKS);
    }

    private static boolean isPosix(final Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix");
    }

    private static BasicFileAttributes attributes(final Path path) throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    }

    @Override
    ChannelFile openOther(final Path other, final boolean append) throws IOException {
        return open(other, append, permissions);
    }

    @Override
    Again again() throws IOException {
        if (look() != CurrentFile.Fate.IN_PLACE) { // As for a native file: it may have been removed.
            throw new IOException(path + " is not where it was");
        }
        final Again again = new Shared();
        users.add(again);
        return again;
    }

    /** By the channel itself: no error that it would be told is missed. */
    private final class Shared implements Again {
        @Override
        public void sync() throws IOException {
            force(channel, false);
        }

        @Override
        public void close() throws IOException {
            leave(this);
        }
    }

    /** Waits for stable storage. An interrupt from before would close the channel, and its sync would count as failed. */
    static void force(final FileChannel channel, final boolean withMetadata) throws IOException {
        Thread.interrupted();
        channel.force(withMetadata);
    }

    @Override
    boolean isRegular() {
        return true;
    }

    @Override
    boolean isSameFile(final ChannelFile other) {
        return Objects.equals(key, other.key);
    }

    @Override
    CurrentFile.Fate look() {
        final BasicFileAttributes there;
        try {
            there = attributes(path);
        } catch (final IOException e) {
            return CurrentFile.Fate.UNLINKED; // Or only moved, which nothing here can tell.
        }
        // There are no keys on Windows, where no process can move a file that is open.
        if (!Objects.equals(there.fileKey(), key)) {
            return CurrentFile.Fate.REPLACED;
        }
        size = there.size();
        return CurrentFile.Fate.IN_PLACE;
    }

    @Override
    boolean exists(final Path other) {
        return Files.exists(other, LinkOption.NOFOLLOW_LINKS);
    }

    @Override
    void rename(final Path from, final Path to) throws IOException {
        Files.move(from, to);
    }

    @Override
    int mode(final Path of) {
        try {
            return (Integer) Files.getAttribute(of, "unix:mode", LinkOption.NOFOLLOW_LINKS);
        } catch (final IOException | UnsupportedOperationException | IllegalArgumentException e) {
            return 0;
        }
    }

    @Override
    void syncDirectory(final Path directory) throws IOException {
        try (FileChannel opened = FileChannel.open(directory, StandardOpenOption.READ)) {
            force(opened, true);
        } catch (final AccessDeniedException e) {
            // Windows opens no directory, and orders its names by a journal.
            if (isPosix(directory)) {
                throw e;
            }
        }
    }

    @Override
    public void close() throws IOException {
        leave(this);
    }

    private void leave(final Closeable user) throws IOException {
        if (!users.remove(user) || !users.isEmpty()) {
            return;
        }
        try {
            channel.close();
        } catch (final IOException e) {
            throw new IOException("close " + path + ": " + e.getMessage(), e); // Java's own names no file.
        }
    }
}
