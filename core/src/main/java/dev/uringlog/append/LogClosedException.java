package dev.uringlog.append;

/** An event came after the log's {@link AppendLog#close()}. It was not accepted. */
public final class LogClosedException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    LogClosedException(final String description) {
        super(description + " is closed");
    }
}
