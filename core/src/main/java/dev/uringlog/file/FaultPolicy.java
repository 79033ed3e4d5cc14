package dev.uringlog.file;

import dev.uringlog.write.ErrnoException;
import java.io.IOException;

/** What a failed write asks for. */
public enum FaultPolicy {
    /** Somebody can mend it: keep the bytes and try again. */
    HOLD,
    /** The descriptor is of no use: open the file anew, then try again; a second time the batch has failed. */
    REOPEN;

    /**
     * Judges a failure.
     *
     * @param failure what a {@link Sink} threw
     * @return what to do
     */
    public static FaultPolicy of(final IOException failure) {
        if (!(failure instanceof ErrnoException errno)) {
            return HOLD;
        }
        return switch (errno.errnoName()) {
            // Wrong descriptor, wrong kind of file, reader gone: the same call will never succeed.
            case "EBADF", "EINVAL", "EFAULT", "ENXIO", "EPIPE", "ENODEV", "ESTALE" -> REOPEN;
            // ENOSPC, EDQUOT, EFBIG, EIO, EROFS, EAGAIN and whatever else: an operator can mend it.
            default -> HOLD;
        };
    }

    /**
     * Whether all that lacks is space: the same file will take the rest of what it has taken a part of.
     *
     * @param failure what a {@link Sink} threw
     * @return false if that is not known
     */
    public static boolean isWantOfSpace(final IOException failure) {
        // FileChannel has only the C library's words.
        final String name = failure instanceof ErrnoException errno ? errno.errnoName() : failure.getMessage();
        return switch (String.valueOf(name)) {
            case "ENOSPC", "EDQUOT", "EFBIG" -> true;
            case "No space left on device", "Disk quota exceeded", "File too large" -> true;
            default -> false;
        };
    }
}
