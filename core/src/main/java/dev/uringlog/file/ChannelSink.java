package dev.uringlog.file;

import dev.uringlog.sys.Modes;
import dev.uringlog.write.AsideName;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * The pure-Java tier: a FileChannel that only the flusher touches, for where there is no native access. An interrupt of
 * the flusher's thread closes such a channel; it is opened anew.
 */
public final class ChannelSink implements Sink {
    private static final int HEAP_PIECE = 64 << 10;

    private static final int WRITABLE_BY_OTHERS = 0022;
    private static final int STICKY = 01000;
    private static final int ASIDE_TRIES_MAX = 10;

    private final Set<PosixFilePermission> permissions;
    private final boolean isModeGiven;
    private final long initialSize;

    private final Directories directories = new Directories(ChannelSink::syncDirectory);
    private Path path;
    private FileChannel channel;
    private Object key;
    private long size;
    private boolean isCreated;
    private boolean isAnother;
    private String modeRefusal;

    /** Null until a listener is set. */
    private Troubles troubles;

    /**
     * Opens a file, and makes it if there is none.
     *
     * @param path a regular file; a link is not followed
     * @param append whether to write after what it holds, or to empty it first
     * @param permissions the file's, where the file system has such; null for {@code rw-------} where it is made, and those it
     *     has where it is there
     * @throws IOException if it cannot be opened, or is no regular file
     */
    public ChannelSink(final Path path, final boolean append, final Set<PosixFilePermission> permissions)
            throws IOException {
        isModeGiven = permissions != null;
        this.permissions = isModeGiven ? permissions : PosixFilePermissions.fromString("rw-------");
        open(path, append);
        initialSize = size;
    }

    @Override
    public void open(final Path given, final boolean append) throws IOException {
        final Path other = given.toAbsolutePath();
        if (Files.isSymbolicLink(other)) {
            throw new IOException(other + " is a symbolic link, which is refused");
        }
        final boolean existed = Files.exists(other, LinkOption.NOFOLLOW_LINKS);
        if (existed && !Files.isRegularFile(other, LinkOption.NOFOLLOW_LINKS)) {
            throw new IOException(other + " is not a regular file");
        }
        if (!append) {
            truncate(other);
        }
        final FileChannel fresh = FileChannel.open(
                other,
                Set.<OpenOption>of(StandardOpenOption.CREATE, StandardOpenOption.APPEND, LinkOption.NOFOLLOW_LINKS),
                atCreation(other));
        final BasicFileAttributes found;
        boolean isAccepted = false;
        try {
            modeRefusal = !existed || isModeGiven ? setMode(other) : null;
            // By its name: an interrupt would close the channel that is asked.
            found = attributes(other);
            isAccepted = true;
        } finally {
            if (!isAccepted) {
                fresh.close();
            }
        }
        leave();
        isAnother = !existed || !Objects.equals(found.fileKey(), key);
        isCreated = !existed;
        channel = fresh;
        path = other;
        size = found.size();
        key = found.fileKey();
        directories.opened(path);
        tellMode();
    }

    /** Returns why the mode is another than it is to be, or null: that is no reason not to log. */
    private String setMode(final Path other) throws IOException {
        if (!isPosix(other) || permissionsOf(other).equals(permissions)) {
            return null;
        }
        String reason = "the change succeeds and changes nothing";
        try {
            Files.setPosixFilePermissions(other, permissions);
        } catch (final IOException | UnsupportedOperationException e) {
            reason = e instanceof FileSystemException refused ? refused.getReason() : e.toString();
        }
        final Set<PosixFilePermission> actual = permissionsOf(other);
        return actual.equals(permissions) ? null : Modes.refusal(Modes.of(actual), Modes.of(permissions), reason);
    }

    private static Set<PosixFilePermission> permissionsOf(final Path file) throws IOException {
        return Files.getPosixFilePermissions(file, LinkOption.NOFOLLOW_LINKS);
    }

    @Override
    public void tell(final Troubles to) {
        troubles = to;
        tellMode();
    }

    private void tellMode() {
        if (troubles != null && modeRefusal != null) {
            troubles.modeRefused(path, modeRefusal);
        }
    }

    /** Closes the file, once, whatever comes of it. */
    private void leave() {
        try {
            close();
        } catch (final IOException e) {
            if (troubles != null) {
                troubles.closeFailed(e);
            }
        }
    }

