package dev.uringlog.file;

import dev.uringlog.write.ErrnoException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The directories whose entries are not known to be on stable storage: where a file was opened, made, renamed or moved to. */
public final class Directories {
    /** One tier's fsync(2) of a directory. */
    interface Call {
        void sync(Path directory) throws IOException;
    }

    /** What a failure to sync a directory means. */
    private enum Verdict {
        /** There is no such directory any more, so it has no entry to keep. */
        GONE,
        /** The file system or its permissions rule it out, now and later. */
        REFUSED,
        /** The entries may be lost. */
        FAILED
    }

    private final Call call;
    private final Set<Path> due = new LinkedHashSet<>();
    private Path own;
    private Path lastMovedTo;
    private boolean isTold;

    Directories(final Call call) {
        this.call = call;
    }

    /**
     * Makes the directories that a file needs.
     *
     * @param file the file
     * @return those that got a new entry for it; most often none
     * @throws IOException if they cannot be made
     */
    public static List<Path> make(final Path file) throws IOException {
        final List<Path> grown = new ArrayList<>();
        final Path parent = file.toAbsolutePath().getParent();
        Path missing = parent;
        while (missing != null && !Files.exists(missing)) {
            missing = missing.getParent();
            if (missing != null) {
                grown.add(missing);
            }
        }
        if (!grown.isEmpty()) {
            Files.createDirectories(parent);
        }
        return grown;
    }

    /** The log has opened a file. Its name may not be on stable storage, even if another process made it. */
    void opened(final Path file) {
        own = file.toAbsolutePath().getParent();
        due.add(own);
    }

    /** A directory has an entry that it did not have. */
    void grown(final Path directory) {
        due.add(directory.toAbsolutePath());
    }

    /** A file has been moved to a directory that may have been made for it, and so may those above it. */
    void movedTo(final Path directory) {
        Path each = directory.toAbsolutePath();
        due.add(each);
        if (!each.equals(lastMovedTo)) {
            lastMovedTo = each;
            while (own != null && !own.startsWith(each)) {
                each = each.getParent();
                due.add(each);
            }
        }
    }

    /** The log has left a file that is never synced: its name need not be either. */
    void leaveUnsynced() {
        lastMovedTo = null;
        due.clear();
        if (own != null) {
            due.add(own);
        }
    }

    boolean areSynced() {
        return due.isEmpty();
    }

    /** Syncs what is due. Returns what the operator should know, once; otherwise null. */
    String sync() throws IOException {
        String warning = null;
        for (final Iterator<Path> each = due.iterator(); each.hasNext(); each.remove()) {
            final Path directory = each.next();
            try {
                call.sync(directory);
            } catch (final IOException e) {
                switch (verdict(e)) {
                    case GONE -> {} // A dated directory that was cleaned up.
                    case REFUSED -> warning = warning == null ? tell(directory, e) : warning;
                    default -> throw e;
                }
            }
        }
        return warning;
    }

    private String tell(final Path directory, final IOException cause) {
        if (isTold) {
            return null;
        }
        isTold = true;
        return "the directory " + directory + " cannot be synced (" + cause.getMessage()
                + "). The file's data is still"
                + " synced, and calls that wait for that return. But if the power fails soon after a file was made or renamed"
                + " there, its name may be lost. To rule that out, let this process read the directory, or use a file system"
                + " that can sync directories.";
    }

    private static Verdict verdict(final IOException failure) {
        if (failure instanceof NoSuchFileException) {
            return Verdict.GONE;
        }
        if (failure instanceof AccessDeniedException) {
            return Verdict.REFUSED;
        }
        return switch (words(failure)) {
            case "ENOENT", "ENOTDIR", "Not a directory" -> Verdict.GONE;
            case "EINVAL", "EACCES", "EPERM", "ENOSYS", "EOPNOTSUPP" -> Verdict.REFUSED;
            case "Invalid argument", "Operation not permitted", "Function not implemented" -> Verdict.REFUSED;
            case "Operation not supported", "Not supported" -> Verdict.REFUSED;
            default -> Verdict.FAILED; // EIO, ENOSPC, and what passes: EMFILE, ENOMEM.
        };
    }

    /** An errno's name; the C library's words where Java has only those. */
    private static String words(final IOException failure) {
        if (failure instanceof ErrnoException errno) {
            return errno.errnoName();
        }
        final String words = failure instanceof FileSystemException at ? at.getReason() : failure.getMessage();
        return String.valueOf(words);
    }
}
