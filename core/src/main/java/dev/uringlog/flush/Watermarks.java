package dev.uringlog.flush;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongConsumer;

/**
 * How far a log has come: everything before {@code written} is with the kernel or has failed, everything before {@code
 * durable} is on stable storage or has failed. The baton's holder moves them, any thread reads them; they only grow.
 *
 * <p>What failed is remembered for a while, because a caller may look only after the watermark has passed its event.
 */
public final class Watermarks {
    /** Older failures than these are merged: a caller that looks so late gets an error rather than none. */
    private static final int FAILURES_MAX = 16;

    private record Failure(long from, long through, boolean isOfSync, IOException cause, int depth, Failure earlier) {
        boolean concerns(final long position, final boolean isDurable) {
            return position > from && position <= through && (isDurable || !isOfSync);
        }
    }

    private final LongConsumer listener;
    private final AtomicBoolean isTelling = new AtomicBoolean();
    private volatile long told;
    private volatile long written;
    private volatile long durable;
    private volatile Failure failures;
    private volatile IOException suspect;

    /** @param listener hears of each move of the durable one; must not throw */
    Watermarks(final long position, final LongConsumer listener) {
        this.listener = listener;
        told = position;
        written = position;
        durable = position;
    }

    /** {@return the position of the end of everything written, or failed} */
    public long written() {
        return written;
    }

    /** {@return the position of the end of everything on stable storage, or failed} */
    public long durable() {
        return durable;
    }

    /** {@return why nothing can be made durable any more, or null} */
    public IOException suspect() {
        return suspect;
    }

    /** From now on nothing can be made durable, or it can again. */
    void suspect(final IOException cause) {
        suspect = cause;
    }

    /**
     * Whether a position has been passed.
     *
     * @param position an event's end
     * @param isDurable whether stable storage is meant
     * @return true also if the event failed
     */
    public boolean isReached(final long position, final boolean isDurable) {
        return position <= (isDurable ? durable : written);
    }

    /**
     * What became of an event whose position is reached.
     *
     * @param position its end
     * @param isDurable whether stable storage is meant
     * @return null if it is where it should be
     */
    public IOException failure(final long position, final boolean isDurable) {
        for (Failure failure = failures; failure != null; failure = failure.earlier) {
            if (failure.concerns(position, isDurable)) {
                return failure.cause;
            }
        }
        return null;
    }

    /** To be called before the watermark passes these. */
    void failed(final long from, final long through, final boolean isOfSync, final IOException cause) {
        final Failure last = failures;
        if (last == null) {
            failures = new Failure(from, through, isOfSync, cause, 1, null);
        } else if (last.depth < FAILURES_MAX) {
            failures = new Failure(from, through, isOfSync, cause, last.depth + 1, last);
        } else {
            final long least = Math.min(last.from, from);
            failures = new Failure(least, through, isOfSync && last.isOfSync, cause, last.depth, last.earlier);
        }
    }

    void written(final long position) {
        if (position > written) {
            written = position;
        }
    }

    void durable(final long position) {
        if (position > durable) {
            durable = position;
        }
    }

    /** Tells the listener, one thread at a time and never backwards. No thread waits for it: not to be called with the baton. */
    public void tell() {
        while (told < durable && isTelling.compareAndSet(false, true)) {
            try {
                final long position = durable;
                if (position > told) {
                    told = position;
                    listener.accept(position);
                }
            } finally {
                isTelling.set(false);
            }
        }
    }
}
