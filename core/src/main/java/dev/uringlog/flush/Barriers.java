package dev.uringlog.flush;

import java.io.IOException;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Positions behind which callers want the log to turn to another file, and wait for that. Any thread may use it. */
public final class Barriers {
    /** No barrier stands so far away. */
    static final long NONE = Long.MAX_VALUE;

    private final Queue<Barrier> waiting = new ConcurrentLinkedQueue<>();
    private volatile IOException closed;

    /** A caller that waits for a turn behind a position. */
    static final class Barrier extends CompletableFuture<Void> {
        private final long position;
        private final boolean isRoll;

        /** The turn is to come whether anything waits for it or not. */
        private final boolean isKept;

        private Barrier(final long position, final boolean isRoll, final boolean isKept) {
            this.position = position;
            this.isRoll = isRoll;
            this.isKept = isKept;
        }

        /** Whether the roller makes the turn, or the file is only opened again. */
        boolean isRoll() {
            return isRoll;
        }

        private boolean await(final long nanos) throws IOException {
            boolean isInterrupted = false;
            final long start = System.nanoTime();
            try {
                for (; ; ) {
                    try {
                        get(nanos - (System.nanoTime() - start), TimeUnit.NANOSECONDS);
                        return true;
                    } catch (final InterruptedException e) {
                        isInterrupted = true;
                    }
                }
            } catch (final TimeoutException e) {
                return false;
            } catch (final ExecutionException e) {
                throw new IOException(e.getCause().getMessage(), e.getCause());
            } finally {
                if (isInterrupted) {
                    Thread.currentThread().interrupt();
                }
            }
        }
    }

    /** {@return whether no caller wants the log to turn} */
    public boolean isEmpty() {
        return waiting.isEmpty();
    }

    /**
     * Waits for a turn. An interrupt is kept.
     *
     * @param position behind which it is to come
     * @param isRoll whether the roller makes it, or the file is only opened again
     * @param nanos how long at most; the turn comes all the same
     * @param wakeFlusher tells the thread that turns
     * @return false if it has not come by then
     * @throws IOException if it failed, or the log was closed before
     */
    public boolean await(final long position, final boolean isRoll, final long nanos, final Runnable wakeFlusher)
            throws IOException {
        final Barrier barrier = new Barrier(position, isRoll, nanos != Long.MAX_VALUE);
        waiting.add(barrier);
        if (closed != null) {
            failAll(closed); // The thread that closed the log may have looked before.
        }
        wakeFlusher.run();
        return barrier.await(nanos);
    }

    /** The position of the first one, or {@link #NONE}. */
    long position() {
        final Barrier first = waiting.peek();
        return first == null ? NONE : first.position;
    }

    /** The first one if it stands at or before a position, or null. */
    Barrier reached(final long position) {
        final Barrier first = waiting.peek();
        return first != null && first.position <= position ? first : null;
    }

    /** The log has turned, or could not. */
    void complete(final Barrier barrier, final IOException failure) {
        waiting.remove(barrier);
        if (failure == null) {
            barrier.complete(null);
        } else {
            barrier.completeExceptionally(failure);
        }
    }

    /** Waiting is in vain for now. A barrier that no caller waits at for long stays. */
    void fail(final IOException cause) {
        waiting.removeIf(barrier -> !barrier.isKept && (barrier.isDone() || barrier.completeExceptionally(cause)));
    }

    /** Waiting is in vain from now on. */
    void over(final IOException cause) {
        closed = cause;
        failAll(cause);
    }

    private void failAll(final IOException cause) {
        Barrier barrier;
        while ((barrier = waiting.poll()) != null) {
            barrier.completeExceptionally(cause);
        }
    }
}
