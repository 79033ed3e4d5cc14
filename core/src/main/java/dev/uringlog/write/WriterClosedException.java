package dev.uringlog.write;

import java.io.IOException;

/** A writer or a file was used after it was closed. */
public final class WriterClosedException extends IOException {
    private static final long serialVersionUID = 1L;

    /** Creates an exception. */
    public WriterClosedException() {
        super("closed");
    }
}
