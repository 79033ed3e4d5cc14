package dev.uringlog.flush;

import dev.uringlog.file.Sink;
import dev.uringlog.file.SyncQueue;
import dev.uringlog.flight.Recorder;
import dev.uringlog.flight.SyncEvent;
import dev.uringlog.ring.Batch;
import dev.uringlog.ring.EventRing;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/**
 * Brings what is written to stable storage, knows when that is due, and what becomes of a file that failed to.
 *
 * <p>A failed fdatasync may have dropped any page written since the last good one, and the next may well succeed. So the
 * file is suspect for good: it is given another name, and what the ring still holds is written to a new one. Where that
 * cannot be done, or the new file fails as well, nothing is durable any more.
 */
public final class Syncer implements Sink.Troubles {
    private static final DateTimeFormatter SUFFIX =
            DateTimeFormatter.ofPattern("'.suspect-'yyyyMMdd'T'HHmmss.SSS'Z'").withZone(ZoneOffset.UTC);

    private final EventRing ring;
    private final Sink sink;
    private final SyncQueue syncs;
    private final InFlight inFlight;
    private final SyncSchedule schedule;
    private final Counters counters;
    private final Watermarks marks;
    private final Reporter reporter;
    private final boolean keepsAlways;

    private volatile boolean isGivenUp;
    private boolean isFresh;
    private boolean isRewriting;
    private boolean isRewound;
    private long settledPosition;
    private long settledSequence;

    /** Something has asked for stable storage, or is about to. */
    private volatile boolean isWanted;

    private final LeftFiles left = new LeftFiles();
    private long lastNanos;

    Syncer(
            final EventRing ring,
            final Sink sink,
            final Counters counters,
            final Watermarks marks,
            final Reporter reporter,
            final FlushOptions options) {
        this.ring = ring;
        this.sink = sink;
        syncs = sink.syncs();
        final int depth = syncs == null ? 0 : syncs.depth();
        inFlight = new InFlight(depth);
        schedule = new SyncSchedule(ring, marks, inFlight, depth, options);
        this.counters = counters;
        this.marks = marks;
        this.reporter = reporter;
        keepsAlways = options.keepsUntilSynced();
        sink.tell(this);
    }

    @Override
    public void modeRefused(final Path file, final String why) {
        reporter.modeRefused(file, why);
    }

    /** What was not synced is not known to be in the file that was left, unless the ring still holds it for the next. */
    @Override
    public void closeFailed(final IOException cause) {
        reporter.fileNotClosed(cause);
        if (marks.durable() < ring.releasedPosition()) {
            marks.failed(marks.durable(), ring.releasedPosition(), true, cause);
        }
    }

    /** {@return when it is to sync though no caller asks} */
    public SyncSchedule schedule() {
        return schedule;
    }

    /** {@return whether what is written is to be synced at the end, asked for or not} */
    public boolean keepsAlways() {
        return keepsAlways && marks.suspect() == null;
    }

    /**
     * Any thread, before the event is claimed or the caller waits: from now on a file is synced before the log leaves it. The
     * ring's claim comes after this write, and the holder reads it after it has polled the event.
     */
    public void want() {
        if (!isWanted) {
            isWanted = true;
        }
    }

    /** Whether what is written is to be synced before the log leaves its file: if so once, then from then on. */
    boolean keepsAtTurn() {
        return marks.suspect() == null && (keepsAlways || isWanted);
    }

    /** The log is about to leave its file, and nothing has asked for a sync yet. */
    void leaveUnsynced(final Batch batch) {
        if (marks.suspect() == null && marks.durable() < batch.position()) {
            left.add(sink, batch.position());
        }
    }

    /** {@return nanoseconds until files that were left unsynced need not be kept any longer} */
    public long nanosToExpiry() {
        return left.nanosToExpiry();
    }

    /** Closes files that were left unsynced too long ago for a caller that is about to ask. */
    public void expireLeft() {
        left.expire();
    }

    /** Closes all of them. */
    public void closeLeft() {
        left.close();
    }

