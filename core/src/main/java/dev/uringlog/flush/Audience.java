package dev.uringlog.flush;

import dev.uringlog.flush.Waiters.Waiter;
import java.io.IOException;

/** All who wait for something to become of the log's events. */
public final class Audience {
    private final Watermarks marks;

    /** Those who may lead. */
    public final Waiters callers = new Waiters();

    /** Those who may not, because they must be back in time: the flusher's thread works for them. */
    public final Waiters guests = new Waiters();

    /** Those who wait for the log to turn to another file. */
    public final Barriers barriers = new Barriers();

    /** Only the baton's holder uses it. */
    private IOException failure;

    Audience(final Watermarks marks) {
        this.marks = marks;
    }

    boolean isThere() {
        return !guests.isEmpty() || !callers.isEmpty();
    }

    /** Any thread: whether a caller waits for stable storage. */
    boolean wantsDurable() {
        return callers.hasDurable() || guests.hasDurable();
    }

    /** {@return whether a caller waits for stable storage whose event is written; only the baton's holder asks} */
    public boolean wantsSync() {
        return marks.durable() < marks.written()
                && (callers.wantsSync(marks.written()) || guests.wantsSync(marks.written()));
    }

    /** A new turn begins: {@link #failure} is about what comes from here on. */
    public void begin() {
        failure = null;
    }

    /** {@return what kept events from being written since {@link #begin}; null if nothing did} */
    public IOException failure() {
        return failure;
    }

    /**
     * Events are not written for now, or never will be. All whose position is not reached are told.
     *
     * @param cause why
     */
    void fail(final IOException cause) {
        failure = cause;
        callers.fail(marks, false, cause);
        guests.fail(marks, false, cause);
        barriers.fail(cause);
    }

    /** What is written could not be synced. */
    void failDurable(final IOException cause) {
        callers.fail(marks, true, cause);
        guests.fail(marks, true, cause);
    }

    /**
     * Takes those whose position is reached.
     *
     * @param own is not taken but done with at once; may be null
     * @param before waiters taken earlier, or null
     * @return those taken and those before
     */
    public Waiter takeReached(final Waiter own, final Waiter before) {
        return guests.takeReached(marks, null, callers.takeReached(marks, own, before));
    }

    /** Any thread: nothing is written any more. */
    public void over() {
        final IOException closed = new IOException("closed before it was written");
        callers.giveUp(closed);
        guests.giveUp(closed);
        barriers.over(closed);
    }
}
