package dev.uringlog.write;

import dev.uringlog.sys.Errno;
import dev.uringlog.sys.FileStatus;
import dev.uringlog.sys.Kernel;
import dev.uringlog.sys.Modes;
import dev.uringlog.sys.Platform;
import dev.uringlog.sys.Platform.OpenFlags;
import dev.uringlog.sys.Syscalls;
import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;

/**
 * A file to append to, by its descriptor, which it owns.
 *
 * <p>Opened as {@code O_WRONLY|O_APPEND|O_CREAT|O_CLOEXEC|O_NOFOLLOW}: no child process inherits it, and a symbolic link in
 * the file's place is refused, at each {@link #reopen()} too. Only a regular file is opened, unless the builder allows others.
 *
 * <p>Not for use by several threads at once.
 */
public final class LogFile implements AutoCloseable {
    /** The mode of a file that is made: its owner's alone. */
    public static final int MODE_DEFAULT = 0600;

    private final Builder config;
    private final Syscalls syscalls;
    private FileStatus status;
    private final FileStatus now = new FileStatus();
    private int fd;
    private boolean isCreated;
    private String modeRefusal;
    private IOException closeFailure;

    private LogFile(final Builder config, final Syscalls syscalls) throws IOException {
        this.config = config;
        this.syscalls = syscalls;
        fd = open(config.truncate);
    }

    private LogFile(final LogFile same, final int fd) {
        config = same.config;
        syscalls = same.syscalls;
        status = same.status;
        this.fd = fd;
    }

    /**
     * Opens a file with every default, and makes it if there is none.
     *
     * @param path where it is
     * @return the file; the caller closes it
     * @throws IOException if it cannot be opened, or is not a regular file
     */
    public static LogFile open(final Path path) throws IOException {
        return builder(path).open();
    }

    /**
     * Opens another file in the same way, and makes it if there is none. This one stays open.
     *
     * @param path where it is
     * @param truncate whether to empty it
     * @return the file; the caller closes it
     * @throws IOException as {@link #open(Path)}
     */
    public LogFile openOther(final Path path, final boolean truncate) throws IOException {
        return new LogFile(new Builder(path, config).truncate(truncate), syscalls);
    }

    /**
     * Begins to describe how to open a file.
     *
     * @param path where it is
     * @return a builder with every default
     */
    public static Builder builder(final Path path) {
        return new Builder(path);
    }

    private int open(final boolean truncate) throws IOException {
        final Opening opening = new Opening(syscalls, config);
        final int opened = opening.open(truncate);
        status = opening.status();
        isCreated = opening.isCreated();
        modeRefusal = opening.modeRefusal();
        return opened;
    }

    private void check(final String call, final int result) throws ErrnoException {
        if (result < 0) {
            throw new ErrnoException(call + " " + config.path, -result);
        }
    }

    /**
     * The descriptor.
     *
     * @return valid until {@link #reopen()} or {@link #close()}
     * @throws WriterClosedException after {@link #close()}
     */
    public int fd() throws WriterClosedException {
        if (fd < 0) {
            throw new WriterClosedException();
        }
        return fd;
    }

    /**
     * Opens the same file once more, wherever its name has gone, to sync it by another descriptor. The kernel reports an I/O
     * error that it met in the background once to each descriptor, so a sync by a descriptor of its own misses none.
     *
     * @return the file by another descriptor; the caller closes it
     * @throws IOException if there is no /proc, or the file may not be opened any more
     */
    public LogFile openedAgain() throws IOException {
        final OpenFlags flags = Platform.current().openFlags();
        final int again =
                syscalls.open("/proc/self/fd/" + fd(), OpenFlags.O_WRONLY | flags.append() | flags.closeOnExec(), 0);
        check("open once more", again);
        return new LogFile(this, again);
    }

    /**
     * Keeps the file to sync it when this one is closed. Both share one open file description, so the kernel tells the
     * duplicate each I/O error that it has not told this one.
     *
     * @return the file by another descriptor; the caller closes it
     * @throws IOException if there are too many descriptors
     */
    public LogFile duplicate() throws IOException {
        final int other = syscalls.duplicate(fd());
        check("duplicate", other);
        return new LogFile(this, other);
    }

    /**
     * Whether both are the same file, open or not.
     *
     * @param other another one
     * @return true if device and inode agree
     */
    public boolean isSameFile(final LogFile other) {
        return status.isSameFile(other.status);
    }

    /**
     * Where it is.
     *
     * @return the path it was opened by, absolute
     */
    public Path path() {
        return config.path;
    }

    /**
     * Why the file that was opened last has another mode than it should have.
     *
     * @return a few words that name both modes and the cause; null if it has the right one
     */
    public String modeRefusal() {
        return modeRefusal;
    }

    /**
     * Whether the last open made the file.
     *
     * @return false if it was there
     */
    public boolean isCreated() {
        return isCreated;
    }

    /**
     * Whether it is a regular file.
     *
     * @return false for a FIFO or a device
     */
    public boolean isRegular() {
        return status.isRegularFile();
    }