    /** The file is left. Its events have been synced; what was written beside them may not be. */
    void finish(final boolean isDirty) throws IOException {
        if (!keepsAtTurn()) {
            return;
        }
        if (isDirty) {
            try {
                sink.sync();
            } catch (final IOException e) {
                counters.failedSyncs++;
                // Should the log come back to this file: it is not to be believed.
                marks.suspect(
                        new IOException("the file is suspect because it could not be synced: " + e.getMessage(), e));
                throw e;
            }
        }
        reporter.advise(sink.syncNames());
    }

    /** The log is in a file that it has not been in before. What was to be synced in another never will be. */
    void renew(final long through) {
        final IOException suspect = marks.suspect();
        if (suspect != null && marks.durable() < through) {
            marks.failed(marks.durable(), through, true, suspect);
        } else if (marks.durable() < through) {
            left.lose(through);
        }
        if (suspect != null && sink.isSurelyAnother()) {
            marks.suspect(null);
        }
        isFresh = false;
    }

    /** The log is in another file, and names have changed. A failure is made good by the next sync. */
    void turned() {
        inFlight.disown();
        schedule.begun(marks.durable());
        if (!keepsAtTurn()) {
            sink.leaveNames();
            return;
        }
        try {
            reporter.advise(sink.syncNames());
        } catch (final IOException e) {
            counters.failedSyncs++;
            reporter.nameNotSynced(e);
        }
    }

    /**
     * Answers, before the cursor moves on from a batch that is written or has failed, whether its bytes stay in the ring.
     *
     * @param isAwaited whether a caller waits for them to be synced
     */
    boolean keeps(final Batch batch, final boolean isAwaited) {
        if (!keepsAlways() && !isRewriting && (!isAwaited || marks.suspect() != null)) {
            schedule.released();
            return false;
        }
        schedule.kept(batch.position());
        return true;
    }

    /** Bytes before this position need not stay in the ring: they are on stable storage, or are lost. */
    long settledPosition() {
        return settledPosition;
    }

    long settledSequence() {
        return settledSequence;
    }

    private void settled(final long position, final long sequence) {
        settledPosition = position;
        settledSequence = sequence;
        schedule.released();
    }

    /** {@return how long the last sync took that was waited for} */
    public long lastNanos() {
        return lastNanos;
    }

    /** {@return whether a new file does not yet hold, durably, all that the suspect one had} */
    public boolean isRewriting() {
        return isRewriting;
    }

    /** Whether the ring is to be rewound since this was last asked. */
    boolean takeRewound() {
        final boolean isNews = isRewound;
        isRewound = false;
        return isNews;
    }

    /** {@return whether syncs can be in flight while others write} */
    public boolean overlaps() {
        return syncs != null && !isGivenUp && marks.suspect() == null;
    }

    /** {@return how many syncs are in flight} */
    public int inFlight() {
        return inFlight.count();
    }

    /** {@return whether a sync in flight has completed} */
    public boolean hasNews() {
        return inFlight.count() > 0 && syncs.hasNews();
    }

    /**
     * The flusher, without the baton: waits for news of those in flight, or for {@link #wake}.
     *
     * @param nanos how long at most
     */
    public void awaitNews(final long nanos) {
        syncs.await(nanos);
    }

    /** Any thread: ends {@link #awaitNews}, or the next one. */
    public void wake() {
        syncs.wake();
    }

    /**
     * The flusher: begins to sync everything written.
     *
     * @param batch the holder's
     * @return false if that has to be waited for
     */
    public boolean begin(final Batch batch) {
        if (!overlaps() || isRewriting || !left.isEmpty() || !schedule.hasRoom()) {
            return false;
        }
        final int slot = sink.areNamesSynced() ? syncs.begin() : SyncQueue.NONE;
        if (slot == SyncQueue.NONE) {
            noteDegradation();
            return false;
        }
        inFlight.begun(slot, batch.position(), batch.sequence());
        schedule.begun(batch.position());
        counters.syncsInFlightMax = Math.max(counters.syncsInFlightMax, inFlight.count());
        return true;
    }

