package dev.uringlog.append;

import java.io.IOException;

/** Turns an Error that kept a log from opening into what callers handle: no reason for an application not to start. */
final class OpenFailure {
    private OpenFailure() {}

    static IOException of(final Error failure, final int ringSize) {
        final String message = String.valueOf(failure.getMessage());
        if (!(failure instanceof OutOfMemoryError)) {
            return new IOException("the log cannot be opened: " + failure, failure);
        }
        final String why;
        if (message.contains("direct buffer memory")) {
            why = "no direct memory for a log with ringSize " + ringSize
                    + ", raise -XX:MaxDirectMemorySize or lower ringSize: ";
        } else if (message.contains("native thread")) {
            why = "no thread for a log, raise the limit on threads (ulimit -u, pids.max): ";
        } else {
            why = "no memory for a log with ringSize " + ringSize + ", raise -Xmx: ";
        }
        return new IOException(why + message, failure);
    }
}
