package dev.uringlog.append;

import java.io.IOException;
import java.util.Arrays;

/**
 * Says a log's troubles to its listener, each kind at most once a second, and survives whatever the listener does. The
 * words are the same whichever framework hears them.
 */
final class Reporter {
    private static final long INTERVAL_NS = 1_000_000_000;

    private final AppendLogListener listener;
    private final String name;
    private final long[] lastNanos = new long[Kind.values().length];
    private final long[] suppressed = new long[Kind.values().length];

    private enum Kind {
        STALL,
        FAILURE,
        FLUSHER,
        REOPEN,
        NOTICE
    }

    Reporter(final AppendLogListener listener, final String name) {
        this.listener = listener;
        this.name = name;
        Arrays.fill(lastNanos, System.nanoTime() - INTERVAL_NS);
    }

    String name() {
        return name;
    }

    void info(final String message) {
        guard(() -> listener.info(message));
    }

    void warn(final String message) {
        guard(() -> listener.warn(name + ": " + message));
    }

    void stalled(final IOException cause) {
        error(Kind.STALL, "cannot write, events are held and tried again: " + cause.getMessage(), cause);
    }

    void recovered() {
        info(name + ": writing again, nothing that was held is lost");
    }

    void failed(final int count, final IOException cause) {
        error(Kind.FAILURE, count + " events could not be written and are lost: " + cause.getMessage(), cause);
    }

    void reopened(final IOException cause) {
        error(Kind.REOPEN, "opened anew, its descriptor was of no more use: " + cause.getMessage(), cause);
    }

    void reopenFailed(final IOException cause) {
        error(Kind.REOPEN, "could not be opened anew: " + cause.getMessage(), cause);
    }

    void flusherFailed(final Throwable cause) {
        error(Kind.FLUSHER, "the flusher failed and goes on: " + cause, cause);
    }

    void discarded(final long count, final long total) {
        warn(count + " events discarded, the ring was full (" + total + " in all)");
    }

    void noticeFailed(final Throwable cause) {
        error(Kind.NOTICE, "the line that tells of discarded events could not be made: " + cause, cause);
    }

    /** The last word on what was lost, which the limit of a line a second may have kept back. */
    void lostInAll(final long count) {
        guard(() -> listener.error(name + ": closed; " + count + " events could not be written and are lost", null));
    }

    void closeFailed(final IOException cause) {
        guard(() -> listener.error(name + ": close: " + cause.getMessage(), cause));
    }

    void abandoned(final long count) {
        guard(() -> listener.error(name + ": closed in time, but " + count + " events were not written by then", null));
    }

    private void error(final Kind kind, final String message, final Throwable cause) {
        final long now = System.nanoTime();
        final int i = kind.ordinal();
        if (now - lastNanos[i] < INTERVAL_NS) {
            suppressed[i]++;
            return;
        }
        final String more = suppressed[i] == 0 ? "" : " (and " + suppressed[i] + " times like it since)";
        lastNanos[i] = now;
        suppressed[i] = 0;
        guard(() -> listener.error(name + ": " + message + more, cause));
    }

    private static void guard(final Runnable call) {
        try {
            call.run();
        } catch (final RuntimeException | LinkageError | StackOverflowError e) {
            // A listener in trouble has nobody left to tell; the log goes on.
            return;
        }
    }
}
