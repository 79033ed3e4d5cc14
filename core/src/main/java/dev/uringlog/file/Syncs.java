package dev.uringlog.file;

import java.io.IOException;

/**
 * Syncs of a sink that nobody waits for, several in flight. {@link #wake} is anybody's, the rest the thread's that writes when
 * nobody leads, and {@link #await} alone is called without the right to touch the file.
 */
public interface Syncs {
    /** No sync. */
    int NONE = -1;

    /**
     * How many may be in flight.
     *
     * @return 1 or more
     */
    int depth();

    /**
     * Begins to bring everything written so far to stable storage.
     *
     * @return its slot, 0…depth − 1; or {@link #NONE} if now it has to be waited for, by {@link Sink#sync}
     */
    int begin();

    /**
     * Takes a sync that has completed; they come in any order.
     *
     * @return its slot, or {@link #NONE} if there is none
     */
    int poll();

    /**
     * What became of the sync taken last.
     *
     * @return null if all is well; else believe no later success on that file
     */
    IOException failure();

    /**
     * Whether to call {@link #poll}.
     *
     * @return false if it would have nothing to tell
     */
    boolean hasNews();

    /**
     * Waits for news, for {@link #wake}, or for no reason.
     *
     * @param nanos how long at most
     */
    void await(long nanos);

    /** Ends a wait, or the next one. */
    void wake();

    /**
     * Why there are no more of these.
     *
     * @return one line, or null; once it is not null those in flight have no outcome
     */
    String degradation();
}
