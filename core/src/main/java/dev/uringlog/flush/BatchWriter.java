package dev.uringlog.flush;

import dev.uringlog.file.FaultPolicy;
import dev.uringlog.file.Sink;
import dev.uringlog.file.TornTail;
import dev.uringlog.flight.FlushEvent;
import dev.uringlog.flight.Recorder;
import dev.uringlog.ring.EventRing;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Writes the ring's batches to the sink, whatever comes between: short writes, a full disk, a dead descriptor. Used by
 * whoever has the baton; what has to be held is left to the flusher, who has the patience for it.
 */
final class BatchWriter {
    private final EventRing ring;
    private final Sink sink;
    private final Counters counters;
    private final Watermarks marks;
    private final Syncer syncer;
    private final Reporter reporter;
    private final LossNotice notice;
    private final boolean dropsOnFailure;
    private final boolean mendsTornTail;
    private final Stall stall;
    private final Holding holding = new Holding();

    /** Written by whoever closes, before he says so. */
    private volatile byte[] footer;

    /** Everything before it has been handed over, or has failed. */
    private long reachedPosition;

    /** Events before it have been counted: more than once they may be written, not counted. */
    private long countedPosition;

    /** Set by the last write: somebody with patience is to go on with it. */
    private boolean isHeld;

    private boolean isTorn;

    /** Set by the last write: the file takes nothing, and others have taken it away. */
    private boolean isTakenAway;

    /** Such a file has been closed. What comes in its place is another, even if it is the same again after a mount. */
    private boolean isLeft;

    /** Set by the last write: it has come to another file, and the one before has a part of what was to be written. */
    private boolean isElsewhere;

    /** Set by the last write: what was not written could have been held, and is not. */
    private boolean isDropped;

    private Audience audience;
    private boolean isDegradationTold;

    /** Those who wait. */
    interface Audience {
        /** Whether anybody does. */
        boolean isThere();

        /** Waiting is in vain for now. */
        void fail(IOException cause);
    }

    BatchWriter(
            final EventRing ring,
            final Sink sink,
            final Counters counters,
            final Watermarks marks,
            final Syncer syncer,
            final Reporter reporter,
            final LossNotice notice,
            final FlushOptions options) {
        this.ring = ring;
        this.sink = sink;
        this.counters = counters;
        this.marks = marks;
        this.syncer = syncer;
        this.reporter = reporter;
        this.notice = notice;
        dropsOnFailure = options.dropsOnFailure();
        mendsTornTail = options.mendsTornTail();
        stall = new Stall(sink, counters, reporter, dropsOnFailure, Rotation.GRACE_NS);
        reachedPosition = ring.releasedPosition();
        countedPosition = reachedPosition;
        isTorn = sink.initialSize() > 0 && isTornByOthers(); // No newline could be written when it was opened.
    }

    /** Before the first batch: who waits, and may be told that it is in vain for now. */
    void serve(final Audience whoWaits) {
        audience = whoWaits;
    }

    /** Writes these bytes, unless they are null, last; from now on what cannot be written is held for so long at most. */
    void endWith(final byte[] bytes, final long nanos) {
        footer = bytes;
        holding.endIn(nanos);
    }

    boolean hasGivenUp() {
        return holding.isOver();
    }

    boolean isStalled() {
        return stall.isOn();
    }

    /** Steps over an abandoned event at the ring's head and counts it as failed. */
    boolean skipAbandoned() {
        final boolean isSkipped = ring.skipAbandoned();
        if (isSkipped) {
            final long end = ring.batchPosition();
            if (end > countedPosition) {
                counters.failed++;
                countedPosition = end;
            }
            reachedPosition = end;
            syncer.written(false);
        }
        return isSkipped;
    }

    /** The ring begins anew, with a new file. */
    void beginAnew() {
        reachedPosition = ring.batchPosition();
        isTorn = isTornByOthers();
    }

    /** Whether the file that the log has come to ends inside a line that is to be ended first. */
    private boolean isTornByOthers() {
        return mendsTornTail && !sink.isCreated() && TornTail.isTorn(sink.path());
    }

    long reachedPosition() {
        return reachedPosition;
    }

    /** The log's file has been opened: another, whether this log made it or others did, or the same again. */
    void opened() {
        if (sink.isAnother() || isLeft) {
            isLeft = false;
            isTorn = isTornByOthers();
            syncer.renew(ring.batchPosition());
        }
    }

    /** A turn may have left the file closed. */
    void openIfClosed() throws IOException {
        if (!sink.isOpen()) {
            sink.reopen();
            opened();
        }
    }

    /** Whether the file takes no bytes, and its path does not lead to it any more: the log is to go where it leads. */
    boolean isTakenAway() {
        return isTakenAway;
    }

    /** The flusher: closes the file that others have taken away, so that its file system can go as well. */
    void leave() {
        isLeft = true;
        sink.closeFile();
    }

