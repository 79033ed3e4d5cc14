package dev.uringlog.write;

import dev.uringlog.sys.Errno;
import dev.uringlog.sys.FileStatus;
import dev.uringlog.sys.Modes;
import dev.uringlog.sys.Platform;
import dev.uringlog.sys.Platform.OpenFlags;
import dev.uringlog.sys.Syscalls;
import java.io.IOException;

/** Opens a file once, as its {@link LogFile} describes it, and keeps what was found. */
final class Opening {
    /** If a file comes and goes this often between two calls, another process does it on purpose. */
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
        // Not blocking: a FIFO without a reader must not hang a caller that first has to find out what it is.
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
                case EINTR,
                        ENOENT -> { // A signal, or the file is gone: try again. If its directory is missing, that fails
                    // too.
                    if (tries + 1 == OPEN_TRIES_MAX) {
                        throw new ErrnoException("open " + path, -result);
                    }
                }
                case ELOOP, EMLINK -> throw new IOException(path + " is a symbolic link, which is refused");
                default -> throw new ErrnoException("open " + path, -result);
            }
        }
        throw new IOException("open " + path + ": another process makes and removes it again and again");
    }

    /** Returns what the opened file is. Closes it if it may not be used. */
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
            syscalls.close(opened); // Nothing was written by it.
            throw e;
        }
    }

    /**
     * Corrects what the umask took away. A file that existed is changed only if a mode was asked for. On some network file
     * systems, and for files of other users, the mode cannot be changed: that is no reason not to log.
     *
     * @return why the mode is another, or null
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
                : "fchmod succeeds and changes nothing";
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

    /** Why the file has another mode than it should have; null if it has the right one. */
    String modeRefusal() {
        return modeRefusal;
    }
}
