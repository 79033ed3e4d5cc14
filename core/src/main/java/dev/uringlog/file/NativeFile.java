package dev.uringlog.file;

import dev.uringlog.sys.FileStatus;
import dev.uringlog.sys.Syscalls;
import dev.uringlog.write.ErrnoException;
import dev.uringlog.write.LogFile;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** A file by its descriptor. */
final class NativeFile extends OpenedFile<NativeFile> {
    final LogFile log;
    private final Syscalls syscalls;

    NativeFile(final LogFile log, final Syscalls syscalls) {
        super(log.path(), log.isCreated(), log.modeRefusal(), log.initialSize());
        this.log = log;
        this.syscalls = syscalls;
    }

    @Override
    NativeFile openOther(final Path other, final boolean append) throws IOException {
        return new NativeFile(log.openOther(other, !append), syscalls);
    }

    @Override
    Again again() throws IOException {
        requireName(log); // It may have been removed to free its space, which an open descriptor would keep.
        return new Duplicate(log.duplicate());
    }

    private static void requireName(final LogFile file) throws IOException {
        if (file.isUnlinked()) {
            throw new NoSuchFileException(file.path().toString(), null, "it has been removed");
        }
    }

    /** By a duplicate of the descriptor: it can be synced wherever its name goes. */
    private record Duplicate(LogFile log) implements Again {
        @Override
        public void sync() throws IOException {
            log.sync();
            requireName(log);
        }

        @Override
        public void close() throws IOException {
            log.close();
        }
    }

    @Override
    boolean isRegular() {
        return log.isRegular();
    }

    @Override
    boolean isSameFile(final NativeFile other) {
        return log.isSameFile(other.log);
    }

    @Override
    CurrentFile.Fate look() throws IOException {
        final long found = log.sizeInPlace();
        if (found >= 0) {
            size = found;
            return CurrentFile.Fate.IN_PLACE;
        }
        if (!log.isPathEmpty()) {
            return CurrentFile.Fate.REPLACED;
        }
        try {
            size = log.size();
            return log.isUnlinked() ? CurrentFile.Fate.UNLINKED : CurrentFile.Fate.MOVED;
        } catch (final ErrnoException e) {
            return CurrentFile.Fate.UNLINKED; // The file system does not even tell that.
        }
    }

    @Override
    boolean exists(final Path other) {
        return syscalls.lstat(other.toString(), new FileStatus()) == 0;
    }

    /** Replaces no file that holds anything: another process may have made it. */
    @Override
    void rename(final Path from, final Path to) throws IOException {
        final FileStatus there = new FileStatus();
        if (syscalls.lstat(to.toString(), there) == 0 && there.size() > 0) {
            throw new FileAlreadyExistsException(to.toString());
        }
        final int result = syscalls.rename(from.toString(), to.toString());
        if (result < 0) {
            throw new ErrnoException("rename " + from, -result);
        }
    }

    @Override
    int mode(final Path of) {
        final FileStatus status = new FileStatus();
        return syscalls.lstat(of.toString(), status) == 0 ? status.permissions() : 0;
    }

    @Override
    void syncDirectory(final Path directory) throws IOException {
        DirectorySync.sync(directory, syscalls);
    }

    @Override
    public void close() throws IOException {
        log.close();
    }
}
