package dev.uringlog.file;

import dev.uringlog.sys.Errno;
import dev.uringlog.sys.Platform;
import dev.uringlog.sys.Platform.OpenFlags;
import dev.uringlog.sys.Syscalls;
import dev.uringlog.write.ErrnoException;
import java.nio.file.Path;

/** Brings a directory's entries to stable storage. */
final class DirectorySync {
    private DirectorySync() {}

    /**
     * Waits until the entries that a directory has now are on stable storage: fsync(2).
     *
     * @param directory where
     * @param syscalls the kernel
     * @throws ErrnoException if it fails
     */
    static void sync(final Path directory, final Syscalls syscalls) throws ErrnoException {
        final OpenFlags flags = Platform.current().openFlags();
        final int common = OpenFlags.O_RDONLY | flags.directory() | flags.closeOnExec();
        int fd;
        do {
            fd = syscalls.open(directory.toString(), common, 0);
        } while (isSignal(fd));
        check("open the directory ", directory, fd);
        try {
            int result;
            do {
                result = syscalls.fsync(fd);
            } while (isSignal(result));
            check("fsync the directory ", directory, result);
        } finally {
            syscalls.close(fd);
        }
    }

    private static boolean isSignal(final int result) {
        return result < 0 && Errno.of(-result) == Errno.EINTR; // Not a failure.
    }

    private static void check(final String call, final Path directory, final int result) throws ErrnoException {
        if (result < 0) {
            throw new ErrnoException(call + directory, -result);
        }
    }
}
