package dev.uringlog.write;

import java.io.IOException;

/** Placeholder. */
public class WriterClosedException extends IOException {
    private static final long serialVersionUID = 1L;

    /** P. */
    public WriterClosedException() {
        super("closed");
    }
}
