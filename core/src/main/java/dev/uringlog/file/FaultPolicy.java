package dev.uringlog.file;

import dev.uringlog.write.ErrnoException;
import java.io.IOException;

/** What to do after a failed write. */
public enum FaultPolicy {
    /** The cause can be removed: keep the bytes and try again. */
    HOLD,
    /** The descriptor is useless: reopen the file and try again. If it happens again, the batch has failed. */
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
            // ENOSPC, EDQUOT, EFBIG, EIO, EROFS, EAGAIN and all others: an operator can remove the cause.
            default -> HOLD;
        };
    }

    /**
     * Whether only space is missing: the same file will then take the rest of a partly written event.
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
