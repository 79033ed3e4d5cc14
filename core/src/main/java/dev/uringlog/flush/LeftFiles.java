package dev.uringlog.flush;

import dev.uringlog.file.LeftFile;
import dev.uringlog.file.Sink;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Files that the log left before anything asked for stable storage. A caller that has just appended to one may be about to
 * ask, so each stays open for a moment. After that the events in it can no longer be made durable, and a caller that waits
 * for one of them is told so.
 *
 * <pre>
 *   durable │ lost: closed without a sync │ kept, up to here │ kept, up to here │ the log's file
 * </pre>
 *
 * Only {@link #nanosToExpiry} may be called by any thread, the rest by the baton's holder.
 */
final class LeftFiles {
    /** A log that leaves more files than this within {@link #KEPT_NS} closes the oldest one early. */
    private static final int FILES_MAX = 16;

    /** Long enough for a caller that loses its processor between append and await; short enough for a removed file's space. */
    private static final long KEPT_NS = 1_000_000_000;

    private static final String UNSYNCED = "its file was left before it was synced";

    /** @param file null if it could not be kept */
    private record Left(LeftFile file, long through, long expiryNanos) {}

    private final Deque<Left> kept = new ArrayDeque<>();
    private long lostThrough;
    private long lastThrough;
    private volatile long expiryNanos;
    private volatile boolean isExpiring;

    /**
     * The log is about to leave its file.
     *
     * @param through the position up to which its events are in that file or in an earlier one
     */
    void add(final Sink sink, final long through) {
        if (covers(through)) {
            return;
        }
        LeftFile file = null;
        try {
            file = sink.keep();
        } catch (final IOException e) {
            // Nothing may ever ask for it: if something does, it is told that the file is lost.
            file = null;
        }
        add(file, through);
    }

    /** The log has left a file that it can no longer sync. */
    void lose(final long through) {
        if (!covers(through)) {
            add((LeftFile) null, through);
        }
    }

    private boolean covers(final long through) {
        return through <= lastThrough;
    }

    private void add(final LeftFile file, final long through) {
        lastThrough = through;
        kept.add(new Left(file, through, System.nanoTime() + KEPT_NS));
        if (kept.size() > FILES_MAX) {
            loseOldest();
        }
        schedule();
    }

    private void loseOldest() {
        final Left oldest = kept.remove();
        lostThrough = oldest.through;
        close(oldest);
    }

    private static void close(final Left left) {
        if (left.file != null) {
            left.file.close();
        }
    }

    private void schedule() {
        final Left oldest = kept.peek();
        if (oldest != null) {
            expiryNanos = oldest.expiryNanos;
        }
        isExpiring = oldest != null;
    }

    /** Nanoseconds until {@link #expire} has something to do; the largest long if it never has. */
    long nanosToExpiry() {
        return isExpiring ? expiryNanos - System.nanoTime() : Long.MAX_VALUE;
    }

    /** Closes those that have been kept long enough. */
    void expire() {
        if (nanosToExpiry() <= 0) {
            while (!kept.isEmpty() && kept.peek().expiryNanos - System.nanoTime() <= 0) {
                loseOldest();
            }
            schedule();
        }
    }

    /** Whether a sync of the log's own file covers everything written. */
    boolean isEmpty() {
        return kept.isEmpty() && lostThrough == 0;
    }

    /** Syncs and closes what is kept. Events in files that could not be synced, or are lost, have failed to become durable. */
    void sync(final Watermarks marks, final Counters counters, final Reporter reporter) {
        long from = marks.durable();
        from = fail(marks, from, lostThrough, new IOException(UNSYNCED));
        lostThrough = 0;
        while (!kept.isEmpty()) {
            final Left oldest = kept.remove();
            IOException failure = oldest.file == null ? new IOException(UNSYNCED) : null;
            if (oldest.file != null) {
                try {
                    oldest.file.sync();
                } catch (final NoSuchFileException e) { // Retention may have removed it: no fault of the disk.
                    failure = new IOException(UNSYNCED + ": " + e.getMessage(), e);
                } catch (final IOException e) {
                    failure = new IOException(UNSYNCED + ": " + e.getMessage(), e);
                    counters.failedSyncs++;
                    reporter.leftFileNotSynced(e);
                }
            }
            close(oldest);
            if (failure != null) {
                fail(marks, from, oldest.through, failure);
            }
            from = Math.max(from, oldest.through);
        }
        schedule();
    }

    private static long fail(final Watermarks marks, final long from, final long through, final IOException cause) {
        if (through > from) {
            marks.failed(from, through, true, cause);
        }
        return Math.max(from, through);
    }

    /** Closes them all: nothing asks any more. */
    void close() {
        while (!kept.isEmpty()) {
            loseOldest();
        }
        schedule();
    }
}
