package dev.uringlog.flush;

import dev.uringlog.file.Sink;
import dev.uringlog.flight.FlushEvent;
import dev.uringlog.flight.Recorder;
import dev.uringlog.flush.WriteOutcome.State;
import dev.uringlog.ring.Batch;
import dev.uringlog.ring.EventRing;
import dev.uringlog.ring.RingConsumer;
import java.io.IOException;
import java.util.function.Function;
import java.util.function.LongConsumer;

/**
 * The way of each batch, and the only class that moves the ring's cursor.
 *
 * <pre>
 *   gather ──► write ──► settle: count, tell those who wait ──► keep until synced ──► release
 *                 │                                        └──────────────────────────▲
 *                 └─ held: the flusher goes on
 * </pre>
 */
public final class Drain {
    /**
     * A batch ends where it has so many bytes, so that a caller that waits for room gets it after that much, not after a whole
     * ring. Where producers outnumber processors the writer seldom has one. A larger call costs no less by the byte.
     */
    private static final int BATCH_BYTES = 256 << 10;

    /** How far the log has come. */
    public final Watermarks marks;

    /** Who waits for that. */
    public final Audience audience;

    /** Brings what is written to stable storage. */
    public final Syncer syncer;

    /** The line that tells of missing events. */
    public final LossNotice notice;

    /** Whether the path leads to the file. */
    public final PathWatch path;

    /** From file to file. */
    public final Rotation rotation;

    private final EventRing ring;
    private final Sink sink;
    private final Counters counters = new Counters();
    private final BatchWriter writer;
    private final Reporter reporter;

    /** Set by the thread that closes the log, before it says so. */
    private volatile byte[] footer;

    /** Events before it have been counted: they may be written more than once, and are counted once. */
    private long countedPosition;

    /**
     * Makes the stations of the way; nothing runs yet.
     *
     * @param ring the log's
     * @param sink where batches go; closed at the end
     * @param reporter hears of every trouble
     * @param lossNotice makes a line of the words that tell of missing events, or returns null; null itself if none is
     *     wanted
     * @param durable hears of each move of the durable position, on any thread; must not throw
     * @param roller says where a file ends; null for one file. The ring's events have times if there is one
     * @param options how and when
     */
    public Drain(
            final EventRing ring,
            final Sink sink,
            final Reporter reporter,
            final Function<String, byte[]> lossNotice,
            final LongConsumer durable,
            final Rolling roller,
            final FlushOptions options) {
        this.ring = ring;
        this.sink = sink;
        this.reporter = reporter;
        marks = new Watermarks(ring.releasedPosition(), durable);
        audience = new Audience(marks);
        syncer = new Syncer(ring, sink, counters, marks, reporter, options);
        notice = new LossNotice(counters, reporter, lossNotice);
        path = new PathWatch(sink, options.lookNanos());
        writer = new BatchWriter(
                sink, ring.releasedPosition(), counters, marks, audience, syncer, path, reporter, options);
        rotation = new Rotation(ring, sink, syncer, writer, path, audience.barriers, reporter, roller);
        countedPosition = ring.releasedPosition();
    }

    /** {@return what has been done so far; the adders are the caller's to count with} */
    public Counters counters() {
        return counters;
    }

    /**
     * Any thread: the log is closing. What cannot be written is held no longer than this.
     *
     * @param bytes written last; null for none
     * @param nanos how long
     */
    public void endWith(final byte[] bytes, final long nanos) {
        footer = bytes;
        writer.holdFor(nanos);
    }

    /** {@return whether the last write failed, and the file has taken no bytes since; any thread may ask} */
    public boolean isStalled() {
        return writer.isStalled();
    }

    /** {@return whether the log is closing, and what cannot be written is held no longer; any thread may ask} */
    public boolean hasGivenUp() {
        return writer.hasGivenUp();
    }

    /**
     * Writes what there is, up to where the log turns to another file.
     *
     * @param cursor the ring's
     * @param isPatient whether the thread may hold what cannot be written: the flusher
     * @return false if the rest is the flusher's
     */
    public boolean drain(final RingConsumer cursor, final boolean isPatient) {
        final boolean isAwaited = audience.wantsDurable();
        // What stays until it is synced makes no room.
        final int most = isAwaited || syncer.keepsAlways() ? ring.capacity() : BATCH_BYTES;
        final long claimed = ring.claimedPosition();
        for (; ; ) {
            final long bytes = gather(cursor, most);
            if (bytes > 0) {
                if (!isPatient && notice.isDue()) {
                    return false; // No caller is to run a layout between its event and its answer.
                }
                final WriteOutcome untold = tell(cursor);
                final FlushEvent event = Recorder.isReady() ? FlushEvent.begun() : null;
                final WriteOutcome outcome = untold.is(State.WRITTEN) ? writer.write(cursor, isPatient) : untold;
                final boolean isTakenAway = outcome.is(State.TAKEN_AWAY);
                if (outcome.is(State.HELD) || isTakenAway && !cut(cursor)) {
                    return false;
                }
                settle(cursor, outcome, event);
                keepOrRelease(cursor, isAwaited);
                if (isTakenAway) {
                    return false;
                }
            }
            marks.written(cursor.position()); // At once: these are not to hear what becomes of the next batch.
            final long goal = syncer.isRewriting() ? marks.written() : bytes < most ? 0 : claimed;
            if (bytes == 0 || cursor.position() >= goal) {
                rotation.measure();
                return true;
            }
        }
    }

