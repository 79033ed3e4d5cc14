package dev.uringlog.flush;

import java.io.IOException;

/**
 * What one write came to. How far it got is {@link BatchWriter#reached}.
 *
 * @param state what becomes of the bytes that are not in the file
 * @param cause why they are not; null if they are, or if the file just took none of them
 */
record WriteOutcome(State state, IOException cause) {
    static final WriteOutcome WRITTEN = new WriteOutcome(State.WRITTEN, null);
    static final WriteOutcome HELD = new WriteOutcome(State.HELD, null);
    static final WriteOutcome ELSEWHERE = new WriteOutcome(State.ELSEWHERE, null);

    /** What becomes of the bytes. */
    enum State {
        /** All of them are in the file. */
        WRITTEN,

        /** The thread that has the patience for it, the flusher, is to write the rest. */
        HELD,

        /** The rest is lost. */
        FAILED,

        /** The rest is lost, and the kernel may still read the memory it is in. */
        QUARANTINED,

        /** The rest could be held, and is lost because events are dropped rather than held. */
        DROPPED,

        /** The file takes nothing, and its path does not lead to it any more: the rest belongs into the file it leads to. */
        TAKEN_AWAY,

        /** The log has come to another file, and the one before has a part of the batch. */
        ELSEWHERE
    }

    static WriteOutcome failed(final IOException cause) {
        return new WriteOutcome(State.FAILED, cause);
    }

    boolean is(final State other) {
        return state == other;
    }
}
