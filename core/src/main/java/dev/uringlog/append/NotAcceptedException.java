package dev.uringlog.append;

/** The ring was full, or the file takes no bytes, and the caller waits no longer. The event was not accepted. */
public final class NotAcceptedException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    NotAcceptedException(final String message) {
        super(message);
    }
}
