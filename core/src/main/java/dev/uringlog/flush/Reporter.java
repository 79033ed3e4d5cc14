package dev.uringlog.flush;

import dev.uringlog.flight.FaultEvent;
import dev.uringlog.flight.Recorder;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;

/**
 * Says a log's troubles to its listener, each kind at most once a second, and survives whatever the listener does. The
 * words are the same whichever framework hears them.
 */
public final class Reporter {
    private static final long INTERVAL_NS = 1_000_000_000;

    private final Listener listener;
    private final String name;
    private final long[] lastNanos = new long[Kind.values().length];
    private final long[] suppressed = new long[Kind.values().length];

    /** Of each kind the last message that was suppressed. */
    private final String[] unsaid = new String[Kind.values().length];

    // Only the baton's holder uses these: what the listener knows of a file that takes no bytes.
    private String toldStall;

    private String toldMode;
    private boolean isTroubleTold;
    private long untold;

    private volatile Told lastError;

    /**
     * An error, and when.
     *
     * @param time when
     * @param message the line
     */
    public record Told(Instant time, String message) {}

    /** Who hears it. What it throws is ignored. */
    @FunctionalInterface
    public interface Listener {
        /**
         * Takes a line.
         *
         * @param level INFO, WARNING or ERROR
         * @param message the line
         * @param cause what happened, or null
         */
        void hear(Level level, String message, Throwable cause);
    }

    private enum Kind {
        STALL,
        FAILURE,
        FLUSHER,
        REOPEN,
        NOTICE,
        DISCARD,
        SUSPECT,
        NAME,
        LEFT,
        ROLL,
        CLOSE,
        MODE
    }

    /**
     * A reporter for one log.
     *
     * @param listener hears it
     * @param name of the log; begins each line but those that {@link #info} is given
     */
    public Reporter(final Listener listener, final String name) {
        this.listener = listener;
        this.name = name;
        Arrays.fill(lastNanos, System.nanoTime() - INTERVAL_NS);
    }

    /** {@return the log's name} */
    public String name() {
        return name;
    }

    /**
     * Says something worth knowing.
     *
     * @param message the whole line
     */
    public void info(final String message) {
        say(Level.INFO, message, null);
    }

    /**
     * Says something to look at.
     *
     * @param message the line without the log's name
     */
    public void warn(final String message) {
        say(Level.WARNING, name + ": " + message, null);
    }

    /** Says what the operator should know, if there is anything. */
    void advise(final String message) {
        if (message != null) {
            warn(message);
        }
    }

    /**
     * Said when it begins, and when its cause changes.
     *
     * @param isDropping whether events are dropped during the stall, or held
     */
    void stalled(final IOException cause, final boolean isDropping) {
        final String reason = String.valueOf(cause.getMessage());
        final String message = "cannot write, events are "
                + (isDropping ? "dropped until it can: " : "held and tried again: ") + reason;
        if (reason.equals(toldStall)) {
            met(message);
        } else if (error(Kind.STALL, message, cause)) {
            toldStall = reason;
            isTroubleTold = true;
        }
    }

    /**
     * Said if the listener knows of the fault that is over. What it has not been told by then comes with the next
     * message.
     */
    void recovered(final long lost, final long nanos) {
        toldStall = null;
        if (!isTroubleTold) {
            untold += lost;
            return;
        }
        isTroubleTold = false;
        final String outcome = lost == 0 ? "no held event is lost" : events(lost) + " lost in that time";
        final String more = untold == 0 ? "" : ", and " + untold + " shortly before";
        untold = 0;
        warn("writing again after " + seconds(nanos) + ", " + outcome
                + more); // A warning, so that it is seen wherever the error was.
    }

    private static String events(final long count) {
        return count == 1 ? "1 event was" : count + " events were";
    }

    /** The words for events that found the ring full: here and in the log itself. */
    static String discarded(final long count) {
        return (count == 1 ? "1 event" : count + " events") + " discarded, the ring was full";
    }

    /** The words for events that the file did not take: here and in the log itself. */
    static String lost(final long count, final IOException cause) {
        return (count == 1
                        ? "1 event could not be written and is lost: "
                        : count + " events could not be written and are lost: ")
                + cause.getMessage();
    }

    private static String seconds(final long nanos) {
        return String.format(Locale.ROOT, "%.3f s", nanos / 1e9);
    }

    void failed(final int count, final IOException cause) {
        isTroubleTold |= error(Kind.FAILURE, lost(count, cause), cause);
    }

    void reopened(final IOException cause) {
        error(Kind.REOPEN, "reopened after its descriptor became unusable: " + cause.getMessage(), cause);
    }

    void reopenFailed(final IOException cause) {
        error(Kind.REOPEN, "could not be reopened: " + cause.getMessage(), cause);
    }

    /** @param before how often in a row the log has followed its path without finding its file in place since */
    void followed(final int before) {
        if (before == 0) {
            info(name + ": reopened, another program had moved or removed the file");
        } else if (before == 1) {
            warn("its path leads to another file at each check: either another program keeps replacing it, or its file"
                    + " system has no stable inode numbers; it is reopened less and less often, down to once in 64 s, and"
                    + " this is not reported again");
        }
    }

    void rollFailed(final IOException cause, final boolean isOpen) {
        final String next = isOpen ? "still writing to the current file" : "events are held until a file can be opened";
        error(Kind.ROLL, "rollover failed, " + next + ": " + cause.getMessage(), cause);
    }

    void fileNotClosed(final IOException cause) {
        error(
                Kind.CLOSE,
                "the last writes to a file may be lost, as its file system reported only when it was closed: "
                        + cause.getMessage(),
                cause);
    }

