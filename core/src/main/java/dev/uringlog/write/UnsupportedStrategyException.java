package dev.uringlog.write;

import java.io.IOException;

/** Placeholder. */
public class UnsupportedStrategyException extends IOException {
    private static final long serialVersionUID = 1L;

    /** @param m m */
    public UnsupportedStrategyException(final String m) {
        super(m);
    }
}