    /** Returns how many bytes the batch has. */
    private long gather(final RingConsumer cursor, final int most) {
        long bytes = cursor.poll(rotation.cut(), most);
        while (bytes == 0 && skipAbandoned(cursor)) {
            bytes = cursor.poll(rotation.cut(), most);
        }
        return bytes;
    }

    private boolean skipAbandoned(final RingConsumer cursor) {
        if (!cursor.pollAbandoned()) {
            return false;
        }
        if (cursor.end() > countedPosition) {
            counters.failed++;
            countedPosition = cursor.end();
        }
        writer.goOnFrom(cursor.end());
        keepOrRelease(cursor, false);
        return true;
    }

    /** Cuts the batch before the event that the file has only a part of. Returns whether the file has whole events. */
    private boolean cut(final RingConsumer cursor) {
        final long begun = cursor.boundary(writer.reached());
        if (begun < writer.reached()) {
            writer.torn();
        }
        writer.goOnFrom(begun);
        cursor.endAt(begun);
        return cursor.count() > 0;
    }

    /** The kernel may still read the batch, so nothing may be written there: the ring goes on elsewhere. */
    private static void leaveMemory(final RingConsumer cursor) {
        while (!cursor.replaceBytes()) {
            Thread.onSpinWait();
        }
    }

    /** Counts the batch, and tells those whose events are lost. */
    private void settle(final RingConsumer cursor, final WriteOutcome outcome, final FlushEvent event) {
        if (outcome.is(State.QUARANTINED)) {
            leaveMemory(cursor);
        }
        final long reached = writer.reached();
        final int all = cursor.count();
        final int whole = cursor.countThrough(reached);
        final boolean isRewritten = countedPosition > cursor.position();
        counters.written += whole - (isRewritten ? cursor.countThrough(Math.min(countedPosition, cursor.end())) : 0);
        counters.bytes += Math.max(0, reached - Math.max(countedPosition, cursor.position()));
        counters.flushes++;
        counters.largestBatch = Math.max(counters.largestBatch, all);
        if (!outcome.is(State.WRITTEN) && !outcome.is(State.TAKEN_AWAY)) {
            lose(cursor, outcome, whole);
        }
        writer.goOnFrom(cursor.end());
        countedPosition = Math.max(countedPosition, cursor.end());
        if (event != null) {
            event.done(reporter.name(), sink.label(), all, cursor.end() - cursor.position());
        }
    }

    private void lose(final RingConsumer cursor, final WriteOutcome outcome, final int whole) {
        final long reached = writer.reached();
        final long boundary = cursor.boundary(reached);
        final int lost = cursor.count() - whole;
        final int torn = boundary == reached ? 0 : 1;
        if (torn > 0) {
            writer.torn();
        }
        final boolean isDropped = outcome.is(State.DROPPED);
        final int dropped = isDropped ? lost - torn : 0;
        counters.dropped += dropped;
        counters.failed += lost - dropped;
        notice.lost(lost, outcome.cause());
        if (!isDropped) { // Else that events are dropped has been said.
            reporter.failed(lost, outcome.cause());
        }
        marks.written(boundary);
        marks.failed(reached, cursor.end(), false, outcome.cause());
        audience.fail(outcome.cause());
        cursor.abandonAfter(reached);
    }

    private void keepOrRelease(final RingConsumer cursor, final boolean isAwaited) {
        final boolean isKept = syncer.keeps(cursor, isAwaited);
        cursor.advance();
        if (!isKept) {
            release(cursor, cursor.position(), cursor.sequence());
        }
    }

    private void releaseSettled(final RingConsumer cursor) {
        release(cursor, syncer.settledPosition(), syncer.settledSequence());
    }

    private static void release(final RingConsumer cursor, final long position, final long sequence) {
        if (position > cursor.releasedPosition()) {
            cursor.release(position, sequence);
        }
    }

