package dev.uringlog.write;

import java.io.IOException;

/** Placeholder. */
public class ErrnoException extends IOException {
    private static final long serialVersionUID = 1L;
    private final int errno;

    /** @param call c @param errno e */
    public ErrnoException(final String call, final int errno) {
        super(call + ": errno " + errno);
        this.errno = errno;
    }

    /** @return e */
    public int errno() {
        return errno;
    }

    /** @return e */
    public String errnoName() {
        return "errno " + errno;
    }
}
