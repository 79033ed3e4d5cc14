package dev.uringlog.append;

/**
 * Hears what a log has to say of itself: never an event's contents, and never more than a line a second for one kind of
 * trouble. Called on the thread that writes (the flusher's, or that of a caller who waits and writes for others), or on a
 * caller's of {@code open} or {@code close}; should return soon. What it throws is ignored. It may append to the same log:
 * a full ring then discards instead of waiting, and no event is waited for. It must not wait for a position.
 */
public interface AppendLogListener {
    /**
     * Something worth knowing: how the log writes and why, a recovery.
     *
     * @param message one line
     */
    void info(String message);

    /**
     * Something to look at: a slower way chosen, events discarded.
     *
     * @param message one line
     */
    void warn(String message);

    /**
     * Something that costs events or keeps them waiting.
     *
     * @param message one line
     * @param cause what happened, or null
     */
    void error(String message, Throwable cause);

    /**
     * Everything up to a position is on stable storage. Called each time that moves, by one thread at a time, whichever
     * made it move, and never backwards; where moves come faster than this returns, only with the last. Nobody waits for it
     * to return but the caller, if it runs on one's thread. It must not wait for a position either.
     *
     * @param position {@link AppendLog#durablePosition()}
     */
    default void durable(final long position) {}

    /**
     * A listener that says everything through the platform's own logger, {@code dev.uringlog}. The logger is made with the
     * first message: until then nothing of the platform's logging is touched.
     *
     * @return a listener
     */
    static AppendLogListener systemLogger() {
        return new AppendLogListener() {
            @Override
            public void info(final String message) {
                log(System.Logger.Level.INFO, message, null);
            }

            @Override
            public void warn(final String message) {
                log(System.Logger.Level.WARNING, message, null);
            }

            @Override
            public void error(final String message, final Throwable cause) {
                log(System.Logger.Level.ERROR, message, cause);
            }

            private void log(final System.Logger.Level level, final String message, final Throwable cause) {
                System.getLogger("dev.uringlog").log(level, message, cause); // Made once, kept by the platform.
            }
        };
    }
}
