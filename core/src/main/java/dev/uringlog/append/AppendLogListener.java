package dev.uringlog.append;

/**
 * Is told what happens to a log: never an event's contents, and at most one line a second for one kind of trouble. It is called
 * on the thread that writes (the log's own, or a caller's that writes for others), or by {@code open} or {@code close} on the
 * caller's thread. It should return soon. What it throws is ignored. It may append to the same log: if the ring is full, that
 * event is discarded, and no event is waited for. It must not wait for a position.
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
     * Everything up to a position is on stable storage. Called each time the position advances, by the thread that advanced it,
     * one at a time. If the position advances faster than this method returns, intermediate positions are skipped. No other
     * thread waits for it to return. It must not wait for a position either.
     *
     * @param position {@link AppendLog#durablePosition()}
     */
    default void durable(final long position) {}

    /**
     * A listener that logs everything to the platform's own logger {@code dev.uringlog}. The logger is made at the first
     * message; until then the platform's logging is not initialised.
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
