package dev.uringlog.append;

/** An event found no room, or a file that takes no bytes, and its caller waits no longer; the event was not accepted. */
public final class NotAcceptedException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    NotAcceptedException(final String message) {
        super(message);
    }
}
