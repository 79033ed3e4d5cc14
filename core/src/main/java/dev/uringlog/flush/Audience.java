package dev.uringlog.flush;

import dev.uringlog.flush.Waiters.Waiter;
import java.io.IOException;

/** All who wait for something to become of the log's events. */
final class Audience {
    private final Watermarks marks;

    /** Those who may lead. */
    final Waiters callers = new Waiters();

    /** Those who may not, because they must be back in time: the flusher's thread works for them. */
    final Waiters guests = new Waiters();

    final Barriers barriers = new Barriers();

    /** The baton's holder's own. */
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

    /** Holder: whether a caller waits for stable storage whose event is written. */
    boolean wantsSync() {
        return marks.durable() < marks.written()
                && (callers.wantsSync(marks.written()) || guests.wantsSync(marks.written()));
    }

    /** Holder: {@link #failure} tells of what comes from here on. */
    void begin() {
        failure = null;
    }

    /** Holder: what kept events from being written since {@link #begin}; null if nothing did. */
    IOException failure() {
        return failure;
    }

    /** Holder: events are not written for now, or never will be. All whose position is not reached are told. */
    void fail(final IOException cause) {
        failure = cause;
        callers.fail(marks, false, cause);
        guests.fail(marks, false, cause);
        barriers.fail(cause);
    }

    /** Holder: what is written could not be synced. */
    void failDurable(final IOException cause) {
        callers.fail(marks, true, cause);
        guests.fail(marks, true, cause);
    }

    /**
     * Holder: takes those whose position is reached.
     *
     * @param own is not taken but done with at once; may be null
     * @param before waiters taken earlier, or null
     * @return those taken and those before
     */
    Waiter takeReached(final Waiter own, final Waiter before) {
        return guests.takeReached(marks, null, callers.takeReached(marks, own, before));
    }

    /** Any thread: nothing is written any more. */
    void over() {
        final IOException closed = new IOException("closed before it was written");
        callers.giveUp(closed);
        guests.giveUp(closed);
        barriers.over(closed);
    }
}
