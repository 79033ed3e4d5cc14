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
final class Syncer implements Sink.Troubles {
    /** A directory that cannot be synced is tried again after this long, unless a caller asks. */
    private static final long RETRY_NS = 100_000_000;

    private static final DateTimeFormatter SUFFIX =
            DateTimeFormatter.ofPattern("'.suspect-'yyyyMMdd'T'HHmmss.SSS'Z'").withZone(ZoneOffset.UTC);

    private final EventRing ring;
    private final Sink sink;
    private final SyncQueue syncs;
    private final InFlight inFlight;
    private final Window window;
    private final Counters counters;
    private final Watermarks marks;
    private final Reporter reporter;
    private final boolean keepsAlways;

    /** Longest time something may be written and not durable; negative if it may stay so. */
    private final long intervalNanos;

    private volatile boolean isRoomWanted;
    private volatile long dueNanos;
    private volatile long notBeforeNanos = System.nanoTime();
    private volatile IOException suspect;

    /** Everything before it is on stable storage, or a sync in flight covers it. */
    private volatile long begunPosition;

    private volatile boolean isGivenUp;
    private boolean isTimerNews;
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
        window = new Window(ring, depth, options.syncIntervalNanos() == 0 && !options.everyoneWaits());
        begunPosition = ring.releasedPosition();
        this.counters = counters;
        this.marks = marks;
        this.reporter = reporter;
        keepsAlways = options.keepsUntilSynced();
        intervalNanos = options.syncIntervalNanos();
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

    /** Why nothing can be made durable any more, or null. */
    IOException suspect() {
        return suspect;
    }

    /** Whether what is written is to be synced at the end, asked for or not. */
    boolean keepsAlways() {
        return keepsAlways && suspect == null;
    }

    /**
     * Any thread, before the event is claimed or the caller waits: from now on a file is synced before the log leaves it. The
     * ring's claim comes after this write, and the holder reads it after it has polled the event.
     */
    void want() {
        if (!isWanted) {
            isWanted = true;
        }
    }

    /** Holder: whether what is written is to be synced before the log leaves its file: if so once, then from then on. */
    boolean keepsAtTurn() {
        return suspect == null && (keepsAlways || isWanted);
    }

    /** Holder: the log is about to leave its file, and nothing has asked for a sync yet. */
    void leaveUnsynced(final Batch batch) {
        if (suspect == null && marks.durable() < batch.position()) {
            left.add(sink, batch.position());
        }
    }

    /** Any thread: nanoseconds until files that were left unsynced need not be kept any longer. */
    long nanosToExpiry() {
        return left.nanosToExpiry();
    }

    /** Holder: closes what was left unsynced too long ago for a caller that is about to ask. */
    void expireLeft() {
        left.expire();
    }

    void closeLeft() {
        left.close();
    }