    /**
     * The flusher: writes bytes that are no event. Where the file takes only a part of them, the next event starts a line of
     * its own. Returns what kept it from taking all, or null.
     */
    IOException writeBeside(final byte[] bytes) {
        final ByteBuffer[] parts = {ByteBuffer.wrap(bytes), ByteBuffer.allocate(0)};
        IOException failure = writeFully(parts, true, 0, false);
        if (isElsewhere) {
            parts[0].rewind();
            failure = writeFully(parts, true, 0, true);
        }
        isTorn |= failure != null && parts[0].position() > 0;
        return failure;
    }

    /**
     * Writes the batch that the ring has gathered.
     *
     * @param isPatient whether to hold what cannot be written, and to try again until it can
     * @param keep whether its bytes stay in the ring until they are synced
     * @return false if it is to be held: by whoever has patience
     */
    boolean writeBatch(final boolean isPatient, final boolean keep) {
        if (!isPatient && notice.isDue()) {
            return false; // No caller is to run a layout between his event and its answer.
        }
        final IOException untold = tell();
        ByteBuffer[] parts = ring.parts(reachedPosition);
        final FlushEvent event = Recorder.isReady() ? FlushEvent.begun() : null;
        IOException failure;
        try {
            failure = untold != null ? untold : writeFully(parts, isPatient, ring.gatheredPosition(), false);
            if (untold == null && isElsewhere) {
                parts = partsElsewhere(ring.gatheredPosition() - Sink.remaining(parts));
                failure = writeFully(parts, isPatient, ring.gatheredPosition(), true);
            }
        } finally {
            // Should anything be thrown, the next round goes on from here: no byte is written twice.
            reachedPosition = ring.gatheredPosition() - Sink.remaining(parts);
        }
        if (isHeld || isTakenAway && !cutBatch()) {
            return false;
        }
        count(isTakenAway ? null : failure);
        if (event != null) {
            final long bytes = ring.gatheredPosition() - ring.batchPosition();
            event.done(reporter.name(), sink.label(), ring.batchCount(), bytes);
        }
        reachedPosition = ring.gatheredPosition();
        countedPosition = Math.max(countedPosition, reachedPosition);
        syncer.written(keep);
        return !isTakenAway;
    }

    /** The next file gets no end of an event, and no sync of it speaks for the events that the one before got. */
    private ByteBuffer[] partsElsewhere(final long reached) {
        final long begun = ring.boundary(reached);
        syncer.renew(begun);
        return ring.parts(begun);
    }

    /** What the file has a part of begins anew in the next, or in this one after all. Returns whether it has whole events. */
    private boolean cutBatch() {
        final long begun = ring.boundary(reachedPosition);
        isTorn |= begun < reachedPosition;
        reachedPosition = begun;
        ring.endBatch(begun);
        return ring.batchCount() > 0;
    }

    private void count(final IOException failure) {
        final int all = ring.batchCount();
        final int whole = ring.countThrough(reachedPosition);
        final long end = ring.gatheredPosition();
        final boolean isRewritten = countedPosition > ring.batchPosition();
        counters.written += whole - (isRewritten ? ring.countThrough(Math.min(countedPosition, end)) : 0);
        counters.bytes += Math.max(0, reachedPosition - Math.max(countedPosition, ring.batchPosition()));
        counters.flushes++;
        counters.largestBatch = Math.max(counters.largestBatch, all);
        if (failure != null) {
            final int torn = ring.boundary(reachedPosition) == reachedPosition ? 0 : 1;
            isTorn |= torn > 0;
            final int dropped = isDropped ? all - whole - torn : 0;
            counters.dropped += dropped;
            counters.failed += all - whole - dropped;
            notice.lost(all - whole, failure);
            if (!isDropped) { // Else that events are dropped has been said.
                reporter.failed(all - whole, failure);
            }
            marks.written(ring.boundary(reachedPosition));
            marks.failed(reachedPosition, end, false, failure);
            audience.fail(failure);
            ring.abandonAfter(reachedPosition);
        }
    }

    /** The kernel may still read the batch, so nobody may write there: the ring goes on elsewhere. */
    private void leaveMemory() {
        while (!ring.replaceBytes()) {
            Thread.onSpinWait();
        }
    }