    /** So that a new file is never open to more than it is to be, not even for a moment; the umask may still take away. */
    private FileAttribute<?>[] atCreation(final Path other) {
        return isPosix(other)
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(permissions)}
                : new FileAttribute<?>[0];
    }

    private static boolean isPosix(final Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix");
    }

    private void truncate(final Path other) throws IOException {
        FileChannel.open(
                        other,
                        Set.<OpenOption>of(
                                StandardOpenOption.CREATE,
                                StandardOpenOption.WRITE,
                                StandardOpenOption.TRUNCATE_EXISTING,
                                LinkOption.NOFOLLOW_LINKS),
                        atCreation(other))
                .close();
    }

    /** The JDK copies a heap buffer into direct memory of the same size, which each thread keeps. */
    private long writePiece(final ByteBuffer[] parts) throws IOException {
        final int limit = parts[0].limit();
        try {
            parts[0].limit(Math.min(limit, parts[0].position() + HEAP_PIECE));
            return parts[0].hasRemaining() ? channel.write(parts[0]) : channel.write(parts);
        } finally {
            parts[0].limit(limit);
        }
    }

    @Override
    public long write(final ByteBuffer[] parts) throws IOException {
        final long offered = Sink.remaining(parts);
        try {
            final long written = parts[0].isDirect() ? channel.write(parts) : writePiece(parts);
            size += written;
            return written;
        } catch (final ClosedChannelException e) {
            // Somebody interrupted the flusher, which says nothing of the file: the flag goes, the file comes back,
            // and the parts tell what was written before.
            Thread.interrupted();
            reopen();
            return offered - Sink.remaining(parts);
        }
    }

    @Override
    public void sync() throws IOException {
        // An interrupt from before would close the channel, and a sync of unknown outcome counts as failed.
        Thread.interrupted();
        channel.force(false);
    }

    @Override
    public boolean areNamesSynced() {
        return directories.areSynced();
    }

    @Override
    public String syncNames() throws IOException {
        return directories.sync();
    }

    @Override
    public void grown(final Path directory) {
        directories.grown(directory);
    }

    @Override
    public void movedTo(final Path directory) {
        directories.movedTo(directory);
    }

    @Override
    public void leaveNames() {
        directories.leaveUnsynced();
    }

    private static void syncDirectory(final Path directory) throws IOException {
        Thread.interrupted(); // It would close the channel.
        try (FileChannel opened = FileChannel.open(directory, StandardOpenOption.READ)) {
            opened.force(true);
        } catch (final AccessDeniedException e) {
            // Windows opens no directory, and orders its names by a journal.
            if (isPosix(directory)) {
                throw e;
            }
        }
    }

    @Override
    public Path setAside(final String suffix) throws IOException {
        if (look() != Fate.IN_PLACE) { // Else a file of others would be taken from them.
            openOthers();
            return null;
        }
        final Path wanted = AsideName.of(path, suffix);
        Path aside = wanted;
        for (int i = 2; Files.exists(aside, LinkOption.NOFOLLOW_LINKS) && i <= ASIDE_TRIES_MAX; i++) {
            aside = Path.of(wanted + "-" + i);
        }
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
        return aside;
    }

    /** Opens what others have put at the path, unless that may be the file that was to be set aside. */
    private void openOthers() throws IOException {
        reopen();
        if (!isCreated && (!isAnother || look() != Fate.IN_PLACE)) {
            throw new IOException("it is not certain that " + path + " is another file now");
        }
    }

    @Override
    public boolean isInterruptible() {
        return true;
    }

    @Override
    public void reopen() throws IOException {
        open(path, true);
    }

    @Override
    public void closeFile() {
        leave();
    }

    @Override
    public boolean isOpen() {
        return channel != null;
    }

    @Override
    public boolean isCreated() {
        return isCreated;
    }

    @Override
    public boolean isAnother() {
        return isAnother;
    }

    /** By its path, so before it is moved; where files have no keys (Windows) nothing would tell whether it was. */
    @Override
    public LeftFile keep() throws IOException {
        final FileChannel again = FileChannel.open(path, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
        final LeftFile kept = new Kept(again, path, directories);
        if (key == null || look() != Fate.IN_PLACE) {
            kept.close();
            throw new IOException(path + " is not where it was");
        }
        return kept;
    }

    private record Kept(FileChannel again, Path path, Directories directories) implements LeftFile {
        @Override
        public void sync() throws IOException {
            Thread.interrupted(); // As for the log's own file.
            again.force(false);
            directories.grown(path.getParent());
        }

        @Override
        public void close() throws IOException {
            again.close();
        }
    }

    @Override
    public Path path() {
        return path;
    }

    @Override
    public Fate look() {
        final BasicFileAttributes there;
        try {
            there = attributes(path);
        } catch (final IOException e) {
            return Fate.UNLINKED; // Or only moved, which nothing here can tell.
        }
        // There are no keys on Windows, where nobody can move a file that is open.
        if (!Objects.equals(there.fileKey(), key)) {
            return Fate.REPLACED;
        }
        size = there.size();
        return Fate.IN_PLACE;
    }

    private static BasicFileAttributes attributes(final Path path) throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    }

    @Override
    public long size() {
        return size;
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
        final Path parent = path.getParent();
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
        final FileChannel old = channel;
        channel = null;
        if (old == null) {
            return;
        }
        try {
            old.close();
        } catch (final IOException e) {
            throw new IOException("close " + path + ": " + e.getMessage(), e); // Java's own names no file.
        }
    }
}