    /**
     * Its size when it was opened, after it was emptied if it was to be.
     *
     * @return bytes; 0 for what is no regular file
     */
    public long initialSize() {
        return status.isRegularFile() ? status.size() : 0;
    }

    /**
     * Its size now.
     *
     * @return bytes
     * @throws IOException if the kernel does not say
     */
    public long size() throws IOException {
        check("fstat", syscalls.fstat(fd(), now));
        return now.size();
    }

    /**
     * Its size, unless its path no longer leads to it: it was renamed, unlinked, or replaced. One system call.
     *
     * @return bytes, or -1 if {@link #reopen()} would open or make another file
     */
    public long sizeInPlace() {
        return syscalls.lstat(config.path.toString(), now) == 0 && now.isSameFile(status) ? now.size() : -1;
    }

    /**
     * Whether the path leads nowhere.
     *
     * @return false if there is anything, this file or not
     */
    public boolean isPathEmpty() {
        return syscalls.lstat(config.path.toString(), now) < 0;
    }

    /**
     * Whether the file has no name any more: what is written to it is lost when it is closed.
     *
     * @return false while it has one, wherever it is
     * @throws IOException if the kernel does not say
     */
    public boolean isUnlinked() throws IOException {
        check("fstat", syscalls.fstat(fd(), now));
        return now.links() == 0;
    }

    /**
     * Waits until what was written is on stable storage: fdatasync(2), F_FULLFSYNC on Darwin.
     *
     * @throws IOException if it fails; then believe no later success on this file
     */
    public void sync() throws IOException {
        int result;
        do {
            result = syscalls.fdatasync(fd());
        } while (result < 0 && Errno.of(-result) == Errno.EINTR); // A signal is not a failure.
        check("fdatasync", result);
    }

    /**
     * Opens the path again, makes the file if there is none, and then closes the old descriptor. If that fails, the old one
     * stays open.
     *
     * @throws IOException as {@link #open(Path)}; not for what {@link #closeFailure} tells
     */
    public void reopen() throws IOException {
        final int old = fd();
        fd = open(false);
        closeFailure = closed(old);
    }

    /**
     * What close(2) said of the descriptor that the last {@link #reopen} left: on NFS, or where there are
     * quotas, that may be the first report of a write that failed.
     *
     * @return null if all was well
     */
    public IOException closeFailure() {
        return closeFailure;
    }

    /** Never repeated: whatever close(2) answers, the descriptor is gone. */
    private IOException closed(final int descriptor) {
        final int result = syscalls.close(descriptor);
        return result < 0 && Errno.of(-result) != Errno.EINTR
                ? new ErrnoException("close " + config.path, -result)
                : null;
    }

    /**
     * Closes the descriptor. Idempotent.
     *
     * @throws IOException if the file system reports only now that something written is lost; the descriptor is closed in any case
     */
    @Override
    public void close() throws IOException {
        if (fd >= 0) {
            final int last = fd;
            fd = -1;
            final IOException failure = closed(last);
            if (failure != null) {
                throw failure;
            }
        }
    }

    /** Describes how to open a file. */
    public static final class Builder {
        final Path path;
        int mode = MODE_DEFAULT;
        boolean isModeGiven;
        boolean allowSpecialFile;
        private boolean truncate;
        private Syscalls given;

        private Builder(final Path path) {
            // Resolved once: open(2) would use the process's directory, Java's own file API uses user.dir.
            this.path = path.toAbsolutePath();
        }

        private Builder(final Path path, final Builder like) {
            this(path);
            mode = like.mode;
            isModeGiven = like.isModeGiven;
            allowSpecialFile = like.allowSpecialFile;
        }

        /**
         * The file's permissions, whatever the umask; {@code rw-------} for a file that is made, those it has for one that
         * exists. If they cannot be set, the file is opened in any case, and {@link LogFile#modeRefusal} says why.
         *
         * @param permissions the permissions
         * @return this
         */
        public Builder permissions(final Set<PosixFilePermission> permissions) {
            mode = Modes.of(permissions);
            isModeGiven = true;
            return this;
        }

        /**
         * Whether to empty the file; false by default.
         *
         * @param value true to empty it
         * @return this
         */
        public Builder truncate(final boolean value) {
            truncate = value;
            return this;
        }

        /**
         * Whether a FIFO or a character device may be opened; false by default. Writes to it never block: they fail with
         * EAGAIN.
         *
         * @param value true to allow it
         * @return this
         */
        public Builder allowSpecialFile(final boolean value) {
            allowSpecialFile = value;
            return this;
        }

        /** Replaces the kernel. For tests. */
        Builder syscalls(final Syscalls value) {
            given = value;
            return this;
        }

        /**
         * Opens the file.
         *
         * @return the file; the caller closes it
         * @throws UnsupportedStrategyException if there is no native access here
         * @throws IOException if it cannot be opened, or is not what it may be
         */
        public LogFile open() throws IOException {
            if (given != null) {
                return new LogFile(this, given);
            }
            final Kernel.Access access = Kernel.access();
            if (access.syscalls() == null) {
                throw new UnsupportedStrategyException(access.refusal());
            }
            return new LogFile(this, access.syscalls());
        }
    }
}
