package dev.uringlog.flush;

import dev.uringlog.file.Directories;
import dev.uringlog.file.FaultPolicy;
import dev.uringlog.file.Sink;
import dev.uringlog.file.TornTail;
import dev.uringlog.flush.WriteOutcome.State;
import dev.uringlog.ring.Batch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * Writes bytes to the sink, whatever comes between: short writes, a full disk, a dead descriptor. What the file does not take
 * is held here if the thread is the flusher, which has the patience for it; any other thread leaves it to the flusher.
 */
final class BatchWriter {
    /** {@link #writeFully} writes bytes that are no event. */
    private static final long NO_EVENT = Long.MIN_VALUE;

    private final Sink sink;
    private final Counters counters;
    private final Watermarks marks;
    private final Audience audience;
    private final Syncer syncer;
    private final PathWatch path;
    private final Reporter reporter;
    private final boolean dropsOnFailure;
    private final boolean mendsTornTail;
    private final Stall stall;
    private final Holding holding = new Holding();
    private long reached;
    private boolean isTorn;

    /** The file was closed because others had taken it away. What is opened next is another, even if it is the same one. */
    private boolean isLeft;

    private boolean isDegradationTold;

    /** The next file of a roll, from when it is known until it is open; else null. */
    private Path next;

    BatchWriter(
            final Sink sink,
            final long firstPosition,
            final Counters counters,
            final Watermarks marks,
            final Audience audience,
            final Syncer syncer,
            final PathWatch path,
            final Reporter reporter,
            final FlushOptions options) {
        this.sink = sink;
        this.counters = counters;
        this.marks = marks;
        this.audience = audience;
        this.syncer = syncer;
        this.path = path;
        this.reporter = reporter;
        dropsOnFailure = options.dropsOnFailure();
        mendsTornTail = options.mendsTornTail();
        stall = new Stall(counters, reporter, dropsOnFailure);
        reached = firstPosition;
        isTorn = sink.initialSize() > 0 && isTornByOthers(); // No newline could be written when it was opened.
    }

    /** Any thread: from now on what cannot be written is held for so long at most. */
    void holdFor(final long nanos) {
        holding.endIn(nanos);
    }

    /** Any thread: whether what cannot be written is held no longer. */
    boolean hasGivenUp() {
        return holding.isOver();
    }

    /** Any thread: whether the last write failed, and the file has taken no bytes since. */
    boolean isStalled() {
        return stall.isOn();
    }

    /** The end of the log: a stall is over as well. */
    void end() {
        stall.end();
    }

    /** Everything before this position has been handed over, or has failed. */
    long reached() {
        return reached;
    }

    /** The next write begins here: a batch is done with, or cut, or the ring was rewound. */
    void goOnFrom(final long position) {
        reached = position;
    }

    /** The ring was rewound, and a new file gets all that it holds. */
    void rewound(final Batch batch) {
        reached = batch.position();
        isTorn = isTornByOthers();
    }

    /** The file ends inside an event that will not be completed: the next one starts a line of its own. */
    void torn() {
        isTorn = true;
    }

    /** Whether the file that the log has come to ends inside a line that is to be ended first. */
    private boolean isTornByOthers() {
        return mendsTornTail && !sink.isCreated() && TornTail.isTorn(sink.path());
    }

    /** The log's file has been opened: another, whether this log made it or others did, or the same again. */
    void opened(final Batch batch) {
        next = null;
        if (sink.isAnother() || isLeft) {
            isLeft = false;
            isTorn = isTornByOthers();
            syncer.renew(batch.position());
        }
    }

    /** A roll has ended the file: it may be compressed and removed from now on, so it must get no more events. */
    void goOnIn(final Path file) {
        next = file;
    }

    /** Opens the log's file again, or the next one if the last roll could not. */
    void reopen(final Batch batch) throws IOException {
        if (next == null) {
            sink.reopen();
        } else {
            Directories.make(next).forEach(sink::grown);
            sink.open(next, true);
        }
        opened(batch);
    }

    /** A turn may have left the file closed. */
    void openIfClosed(final Batch batch) throws IOException {
        if (!sink.isOpen()) {
            reopen(batch);
        }
    }

    /** Closes the file that others have taken away, so that its file system can go as well. */
    void leave() {
        isLeft = true;
        sink.closeFile();
    }

    /** Writes bytes that are no event. If the file takes only a part of them, the next event starts a line of its own. */
    WriteOutcome writeBeside(final Batch batch, final byte[] bytes) {
        final ByteBuffer[] parts = {ByteBuffer.wrap(bytes), ByteBuffer.allocate(0)};
        WriteOutcome outcome = writeFully(batch, parts, NO_EVENT, true, false);
        while (outcome.is(State.ELSEWHERE)) {
            parts[0].rewind();
            outcome = writeFully(batch, parts, NO_EVENT, true, true);
        }
        isTorn |= outcome.cause() != null && parts[0].position() > 0;
        return outcome;
    }

