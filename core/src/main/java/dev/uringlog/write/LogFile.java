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
 * A file to append to. Owns the file's descriptor.
 *
 * <p>The flags are {@code O_WRONLY|O_APPEND|O_CREAT|O_CLOEXEC|O_NOFOLLOW}. No child process inherits the descriptor, and
 * opening or reopening a symbolic link fails. The file must be a regular file unless the builder allows others.
 *
 * <p>Not for use by several threads at once.
 */
public final class LogFile implements AutoCloseable {
    /** The default mode of a new file: only its owner may read and write it. */
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
     * Opens a file with the default settings. Creates it if it does not exist.
     *
     * @param path where it is
     * @return the file; the caller closes it
     * @throws IOException if it cannot be opened, or is not a regular file
     */
    public static LogFile open(final Path path) throws IOException {
        return builder(path).open();
    }

    /**
     * Opens another file with the same settings. Creates it if it does not exist. This file stays open.
     *
     * @param path where it is
     * @param truncate whether to truncate it
     * @return the file; the caller closes it
     * @throws IOException as {@link #open(Path)}
     */
    public LogFile openOther(final Path path, final boolean truncate) throws IOException {
        return new LogFile(new Builder(path, config).truncate(truncate), syscalls);
    }

    /**
     * Returns a builder for a file.
     *
     * @param path where it is
     * @return a builder with the default settings
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
     * Opens the same file again, even if it was renamed, to sync it through another descriptor. The kernel reports a
     * background I/O error once to each open file description. So a sync through a separate one misses no error.
     *
     * @return the file with another descriptor; the caller closes it
     * @throws IOException if there is no /proc, or if the file can no longer be opened
     */
    public LogFile openedAgain() throws IOException {
        final OpenFlags flags = Platform.current().openFlags();
        final int again =
                syscalls.open("/proc/self/fd/" + fd(), OpenFlags.O_WRONLY | flags.append() | flags.closeOnExec(), 0);
        check("open again", again);
        return new LogFile(this, again);
    }

    /**
     * Duplicates the descriptor, so that the file can be synced after this one is closed. Both share one open file
     * description, so a sync of the duplicate reports each I/O error that this one has not reported.
     *
     * @return the file with another descriptor; the caller closes it
     * @throws IOException if there are too many open descriptors
     */
    public LogFile duplicate() throws IOException {
        final int other = syscalls.duplicate(fd());
        check("duplicate", other);
        return new LogFile(this, other);
    }

    /**
     * Whether both are the same file, even if one is closed.
     *
     * @param other another file
     * @return true if device and inode agree
     */
    public boolean isSameFile(final LogFile other) {
        return status.isSameFile(other.status);
    }

    /**
     * The file's path.
     *
     * @return the path it was opened by, absolute
     */
    public Path path() {
        return config.path;
    }

    /**
     * Why the file that was opened last does not have the intended mode.
     *
     * @return a clause that names both modes and the cause; null if the mode is as intended
     */
    public String modeRefusal() {
        return modeRefusal;
    }

    /**
     * Whether the last open created the file.
     *
     * @return false if it existed before
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
     * Its size when it was opened, after truncation if that was requested.
     *
     * @return bytes; 0 if it is not a regular file
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
     * Its size if its path still leads to it, which a rename, an unlink or a replacement ends. One system call.
     *
     * @return bytes, or -1 if {@link #reopen()} would open or create another file
     */
    public long sizeInPlace() {
        return syscalls.lstat(config.path.toString(), now) == 0 && now.isSameFile(status) ? now.size() : -1;
    }

    /**
     * Whether nothing exists at the path.
     *
     * @return false if anything exists there, this file or another
     */
    public boolean isPathEmpty() {
        return syscalls.lstat(config.path.toString(), now) < 0;
    }

    /**
     * Whether the file has no name any more. Then its content is lost when it is closed.
     *
     * @return false while it has a name, in any directory
     * @throws IOException if the kernel does not say
     */
    public boolean isUnlinked() throws IOException {
        check("fstat", syscalls.fstat(fd(), now));
        return now.links() == 0;
    }

    /**
     * Waits until all written bytes are on stable storage: fdatasync(2), or F_FULLFSYNC on Darwin.
     *
     * @throws IOException if it fails; after that, do not trust a later success on this file
     */
    public void sync() throws IOException {
        int result;
        do {
            result = syscalls.fdatasync(fd());
        } while (result < 0 && Errno.of(-result) == Errno.EINTR); // A signal is not a failure.
        check("fdatasync", result);
    }

    /**
     * Opens the path again and then closes the old descriptor. Creates the file if it does not exist. If the open fails, the
     * old descriptor stays open.
     *
     * @throws IOException as {@link #open(Path)}; {@link #closeFailure} reports a failed close instead
     */
    public void reopen() throws IOException {
        final int old = fd();
        fd = open(false);
        closeFailure = closed(old);
    }

    /**
     * The failure of close(2) on the old descriptor at the last {@link #reopen}. On NFS or with quotas, this may be the first
     * report of a failed write.
     *
     * @return null if the close succeeded
     */
    public IOException closeFailure() {
        return closeFailure;
    }

    /** Never repeats close(2): the descriptor is closed even if the call fails. */
    private IOException closed(final int descriptor) {
        final int result = syscalls.close(descriptor);
        return result < 0 && Errno.of(-result) != Errno.EINTR
                ? new ErrnoException("close " + config.path, -result)
                : null;
    }

    /**
     * Closes the descriptor. Idempotent.
     *
     * @throws IOException if the file system reports only now that written bytes are lost; the descriptor is closed in any
     *     case
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

    /** The settings with which to open a file. */
    public static final class Builder {
        final Path path;
        int mode = MODE_DEFAULT;
        boolean isModeGiven;
        boolean allowSpecialFile;
        private boolean truncate;
        private Syscalls given;

        private Builder(final Path path) {
            // Resolved once, because open(2) would use the process's directory and Java's own file API uses user.dir.
            this.path = path.toAbsolutePath();
        }

        private Builder(final Path path, final Builder like) {
            this(path);
            mode = like.mode;
            isModeGiven = like.isModeGiven;
            allowSpecialFile = like.allowSpecialFile;
        }

        /**
         * The file's permissions, regardless of the umask. By default a new file gets {@code rw-------} and an existing file
         * keeps its own. If they cannot be set, the file is opened nevertheless, and {@link LogFile#modeRefusal} says why.
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
         * Whether to truncate the file; false by default.
         *
         * @param value true to truncate it
         * @return this
         */
        public Builder truncate(final boolean value) {
            truncate = value;
            return this;
        }

        /**
         * Whether a FIFO or a character device may be opened; false by default. A write to it never blocks; it fails with
         * EAGAIN instead.
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
         * @throws IOException if it cannot be opened, or is not an allowed kind of file
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