    /**
     * What kept the rest from being written, or null if there is no rest, or another file is to get it.
     *
     * @param end the ring's position behind these bytes; 0 if they are no events
     * @param isReopened whether the file has been opened again for these bytes before
     */
    private IOException writeFully(
            final ByteBuffer[] parts, final boolean isPatient, final long end, final boolean isReopened) {
        final long begun = Sink.remaining(parts);
        boolean reopened = isReopened;
        holding.begin();
        isHeld = false;
        isDropped = false;
        isTakenAway = false;
        isElsewhere = false;
        while (Sink.remaining(parts) > 0) {
            try {
                openIfClosed();
                if (isTearMended() && submit(parts) > 0) {
                    holding.begin();
                    stall.over();
                    continue;
                }
            } catch (final IOException e) {
                if (sink.takeQuarantine()) {
                    leaveMemory();
                    return e;
                }
                if (sink.isOpen() && FaultPolicy.of(e) == FaultPolicy.REOPEN) {
                    if (reopened) {
                        return e;
                    }
                    reopened = reopen(e);
                    isElsewhere = reopened && sink.isAnother() && isBegun(parts, begun);
                    if (isElsewhere) {
                        return null;
                    }
                    if (reopened) {
                        continue;
                    }
                }
                // Also where the file could not be opened: its directory may come back.
                stalled(e, end - Sink.remaining(parts));
                isDropped = dropsOnFailure;
                if (isDropped || hasGivenUp()) {
                    return e;
                }
                isTakenAway = isPatient && stall.isFileTakenAway(e);
                if (isTakenAway) {
                    return e;
                }
            }
            if (!isPatient) {
                isHeld = true;
                return null;
            }
            if (hasGivenUp()) { // Nothing was written, and nothing was said.
                return new IOException("the file takes no bytes");
            }
            holding.pause(this, audience);
        }
        return null;
    }

    /** Whether a file has a part of these bytes, or of the batch that they end. */
    private boolean isBegun(final ByteBuffer[] parts, final long all) {
        return Sink.remaining(parts) < all || reachedPosition > ring.batchPosition();
    }

    private long submit(final ByteBuffer[] parts) throws IOException {
        final long asked = Sink.remaining(parts);
        counters.systemCalls++;
        final long written = sink.write(parts);
        if (written < asked && parts[0].isDirect()) { // An event longer than the ring goes in pieces.
            counters.shortWrites++;
        }
        if (!isDegradationTold && sink.degradation() != null) {
            isDegradationTold = true;
            reporter.warn("writing with writev from here on: " + sink.degradation());
        }
        return written;
    }

    private boolean reopen(final IOException cause) {
        try {
            sink.reopen();
            opened();
            reporter.reopened(cause);
            return true;
        } catch (final IOException e) {
            e.addSuppressed(cause);
            reporter.reopenFailed(e);
            return false;
        }
    }

    private void stalled(final IOException cause, final long reached) {
        stall.met(cause);
        if (!dropsOnFailure) { // Else they are told when it is counted.
            marks.written(ring.boundary(reached));
            audience.fail(cause);
        }
    }

    /** After a record that will never be completed the next one starts a line of its own. */
    private boolean isTearMended() throws IOException {
        isTorn = isTorn && !TornTail.endLine(sink);
        return !isTorn;
    }

    /** Whether the line that tells of missing events is to stand before what is written next, or in the middle of it. */
    boolean isNoticeDue() {
        return notice.isDue() || notice.stop(false) != LossNotice.NOWHERE;
    }

    /** The flusher: writes that line if it is due, and has the next batch end where the next one belongs. */
    void stopForNotice(final boolean isIdle) {
        if (syncer.isRewriting()) {
            ring.stopAt(LossNotice.NOWHERE);
            return;
        }
        writeNotice(isIdle);
        ring.stopAt(notice.stop(isIdle));
    }

    /** The flusher: writes that line, if it is due; from here on batches end where they do. */
    void writeNotice(final boolean isIdle) {
        ring.stopAt(LossNotice.NOWHERE);
        notice.look(reachedPosition, isIdle && reachedPosition == ring.claimedPosition());
        tell();
    }

    /** What is due to be told, unless an event is half written. Returns what kept it from that, or null. */
    private IOException tell() {
        if (!notice.isDue() || reachedPosition != ring.batchPosition()) {
            return null;
        }
        final IOException failure = writeBeside(notice.bytes());
        if (failure == null) {
            notice.told();
        }
        return failure;
    }

    /** Something threw: let nobody wait in vain, and say so. */
    void flusherFailed(final Throwable cause) {
        audience.fail(new IOException("the flusher failed and goes on", cause));
        reporter.flusherFailed(cause);
    }

    /** The flusher: something throws until the end, and what waits is lost. */
    void giveUpRest() {
        counters.failed += ring.claimedCount() - counters.written - counters.dropped - counters.failed;
    }

    /** The flusher: everything is written, or given up. */
    void close() {
        notice.end(reachedPosition);
        boolean hasMore = notice.isDue();
        tell();
        if (footer != null && !hasGivenUp()) {
            hasMore = true;
            writeBeside(footer);
        }
        try {
            if (hasMore && sink.isOpen() && syncer.keepsAlways()) {
                sink.sync();
                reporter.advise(sink.syncNames());
            }
        } catch (final IOException e) {
            reporter.closeFailed(e);
        }
        stall.end();
        try {
            sink.close();
        } catch (final IOException e) {
            reporter.closeFailed(e);
        }
    }
}