    /**
     * Syncs everything written.
     *
     * @param cursor the ring's
     * @return whether it failed and all that the ring holds is to be written again
     */
    public boolean sync(final RingConsumer cursor) {
        return settleSync(cursor, syncer.sync(cursor));
    }

    /**
     * Takes the syncs in flight that have completed.
     *
     * @param cursor the ring's
     * @return as {@link #sync}
     */
    public boolean reap(final RingConsumer cursor) {
        final IOException failure = syncer.reap();
        releaseSettled(cursor); // Before a failure is judged: only what is kept after this is in doubt.
        return failure != null && settleSync(cursor, syncer.reapedFailure(cursor, failure));
    }

    private boolean settleSync(final RingConsumer cursor, final IOException failure) {
        final boolean isRewound = failure != null && syncer.takeRewound();
        if (isRewound) {
            cursor.rewind();
            writer.rewound(cursor);
        } else {
            releaseSettled(cursor);
        }
        if (failure != null) {
            audience.failDurable(failure);
        }
        return isRewound;
    }

    /**
     * Syncs what is written, in whichever file that takes.
     *
     * @param cursor the ring's
     */
    public void syncAll(final RingConsumer cursor) {
        while (marks.durable() < marks.written() && sync(cursor)) {
            drain(cursor, true);
        }
    }

    /**
     * The log leaves its file: it is synced before, or kept in case a caller asks for that in a moment.
     *
     * @param cursor the ring's
     */
    public void syncOrKeep(final RingConsumer cursor) {
        if (syncer.keepsAtTurn()) {
            syncAll(cursor);
        } else {
            syncer.leaveUnsynced(cursor);
        }
    }

    /**
     * Whether the file has a part of the batch that is next.
     *
     * @param batch the holder's
     * @return true while a batch is held
     */
    public boolean isHalfWritten(final Batch batch) {
        return writer.reached() != batch.position();
    }

    /** {@return whether the line that tells of missing events is to stand before what is written next, or in the middle of it} */
    public boolean isNoticeDue() {
        return notice.isDue() || notice.stop(false) != LossNotice.NOWHERE;
    }

    /**
     * The flusher: writes that line if it is due, and has the next batch end where the next one belongs.
     *
     * @param cursor the ring's
     * @param isIdle whether nothing is left to be written
     */
    public void stopForNotice(final RingConsumer cursor, final boolean isIdle) {
        if (syncer.isRewriting()) {
            cursor.stopAt(LossNotice.NOWHERE);
            return;
        }
        writeNotice(cursor, isIdle);
        cursor.stopAt(notice.stop(isIdle));
    }

    /**
     * The flusher: writes that line, if it is due; from here on batches end where they do.
     *
     * @param cursor the ring's
     * @param isIdle whether nothing is left to be written
     */
    public void writeNotice(final RingConsumer cursor, final boolean isIdle) {
        cursor.stopAt(LossNotice.NOWHERE);
        notice.look(writer.reached(), isIdle && writer.reached() == ring.claimedPosition());
        tell(cursor);
    }

    /** Writes what is due to be told, unless an event is half written. */
    private WriteOutcome tell(final RingConsumer cursor) {
        if (!notice.isDue() || isHalfWritten(cursor)) {
            return WriteOutcome.WRITTEN;
        }
        final WriteOutcome outcome = writer.writeBeside(cursor, notice.bytes());
        if (outcome.is(State.WRITTEN)) {
            notice.told();
        }
        return outcome;
    }

    /**
     * Something threw: callers that wait are told.
     *
     * @param cause what it was
     */
    public void failed(final Throwable cause) {
        audience.fail(new IOException("the flusher failed and continues", cause));
        reporter.flusherFailed(cause);
    }

    /** The flusher: something throws until the end, and what waits is lost. */
    public void giveUpRest() {
        counters.failed += ring.claimedCount() - counters.written - counters.dropped - counters.failed;
    }

    /**
     * The flusher: everything is written, or given up.
     *
     * @param cursor the ring's
     */
    public void close(final RingConsumer cursor) {
        notice.end(writer.reached());
        boolean hasMore = notice.isDue();
        tell(cursor);
        if (footer != null && !writer.hasGivenUp()) {
            hasMore = true;
            writer.writeBeside(cursor, footer);
        }
        try {
            if (hasMore && sink.isOpen() && syncer.keepsAlways()) {
                sink.sync();
                reporter.advise(sink.syncNames());
            }
        } catch (final IOException e) {
            reporter.closeFailed(e);
        }
        writer.end();
        try {
            sink.close();
        } catch (final IOException e) {
            reporter.closeFailed(e);
        }
    }
}
