package dev.uringlog.write;

import java.io.IOException;

/** A system call failed. */
public final class ErrnoException extends IOException {
    private static final long serialVersionUID = 1L;
    private final int errno;

    /**
     * Makes one.
     *
     * @param call which
     * @param errno number
     */
    public ErrnoException(final String call, final int errno) {
        super(call + ": " + errno);
        this.errno = errno;
    }

    /**
     * Name.
     *
     * @return name
     */
    public String errnoName() {
        return "E" + errno;
    }
}
