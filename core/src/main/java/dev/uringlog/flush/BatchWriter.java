package dev.uringlog.flush;

import dev.uringlog.file.FaultPolicy;
import dev.uringlog.file.Sink;
import dev.uringlog.file.TornTail;
import dev.uringlog.ring.EventRing;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.LockSupport;
import jdk.jfr.FlightRecorder;

/** Writes the ring's batches to the sink, whatever comes between: short writes, a full disk, a dead descriptor. */
final class BatchWriter {
    private static final long BACKOFF_MIN_NS = 5_000_000;

    /** Space that returns is noticed within half of the second that a user is promised. */
    private static final long BACKOFF_MAX_NS = 500_000_000;

    private final EventRing ring;
    private final Sink sink;
    private final Counters counters;
    private final Waiters waiters;
    private final Reporter reporter;
    private final DiscardNotice notice;

    /** When holding ends, by the nano clock; set by close. */
    private volatile long giveUpNanos;

    private volatile boolean isGivingUp;

    /** Written by whoever closes, before he says so. */
    private volatile byte[] footer;

    /** Everything before it has been handed over, or has failed. */
    private long reachedPosition;

    private boolean isStalled;
    private boolean isTorn;
    private boolean isDegradationTold;

    BatchWriter(
            final EventRing ring,
            final Sink sink,
            final Counters counters,
            final Waiters waiters,
            final Reporter reporter,
            final DiscardNotice notice) {
        this.ring = ring;
        this.sink = sink;
        this.counters = counters;
        this.waiters = waiters;
        this.reporter = reporter;
        this.notice = notice;
        reachedPosition = ring.releasedPosition();
    }

    /** Writes these bytes, unless they are null, last; from now on what cannot be written is held for so long at most. */
    void endWith(final byte[] bytes, final long nanos) {
        footer = bytes;
        giveUpNanos = System.nanoTime() + nanos;
        isGivingUp = true;
    }

    boolean hasGivenUp() {
        return isGivingUp && System.nanoTime() - giveUpNanos >= 0;
    }

    /** Counts abandoned events at the ring's head as failed. */
    boolean skipAbandoned() {
        final int skipped = ring.skipAbandoned();
        if (skipped > 0) {
            counters.failed += skipped;
            reachedPosition = ring.releasedPosition();
        }
        return skipped > 0;
    }

    /** Writes the batch that the ring has gathered, and releases it. */
    void writeBatch() {
        final ByteBuffer[] parts = ring.parts(reachedPosition);
        final FlushEvent event = begin();
        final IOException failure;
        try {
            failure = writeFully(parts);
        } finally {
            // Should anything be thrown, the next round goes on from here: no byte is written twice.
            reachedPosition = ring.gatheredPosition() - remaining(parts);
        }
        count(failure);
        commit(event);
        reachedPosition = ring.gatheredPosition();
        ring.release();
        waiters.reached(reachedPosition);
        writeNotice(false);
    }

    /** The first event has the JVM make its recorder ready, which would hold up the first batch for a tenth of a second. */
    private static FlushEvent begin() {
        if (!FlightRecorder.isInitialized()) {
            return null;
        }
        final FlushEvent event = new FlushEvent();
        event.begin();
        return event;
    }

    private void commit(final FlushEvent event) {
        if (event == null) {
            return;
        }
        event.end();
        if (event.shouldCommit()) {
            event.file = reporter.name();
            event.events = ring.batchCount();
            event.bytes = ring.gatheredPosition() - ring.releasedPosition();
            event.commit();
        }
    }

    private void count(final IOException failure) {
        final int all = ring.batchCount();
        final int whole = ring.countThrough(reachedPosition);
        counters.written += whole;
        counters.bytes += reachedPosition - ring.releasedPosition();
        counters.flushes++;
        counters.largestBatch = Math.max(counters.largestBatch, all);
        if (failure != null) {
            isTorn |= !ring.isBoundary(reachedPosition);
            counters.failed += all - whole;
            reporter.failed(all - whole, failure);
            waiters.fail(ring.releasedPosition(), failure);
        }
    }

