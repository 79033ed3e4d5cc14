package dev.uringlog.append;

/**
 * How long a caller waits for a log: for room in a full ring, and for its event to be written or synced. For an application
 * that must be able to end such waits without closing the log.
 *
 * <p>It is asked when a caller begins to wait, and then about ten times a second, on the thread of any caller that waits. It
 * must not block, throw, or log.
 */
@FunctionalInterface
public interface Patience {
    /** Waits as long as it takes. */
    Patience ENDLESS = isHeld -> false;

    /**
     * Whether the caller should stop waiting. From then on, each call that would have to wait fails at once.
     *
     * @param isHeld whether the file is known to take no bytes for now, so that events are held ({@link FailurePolicy#HOLD})
     * @return true if the call should fail now
     */
    boolean isOver(boolean isHeld);
}