    /**
     * Writes what is left of a batch.
     *
     * @param isPatient whether to hold what cannot be written, and to try again until it can
     */
    WriteOutcome write(final Batch batch, final boolean isPatient) {
        boolean isReopened = false;
        for (; ; ) {
            final ByteBuffer[] parts = batch.parts(reached);
            final WriteOutcome outcome;
            try {
                outcome = writeFully(batch, parts, batch.end(), isPatient, isReopened);
            } finally {
                // Should anything be thrown, the next round goes on from here: no byte is written twice.
                reached = batch.end() - Sink.remaining(parts);
            }
            if (!outcome.is(State.ELSEWHERE)) {
                return outcome;
            }
            // The next file gets no end of an event, and no sync of it speaks for the events that the one before got.
            reached = batch.boundary(reached);
            syncer.renew(reached);
            isReopened = true;
        }
    }

    /**
     * Writes, and holds what the file does not take.
     *
     * @param end the position behind these bytes, or {@link #NO_EVENT}
     * @param isReopened whether the file has been opened again for these bytes before
     */
    private WriteOutcome writeFully(
            final Batch batch,
            final ByteBuffer[] parts,
            final long end,
            final boolean isPatient,
            final boolean isReopened) {
        final long begun = Sink.remaining(parts);
        boolean reopened = isReopened;
        holding.begin();
        path.tried();
        while (Sink.remaining(parts) > 0) {
            try {
                if (!sink.isOpen()) {
                    reopen(batch);
                    if (isElsewhere(batch, parts, begun)) {
                        return WriteOutcome.ELSEWHERE;
                    }
                }
                if (isTearMended()) {
                    final long asked = Sink.remaining(parts);
                    counters.systemCalls++;
                    final long written = sink.write(parts);
                    wrote(asked, written, parts[0].isDirect());
                    if (written > 0 || !sink.isOpen()) {
                        continue;
                    }
                }
            } catch (final IOException e) {
                if (sink.takeQuarantine()) {
                    return new WriteOutcome(State.QUARANTINED, e);
                }
                if (sink.isOpen() && FaultPolicy.of(e) == FaultPolicy.REOPEN) {
                    if (reopened) {
                        return WriteOutcome.failed(e);
                    }
                    reopened = reopen(batch, e);
                    if (reopened && isElsewhere(batch, parts, begun)) {
                        return WriteOutcome.ELSEWHERE;
                    }
                    if (reopened) {
                        continue;
                    }
                }
                // Also where the file could not be opened: its directory may come back.
                final State state =
                        stalled(batch, end == NO_EVENT ? reached : end - Sink.remaining(parts), e, isPatient);
                if (state != State.HELD) {
                    return new WriteOutcome(state, e);
                }
            }
            if (!isPatient) {
                return WriteOutcome.HELD;
            }
            if (hasGivenUp()) { // Nothing was written, and nothing was said.
                return WriteOutcome.failed(new IOException("the file takes no bytes"));
            }
            syncer.expireLeft(); // An open file keeps a broken file system from being mounted again.
            holding.pause(this, audience);
        }
        return WriteOutcome.WRITTEN;
    }

    /** Whether the log has come to another file, and the one before has a part of these bytes, or of the batch they end. */
    private boolean isElsewhere(final Batch batch, final ByteBuffer[] parts, final long begun) {
        return sink.isAnother() && (Sink.remaining(parts) < begun || reached > batch.position());
    }

    private void wrote(final long asked, final long written, final boolean isDirect) {
        if (written < asked && isDirect) { // An event longer than the ring goes in pieces.
            counters.shortWrites++;
        }
        if (!isDegradationTold && sink.degradation() != null) {
            isDegradationTold = true;
            reporter.warn("writing with writev from now on: " + sink.degradation());
        }
        if (written > 0) {
            holding.begin();
            stall.over();
        }
    }

    private boolean reopen(final Batch batch, final IOException cause) {
        try {
            reopen(batch);
            reporter.reopened(cause);
            return true;
        } catch (final IOException e) {
            e.addSuppressed(cause);
            reporter.reopenFailed(e);
            return false;
        }
    }

    /** The file does not take the bytes behind a position. */
    private State stalled(final Batch batch, final long position, final IOException cause, final boolean isPatient) {
        if (!stall.isOn()) {
            path.stalled();
        }
        stall.met(cause);
        if (dropsOnFailure) {
            return State.DROPPED; // Those who wait are told when it is settled.
        }
        marks.written(batch.boundary(position));
        audience.fail(cause);
        if (hasGivenUp()) {
            return State.FAILED;
        }
        return isPatient && path.isTakenAway(cause) ? State.TAKEN_AWAY : State.HELD;
    }

    /** After a record that will never be completed the next one starts a line of its own. */
    private boolean isTearMended() throws IOException {
        isTorn = isTorn && !TornTail.endLine(sink);
        return !isTorn;
    }
}
