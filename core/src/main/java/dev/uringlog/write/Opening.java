package dev.uringlog.write;

import dev.uringlog.sys.Errno;
import dev.uringlog.sys.FileStatus;
import dev.uringlog.sys.Modes;
import dev.uringlog.sys.Platform;
import dev.uringlog.sys.Platform.OpenFlags;
import dev.uringlog.sys.Syscalls;
import java.io.IOException;

/** Opens a file once with the settings of its {@link LogFile}, and keeps its status. */
final class Opening {
    /** If a file appears and disappears this often between two calls, another process does it on purpose. */
    private static final int OPEN_TRIES_MAX = 10;

    private final Syscalls syscalls;
    private final LogFile.Builder config;
    private FileStatus status;
    private boolean isCreated;
    private String modeRefusal;

    Opening(final Syscalls syscalls, final LogFile.Builder config) {
        this.syscalls = syscalls;
        this.config = config;
    }

    /** Returns the descriptor. */
    int open(final boolean truncate) throws IOException {
        final OpenFlags flags = Platform.current() == null
                ? Platform.of("Linux", "amd64").openFlags()
                : Platform.current().openFlags();
        // Non-blocking: opening a FIFO without a reader must not hang before its type is known.
        final int common =
                OpenFlags.O_WRONLY | flags.append() | flags.closeOnExec() | flags.noFollow() | flags.nonBlock();
        final String path = config.path.toString();
        for (int tries = 0; tries < OPEN_TRIES_MAX; tries++) {
            int result = syscalls.open(path, common | flags.create() | flags.exclusive(), config.mode);
            final boolean isNew = result >= 0;
            if (result < 0 && Errno.of(-result) == Errno.EEXIST) {
                result = syscalls.open(path, common | (truncate ? flags.truncate() : 0), 0);
            }
            if (result >= 0) {
                status = accepted(result, isNew);
                isCreated = isNew;
                return result;
            }
            switch (Errno.of(-result)) {
                case EINTR, ENOENT -> { // A signal, or the file was just deleted: try again.
                    if (tries + 1 == OPEN_TRIES_MAX) {
                        throw new ErrnoException("open " + path, -result);
                    }
                }
                case ELOOP, EMLINK -> throw new IOException(path + " is a symbolic link, which is refused");
                default -> throw new ErrnoException("open " + path, -result);
            }
        }
        throw new IOException("open " + path + ": another process keeps creating and deleting it");
    }

    /** Returns the opened file's status. Closes the file if it must not be used. */
    private FileStatus accepted(final int opened, final boolean isNew) throws IOException {
        try {
            final FileStatus found = new FileStatus();
            check("fstat", syscalls.fstat(opened, found));
            if (!found.isRegularFile() && !config.allowSpecialFile) {
                throw new IOException(config.path + " is not a regular file");
            }
            modeRefusal = found.isRegularFile() && (isNew || config.isModeGiven) ? setMode(opened, found) : null;
            return found;
        } catch (final IOException e) {
            syscalls.close(opened); // Nothing has been written through it.
            throw e;
        }
    }

    /**
     * Sets the bits that the umask removed. Changes an existing file only if a mode was configured. On some network file
     * systems, and for other users' files, the mode cannot be changed. That does not prevent logging.
     *
     * @return why the mode is not the intended one, or null
     */
    private String setMode(final int opened, final FileStatus found) throws IOException {
        if (found.permissions() == config.mode) {
            return null;
        }
        final int changed = syscalls.fchmod(opened, config.mode);
        check("fstat", syscalls.fstat(opened, found));
        if (found.permissions() == config.mode) {
            return null;
        }
        final String reason = changed < 0
                ? new ErrnoException("fchmod", -changed).getMessage()
                : "fchmod succeeded but changed nothing";
        return Modes.refusal(found.permissions(), config.mode, reason);
    }

    private void check(final String call, final int result) throws ErrnoException {
        if (result < 0) {
            throw new ErrnoException(call + " " + config.path, -result);
        }
    }

    FileStatus status() {
        return status;
    }

    boolean isCreated() {
        return isCreated;
    }

    /** Why the file does not have the intended mode; null if it has. */
    String modeRefusal() {
        return modeRefusal;
    }
}
