package dev.uringlog.write;

import dev.uringlog.sys.Errno;
import java.io.IOException;

/** A system call failed. The errno's number and name tell why. */
public final class ErrnoException extends IOException {
    private static final long serialVersionUID = 1L;

    /** This platform's errno. */
    private final int errno;

    /**
     * Creates an exception with a message such as {@code writev: ENOSPC (28)}.
     *
     * @param call the system call, and its purpose if that helps
     * @param errno its error number, positive
     */
    public ErrnoException(final String call, final int errno) {
        super(Errno.text(call, errno));
        this.errno = errno;
    }

    /**
     * The number.
     *
     * @return this platform's errno, positive
     */
    public int errno() {
        return errno;
    }

    /**
     * The name, the same on every platform.
     *
     * @return such as {@code ENOSPC}, or {@code errno} for a number without a name here
     */
    public String errnoName() {
        return Errno.name(errno);
    }
}
