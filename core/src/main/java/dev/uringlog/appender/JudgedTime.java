package dev.uringlog.appender;

import java.util.function.LongSupplier;

/**
 * The time by which a rolling policy judges an event: the event's own, but never ahead of the clock. A policy that is shown a
 * time in the future does not roll before then. For use by one thread at a time.
 */
public final class JudgedTime {
    private final LongSupplier clock;

    /** The clock's time when it was last read: it is read again only for an event that seems to be ahead. */
    private long nowMillis = Long.MIN_VALUE;

    /**
     * The times of one log.
     *
     * @param clock the policy's, milliseconds since 1970
     */
    public JudgedTime(final LongSupplier clock) {
        this.clock = clock;
    }

    /**
     * The time of an event.
     *
     * @param eventMillis its own, milliseconds since 1970
     * @return the event's time, or the current time if that is earlier
     */
    public long of(final long eventMillis) {
        if (eventMillis > nowMillis) {
            nowMillis = clock.getAsLong();
        }
        return Math.min(eventMillis, nowMillis);
    }
}
