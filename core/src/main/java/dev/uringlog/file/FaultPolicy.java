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
}
