package dev.uringlog.write;

import java.io.IOException;

/** A writer or a file was used after its close. */
public final class WriterClosedException extends IOException {
    private static final long serialVersionUID = 1L;

    /** Makes one. */
    public WriterClosedException() {
        super("closed");
    }
}
