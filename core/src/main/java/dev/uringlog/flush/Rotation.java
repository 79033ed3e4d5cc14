package dev.uringlog.flush;

import dev.uringlog.file.Sink;
import dev.uringlog.flight.Recorder;
import dev.uringlog.flight.RolloverEvent;
import dev.uringlog.flush.Barriers.Barrier;
import dev.uringlog.ring.Batch;
import dev.uringlog.ring.Cut;
import dev.uringlog.ring.EventRing;
import java.io.IOException;

/**
 * From file to file: a log turns before an event that belongs into the next one, at a barrier where a caller waits for that,
 * or when others have put another file in the place. The thread that gathers judges; the flusher's thread turns.
 *
 * <pre>
 *   in the ring    e1 e2 e3 │ e4 e5 …       isBefore(e4): due
 *                  written, │ the next batch begins here, in the next file
 *                  synced   └ turn
 * </pre>
 */
public final class Rotation implements Cut {
    /** After a roll that failed the roller is not asked again for this long: each try costs a batch its size. */
    private static final long RETRY_NS = 1_000_000_000;

    private final EventRing ring;
    private final Sink sink;
    private final Syncer syncer;
    private final BatchWriter writer;
    private final PathWatch path;
    private final Barriers barriers;
    private final Reporter reporter;
    private final Rolling roller;

    /** What the file's size is ahead of the positions: what it held, and what was written beside the events. */
    private volatile long ahead;

    // Only the baton's holder uses these.
    private long barrierPosition = Barriers.NONE;
    private long duePosition = Barriers.NONE;
    private long judgedPosition;
    private boolean isBackingOff;
    private long notBeforeNanos;

    /** @param roller null if the log stays in its file */
    Rotation(
            final EventRing ring,
            final Sink sink,
            final Syncer syncer,
            final BatchWriter writer,
            final PathWatch path,
            final Barriers barriers,
            final Reporter reporter,
            final Rolling roller) {
        this.ring = ring;
        this.sink = sink;
        this.syncer = syncer;
        this.writer = writer;
        this.path = path;
        this.barriers = barriers;
        this.reporter = reporter;
        this.roller = roller;
        measure();
    }

    /** {@return bytes in the file and in the ring, as if there were no turn before the last of them; any thread may ask} */
    public long fileSize() {
        return ring.claimedPosition() + ahead;
    }

    /**
     * Any thread.
     *
     * @throws IllegalStateException if the log has no roller
     */
    public void requireRoller() {
        if (roller == null) {
            throw new IllegalStateException("the log has no roller");
        }
    }

    /** What the ring is to be polled with now; null if the log stays in its file. */
    Cut cut() {
        if (roller == null) {
            return null;
        }
        barrierPosition = barriers.position();
        measure();
        return this;
    }

    @Override
    public boolean isBefore(final long position, final long timeMillis, final int length) {
        if (position >= barrierPosition || position == duePosition) {
            return true;
        }
        if (position < judgedPosition) {
            return false; // The ring was rewound.
        }
        judgedPosition = position + length;
        final boolean isDue = isDue(timeMillis, length, position + ahead);
        if (isDue) {
            duePosition = position;
        }
        return isDue;
    }

    private boolean isDue(final long timeMillis, final int length, final long fileSize) {
        if (isBackingOff && System.nanoTime() - notBeforeNanos < 0) {
            return false;
        }
        isBackingOff = false;
        try {
            return roller.isDue(timeMillis, length, fileSize);
        } catch (final Throwable e) { // Whatever it was: an event that is not judged is written all the same.
            failed(e);
            return false;
        }
    }

    private IOException failed(final Throwable cause) {
        isBackingOff = true;
        notBeforeNanos = System.nanoTime() + RETRY_NS;
        final IOException told = cause instanceof IOException io ? io : new IOException(cause.toString(), cause);
        reporter.rollFailed(told, sink.isOpen());
        return told;
    }

    /**
     * Between two batches: whether the next one is to go elsewhere.
     *
     * @param batch the holder's
     * @return true if the log is to turn first
     */
    public boolean isDue(final Batch batch) {
        return batch.position() == duePosition || barriers.reached(batch.position()) != null;
    }

    /** Looks how large the file is. */
    void measure() {
        final long found = sink.size() - writer.reached();
        if (found != ahead) {
            ahead = found;
        }
    }

    /**
     * The flusher, when it is due: everything before is written, and synced if it is kept so.
     *
     * @param batch the holder's
     */
    public void turn(final Batch batch) {
        if (path.isAway()) {
            follow(batch);
            return;
        }
        final Barrier barrier = barriers.reached(batch.position());
        final IOException failure = barrier == null || barrier.isRoll() ? roll(batch) : open(batch);
        measure();
        if (barrier != null) {
            barriers.complete(barrier, failure);
        }
    }

    private IOException roll(final Batch batch) {
        duePosition = Barriers.NONE;
        final RolloverEvent event = Recorder.isReady() ? RolloverEvent.begun() : null;
        final String left = sink.path().toString();
        final long size = sink.size();
        final RolledFile file = new RolledFile(sink, syncer, writer, batch, reporter);
        IOException failure = null;
        try {
            roller.roll(file);
        } catch (final Throwable e) { // Whatever it was: the log goes on, in the old file or the new one.
            failure = failed(e);
        }
        file.end();
        try {
            writer.openIfClosed(batch);
        } catch (final IOException e) {
            reporter.reopenFailed(e); // The next write waits for it.
        }
        syncer.turned();
        if (event != null) {
            event.done(left, sink.path().toString(), size, failure == null ? null : failure.getMessage());
        }
        return failure;
    }

    /** Others have moved the file: the log goes on where its path leads now, or if that fails in the old file, if that works. */
    private void follow(final Batch batch) {
        final boolean isLost = path.follow() || writer.isStalled();
        if (open(batch) == null) {
            reporter.followed(path.followed());
        } else if (isLost) {
            path.refused();
            writer.leave(); // The next write waits until the path can be opened.
        } else {
            path.postponed();
        }
        measure();
    }

    private IOException open(final Batch batch) {
        try {
            writer.reopen(batch);
            syncer.turned();
            return null;
        } catch (final IOException e) {
            reporter.reopenFailed(e);
            return e;
        }
    }
}