    /** Said once for each mode and cause, not at each roll. */
    void modeRefused(final Path file, final String why) {
        if (why.equals(toldMode) || !isDue(Kind.MODE)) {
            return;
        }
        toldMode = why;
        warn(file + " is written even so, but " + why
                + "; set the mode by hand, or set filePermissions to its current mode");
    }

    void suspect(final Path aside, final int kept, final IOException cause) {
        final String where = aside == null ? "the file that another program moved away" : String.valueOf(aside);
        error(
                Kind.SUSPECT,
                where + " is suspect because it could not be synced; a new file takes its place, with the " + kept
                        + " of its events that are not known to be durable and are still held: " + cause.getMessage(),
                cause);
    }

    void suspectForGood(final int count, final IOException cause) {
        final String message = "is suspect because it could not be synced, and no new file took its place: " + count
                + " events may be lost, and nothing is durable from now on: " + cause.getMessage();
        met(message);
        say(Level.ERROR, name + " " + message, cause);
    }

    void leftFileNotSynced(final IOException cause) {
        error(Kind.LEFT, "a file that the log left could not be synced: " + cause.getMessage(), cause);
    }

    void nameNotSynced(final IOException cause) {
        error(Kind.NAME, "its directory could not be synced: " + cause.getMessage(), cause);
    }

    void flusherFailed(final Throwable cause) {
        error(Kind.FLUSHER, "the flusher failed and continues: " + cause, cause);
    }

    /** What the limit of a line a second keeps back is told with the next, or at the end. */
    void discarded(final long count, final long total) {
        final int i = Kind.DISCARD.ordinal();
        suppressed[i] += count;
        if (System.nanoTime() - lastNanos[i] >= INTERVAL_NS) {
            discardedInAll(total);
        }
    }

    void discardedInAll(final long total) {
        final int i = Kind.DISCARD.ordinal();
        if (suppressed[i] > 0) {
            warn(discarded(suppressed[i]) + " (" + total + " in all)");
            lastNanos[i] = System.nanoTime();
            suppressed[i] = 0;
        }
    }

    void noticeFailed(final Throwable cause) {
        error(Kind.NOTICE, "the line that reports missing events could not be made: " + cause, cause);
    }

    /**
     * Closing, or the last flush before the JVM's end, went wrong.
     *
     * @param cause how
     */
    public void closeFailed(final IOException cause) {
        say(Level.ERROR, name + ": while closing: " + cause.getMessage(), cause);
    }

    /**
     * The last words, which the limit of a line a second may have kept back.
     *
     * @param left events that were not written when closing had taken as long as it may
     * @param isUnsynced whether all were, and some not synced, unless some are left
     * @param counters of all events
     */
    public void closed(final long left, final boolean isUnsynced, final Counters counters) {
        final long lost = counters.failed + counters.dropped;
        final long discarded = counters.discarded.sum();
        if (left > 0) {
            final String more = discarded == 0 ? "" : "; " + discarded(discarded);
            say(Level.ERROR, name + ": closed in time, but " + left + " events were not written by then" + more, null);
        } else if (isUnsynced) {
            say(Level.ERROR, name + ": closed in time, but its last events were not synced by then", null);
        }
        if (lost > 0) {
            say(Level.ERROR, name + ": closed; " + lost + " events could not be written and are lost", null);
        }
        for (final Kind kind : Kind.values()) {
            if (kind != Kind.FAILURE) { // Its events have just been told.
                tellSuppressed(kind.ordinal());
            }
        }
    }

    private void tellSuppressed(final int i) {
        if (suppressed[i] > 0 && unsaid[i] != null) {
            say(
                    Level.ERROR,
                    name + ": " + suppressed[i] + (suppressed[i] == 1 ? " error was" : " errors were")
                            + " not reported, the last was: " + unsaid[i],
                    null);
            suppressed[i] = 0;
        }
    }

    /**
     * The JVM ends, and something may be left behind.
     *
     * @param count of events, or 0
     */
    public void leftAtExit(final long count) {
        if (count > 0) {
            say(Level.ERROR, name + ": the JVM ends, and " + count + " events are not written", null);
        }
    }

    /**
     * The log is not flushed when the JVM goes down.
     *
     * @param cause why not
     */
    public void unguarded(final RuntimeException cause) {
        warn("no shutdown hook, so the last events before the JVM ends may be lost unless the log is closed: " + cause);
    }

    /** Returns whether it was said. */
    private boolean error(final Kind kind, final String message, final Throwable cause) {
        met(message);
        final int i = kind.ordinal();
        final String more = suppressed[i] == 0 ? "" : " (and " + suppressed[i] + " more times since)";
        if (!isDue(kind)) {
            unsaid[i] = message;
            return false;
        }
        say(Level.ERROR, name + ": " + message + more, cause);
        return true;
    }

    /** Whether this kind was not said for a second: then it is to be said now. */
    private boolean isDue(final Kind kind) {
        final long now = System.nanoTime();
        final int i = kind.ordinal();
        if (now - lastNanos[i] < INTERVAL_NS) {
            suppressed[i]++;
            return false;
        }
        lastNanos[i] = now;
        suppressed[i] = 0;
        return true;
    }

    /** Each error, said or not. */
    private void met(final String message) {
        lastError = new Told(Instant.now(), message);
        if (Recorder.isReady()) {
            FaultEvent.met(name, message);
        }
    }

    /** {@return the last error, or null} */
    public Told lastError() {
        return lastError;
    }

    private void say(final Level level, final String message, final Throwable cause) {
        try {
            listener.hear(level, message, cause);
        } catch (final Throwable e) {
            // If the listener fails, there is nowhere to report it. The log continues.
            return;
        }
    }
}
