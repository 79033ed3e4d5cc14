package dev.uringlog.append;

/** An event was handed to a log after its {@link AppendLog#close()}; the event was not accepted. */
public final class LogClosedException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    LogClosedException(final String description) {
        super(description + " is closed");
    }
}