    /** Holder: the file is left. Its events have been synced; what was written beside them may not be. */
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
                suspect = new IOException("the file is suspect, it could not be synced: " + e.getMessage(), e);
                throw e;
            }
        }
        reporter.advise(sink.syncNames());
    }

    /** Holder: the log is in a file that it has not been in before. What was to be synced in another never will be. */
    void renew(final long through) {
        if (suspect != null && marks.durable() < through) {
            marks.failed(marks.durable(), through, true, suspect);
        } else if (marks.durable() < through) {
            left.lose(through);
        }
        suspect = suspect == null || sink.isSurelyAnother() ? null : suspect;
        isFresh = false;
    }

    /** Holder: the log is in another file, and names have changed. A failure is made good by the next sync. */
    void turned() {
        inFlight.disown();
        begunPosition = marks.durable();
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
        if (!keepsAlways() && !isRewriting && (!isAwaited || suspect != null)) {
            isRoomWanted = false;
            return false;
        }
        if (begunPosition >= batch.position() && intervalNanos >= 0) {
            dueNanos = System.nanoTime() + intervalNanos;
            isTimerNews = true;
        }
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
        isRoomWanted = false;
    }

    /** Any thread: the ring is full. If what is written fills it, it is to be synced. */
    void wantRoom() {
        if (keptBytes() > 0) {
            isRoomWanted = true;
        }
    }

    private long keptBytes() {
        final long released = ring.releasedPosition();
        return marks.written() - released;
    }

    /** The flusher: nanoseconds until a sync is due that no caller asks for; 0 or less if it is, the largest long if never. */
    long nanosToDue() {
        if (suspect != null || begunPosition >= marks.written() || isFull()) {
            return Long.MAX_VALUE;
        }
        final boolean isFull = window.isShortOfRoom(keptBytes(), isRoomWanted);
        if (intervalNanos < 0 && !isFull) {
            return Long.MAX_VALUE;
        }
        final long now = System.nanoTime();
        return Math.max(notBeforeNanos - now, isFull ? 0 : dueNanos - now);
    }

    /** Holder: whether the flusher must look at its clock again. Once true for each reason. */
    boolean takeTimerNews() {
        final boolean isNews = isTimerNews || window.isShortOfRoom(keptBytes(), isRoomWanted);
        isTimerNews = false;
        return isNews;
    }

    long lastNanos() {
        return lastNanos;
    }

    /** Holder: whether a new file does not yet hold, durably, all that the suspect one had. */
    boolean isRewriting() {
        return isRewriting;
    }

    /** Holder: whether the ring is to be rewound since this was last asked. */
    boolean takeRewound() {
        final boolean isNews = isRewound;
        isRewound = false;
        return isNews;
    }

    /** Any thread: whether syncs can be in flight while others write. */
    boolean overlaps() {
        return syncs != null && !isGivenUp && suspect == null;
    }

    int inFlight() {
        return inFlight.count();
    }

    /** The flusher: whether as many syncs are in flight as may be: what is written now would not be synced any sooner. */
    boolean isFull() {
        final int valid = inFlight.valid();
        return inFlight.count() > 0 && inFlight.isFull() || valid > 0 && valid >= window.size();
    }

    /** The flusher: whether what comes had better wait, and go as one batch: it is to be synced at once, and cannot be. */
    boolean holdsWrites() {
        return intervalNanos == 0 && isFull();
    }

    /** Any thread: whether everything written is on stable storage, or on its way there. */
    boolean isCovered() {
        return begunPosition >= marks.written();
    }

    /** The flusher: whether a sync in flight has completed. */
    boolean hasNews() {
        return inFlight.count() > 0 && syncs.hasNews();
    }

    /** The flusher, without the baton: waits for news of those in flight, or for {@link #wake}. */
    void awaitNews(final long nanos) {
        syncs.await(nanos);
    }

    /** Any thread: ends {@link #awaitNews}, or the next one. */
    void wake() {
        syncs.wake();
    }

    /** The flusher, holder: begins to sync everything written. Returns false if that has to be waited for: {@link #sync}. */
    boolean begin(final Batch batch) {
        if (!overlaps() || isRewriting || !left.isEmpty() || inFlight.isFull() || inFlight.valid() >= window.size()) {
            return false;
        }
        final int slot = sink.areNamesSynced() ? syncs.begin() : SyncQueue.NONE;
        if (slot == SyncQueue.NONE) {
            noteDegradation();
            return false;
        }
        inFlight.begun(slot, batch.position(), batch.sequence());
        begunPosition = batch.position();
        counters.syncsInFlightMax = Math.max(counters.syncsInFlightMax, inFlight.count());
        return true;
    }

    /** The flusher, holder: takes those in flight that have completed. Returns what callers that wait must know, or null. */
    IOException reap(final Batch batch) {
        if (inFlight.count() == 0) {
            return null;
        }
        for (int slot = syncs.poll(); slot != SyncQueue.NONE; slot = syncs.poll()) {
            final IOException failure = syncs.failure();
            if (inFlight.completed(slot) && failure != null) {
                counters.failedSyncs++;
                final IOException told = taint(batch, failure);
                acknowledge(); // None: it takes away those that are complete and mean nothing any more.
                return told;
            }
            acknowledge();
        }
        noteDegradation();
        return null;
    }

    private void noteDegradation() {
        if (syncs.degradation() != null && !isGivenUp) {
            isGivenUp = true;
            inFlight.forget();
            begunPosition = marks.durable();
            reporter.warn("one sync at a time from here on: " + syncs.degradation());
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

    /** Holder: the log leaves its file. What is in flight there means nothing any more, and need not be waited for. */
    void leave() {
        inFlight.disown();
        begunPosition = marks.durable();
    }

    /** Holder: syncs everything written. Returns what whoever waits for that must know, or null. */
    IOException sync(final Batch batch) {
        isWanted = true;
        if (suspect != null) {
            return suspect;
        }
        if (!sink.isOpen()) {
            notBeforeNanos = System.nanoTime() + RETRY_NS;
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
            notBeforeNanos = System.nanoTime() + RETRY_NS;
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
        begunPosition = batch.position();
        settled(batch.position(), batch.sequence());
        return null;
    }

    private IOException taint(final Batch batch, final IOException cause) {
        final IOException told =
                new IOException("the file is suspect, it could not be synced: " + cause.getMessage(), cause);
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
        suspect = told;
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
