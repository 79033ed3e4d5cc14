package dev.uringlog.write;

import java.io.IOException;

/** No strategy is available here, or not the requested one. The message says why. */
public final class UnsupportedStrategyException extends IOException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception.
     *
     * @param reason one line: the call that failed, its errno, the likely cause
     */
    public UnsupportedStrategyException(final String reason) {
        super(reason);
    }
}