    /** The kernel may still read the batch, so nobody may write there: the ring goes on elsewhere. */
    private void leaveMemory() {
        while (!ring.replaceBytes()) {
            Thread.onSpinWait();
        }
    }

    /** What kept the rest from being written, or null if there is no rest. */
    private IOException writeFully(final ByteBuffer[] parts) {
        long backoff = BACKOFF_MIN_NS;
        boolean reopened = false;
        while (remaining(parts) > 0) {
            try {
                mendTear();
                if (submit(parts) > 0) {
                    backoff = BACKOFF_MIN_NS;
                    recovered();
                    continue;
                }
            } catch (final IOException e) {
                if (sink.takeQuarantine()) {
                    leaveMemory();
                    return e;
                }
                if (FaultPolicy.of(e) == FaultPolicy.REOPEN) {
                    if (reopened || !reopen(e)) {
                        return e;
                    }
                    reopened = true;
                    continue;
                }
                stalled(e);
                if (hasGivenUp()) {
                    return e;
                }
            }
            pause(backoff);
            backoff = Math.min(BACKOFF_MAX_NS, backoff * 2);
        }
        return null;
    }

    private void pause(final long nanos) {
        Thread.interrupted(); // An interrupted thread would not park.
        final long left = isGivingUp ? giveUpNanos - System.nanoTime() : nanos;
        LockSupport.parkNanos(this, Math.min(nanos, left));
    }

    private long submit(final ByteBuffer[] parts) throws IOException {
        final long asked = remaining(parts);
        counters.systemCalls++;
        final long written = sink.write(parts);
        if (written < asked) {
            counters.shortWrites++;
        }
        if (!isDegradationTold && sink.degradation() != null) {
            isDegradationTold = true;
            reporter.warn(sink.degradation());
        }
        return written;
    }

    private boolean reopen(final IOException cause) {
        try {
            sink.reopen();
            reporter.reopened(cause);
            return true;
        } catch (final IOException e) {
            e.addSuppressed(cause);
            reporter.reopenFailed(e);
            return false;
        }
    }

    private void stalled(final IOException cause) {
        if (!isStalled) {
            isStalled = true;
            counters.stalls++;
        }
        reporter.stalled(cause);
        waiters.fail(ring.releasedPosition(), cause);
    }

    private void recovered() {
        if (isStalled) {
            isStalled = false;
            reporter.recovered();
        }
    }

    /** After a record that will never be completed the next one starts a line of its own. */
    private void mendTear() throws IOException {
        isTorn = isTorn && !TornTail.endLine(sink);
    }

    void writeNotice(final boolean isLast) {
        final byte[] line = notice.due(isLast);
        if (line != null) {
            writeFully(new ByteBuffer[] {ByteBuffer.wrap(line), ByteBuffer.allocate(0)});
        }
    }

    /** The flusher's loop threw: say so, let nobody wait in vain, and take a breath. */
    void flusherFailed(final Throwable cause) {
        reporter.flusherFailed(cause);
        waiters.fail(ring.releasedPosition(), new IOException("the flusher failed and goes on", cause));
        LockSupport.parkNanos(this, BACKOFF_MIN_NS);
    }

    /** Everything is written, or given up. */
    void close() {
        writeNotice(true);
        if (footer != null && !hasGivenUp()) {
            writeFully(new ByteBuffer[] {ByteBuffer.wrap(footer), ByteBuffer.allocate(0)});
        }
        try {
            sink.close();
        } catch (final IOException e) {
            reporter.closeFailed(e);
        }
    }

    private static long remaining(final ByteBuffer[] parts) {
        return (long) parts[0].remaining() + parts[1].remaining();
    }
}