    /** Takes those in flight that have completed. Returns what one of them failed with, or null. */
    IOException reap() {
        if (inFlight.count() == 0) {
            return null;
        }
        for (int slot = syncs.poll(); slot != SyncQueue.NONE; slot = syncs.poll()) {
            final IOException failure = syncs.failure();
            if (inFlight.completed(slot) && failure != null) {
                return failure;
            }
            acknowledge();
        }
        noteDegradation();
        return null;
    }

    /** A sync in flight has failed, and what is settled is released. Returns what callers that wait must know. */
    IOException reapedFailure(final Batch batch, final IOException failure) {
        counters.failedSyncs++;
        final IOException told = taint(batch, failure);
        acknowledge(); // None: it takes away those that are complete and mean nothing any more.
        return told;
    }

    private void noteDegradation() {
        if (syncs.degradation() != null && !isGivenUp) {
            isGivenUp = true;
            inFlight.forget();
            schedule.begun(marks.durable());
            reporter.warn("one sync at a time from now on: " + syncs.degradation());
        }
    }

    private void acknowledge() {
        while (inFlight.takeOldest()) {
            counters.syncs++;
            counters.overlappedSyncs++;
            marks.durable(inFlight.position());
            final SyncEvent event = Recorder.isReady() ? SyncEvent.begun() : null;
            if (event != null) {
                event.done(reporter.name(), inFlight.position(), true, inFlight.nanos());
            }
            settled(inFlight.position(), inFlight.sequence());
        }
    }

    /** The log leaves its file. What is in flight there means nothing any more, and need not be waited for. */
    void leave() {
        inFlight.disown();
        schedule.begun(marks.durable());
    }

    /** Holder: syncs everything written. Returns the failure for callers that wait for it, or null. */
    IOException sync(final Batch batch) {
        isWanted = true;
        if (marks.suspect() != null) {
            return marks.suspect();
        }
        if (!sink.isOpen()) {
            schedule.retryLater();
            return new IOException("the file is not open");
        }
        final SyncEvent event = Recorder.isReady() ? SyncEvent.begun() : null;
        final long start = System.nanoTime();
        left.sync(marks, counters, reporter);
        try {
            sink.sync();
        } catch (final IOException e) {
            counters.failedSyncs++;
            return taint(batch, e);
        }
        try {
            reporter.advise(sink.syncNames());
        } catch (final IOException e) {
            counters.failedSyncs++;
            schedule.retryLater();
            reporter.nameNotSynced(e);
            return e;
        }
        lastNanos = System.nanoTime() - start;
        counters.syncs++;
        if (event != null) {
            event.done(reporter.name(), batch.position(), false, lastNanos);
        }
        isFresh = false;
        isRewriting = false;
        marks.durable(batch.position());
        schedule.begun(batch.position());
        settled(batch.position(), batch.sequence());
        return null;
    }

    private IOException taint(final Batch batch, final IOException cause) {
        final IOException told =
                new IOException("the file is suspect because it could not be synced: " + cause.getMessage(), cause);
        final int kept = batch.keptCount();
        leave();
        if (!isFresh) {
            try {
                final Path aside = sink.setAside(SUFFIX.format(Instant.now()));
                rewrite(batch, told);
                reporter.suspect(aside, kept, cause);
                return told;
            } catch (final IOException e) {
                cause.addSuppressed(e);
            }
        }
        marks.suspect(told);
        isRewriting = false;
        counters.written -= kept;
        counters.failed += kept;
        marks.failed(batch.releasedPosition(), batch.position(), true, told);
        settled(batch.position(), batch.sequence());
        reporter.suspectForGood(kept, cause);
        return told;
    }

    /** All that the ring holds is to be written to a new file. */
    private void rewrite(final Batch batch, final IOException told) {
        final long released = batch.releasedPosition();
        if (released > marks.durable()) {
            // No caller asked to have these kept: they are in the suspect file alone.
            marks.failed(marks.durable(), released, true, told);
        }
        isFresh = true;
        isRewound = true;
        isRewriting = released < batch.position();
    }
}
