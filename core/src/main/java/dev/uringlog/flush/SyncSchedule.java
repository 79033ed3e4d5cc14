package dev.uringlog.flush;

import dev.uringlog.ring.EventRing;

/** When what is written is to be synced though no caller asks for it. Any thread may ask; only the baton's holder changes it. */
public final class SyncSchedule {
    /** A directory that cannot be synced is tried again after this long, unless a caller asks. */
    private static final long RETRY_NS = 100_000_000;

    private final EventRing ring;
    private final Watermarks marks;
    private final InFlight inFlight;
    private final Window window;

    /** Longest time something may be written and not durable; negative if it may stay so. */
    private final long intervalNanos;

    private volatile boolean isRoomWanted;
    private volatile long dueNanos;
    private volatile long notBeforeNanos = System.nanoTime();

    /** Everything before it is on stable storage, or a sync in flight covers it. */
    private volatile long begunPosition;

    private boolean isTimerNews;

    SyncSchedule(
            final EventRing ring,
            final Watermarks marks,
            final InFlight inFlight,
            final int depth,
            final FlushOptions options) {
        this.ring = ring;
        this.marks = marks;
        this.inFlight = inFlight;
        window = new Window(ring, depth, options.syncIntervalNanos() == 0 && !options.everyoneWaits());
        intervalNanos = options.syncIntervalNanos();
        begunPosition = ring.releasedPosition();
    }

    /** Bytes from this position on are written, and stay in the ring until they are synced. */
    void kept(final long position) {
        if (begunPosition >= position && intervalNanos >= 0) {
            dueNanos = System.nanoTime() + intervalNanos;
            isTimerNews = true;
        }
    }

    /** Bytes are released. */
    void released() {
        isRoomWanted = false;
    }

    /** Everything before a position is on stable storage, or a sync in flight covers it. */
    void begun(final long position) {
        begunPosition = position;
    }

    /** A sync has failed that may succeed later. */
    void retryLater() {
        notBeforeNanos = System.nanoTime() + RETRY_NS;
    }

    /** Whether another sync may be begun now. */
    boolean hasRoom() {
        return !inFlight.isFull() && inFlight.valid() < window.size();
    }

    /** Any thread: the ring is full. If what is written fills it, it is to be synced. */
    public void wantRoom() {
        if (keptBytes() > 0) {
            isRoomWanted = true;
        }
    }

    private long keptBytes() {
        final long released = ring.releasedPosition();
        return marks.written() - released;
    }

    /**
     * The time until a sync is due.
     *
     * @return nanoseconds, 0 or less if it is due, the largest long if it never is
     */
    public long nanosToDue() {
        if (marks.suspect() != null || isCovered() || isFull()) {
            return Long.MAX_VALUE;
        }
        final boolean isShort = window.isShortOfRoom(keptBytes(), isRoomWanted);
        if (intervalNanos < 0 && !isShort) {
            return Long.MAX_VALUE;
        }
        final long now = System.nanoTime();
        return Math.max(notBeforeNanos - now, isShort ? 0 : dueNanos - now);
    }

    /** {@return whether the flusher must look at its clock again; once true for each reason; only the baton's holder asks} */
    public boolean takeTimerNews() {
        final boolean isNews = isTimerNews || window.isShortOfRoom(keptBytes(), isRoomWanted);
        isTimerNews = false;
        return isNews;
    }

    /** {@return whether as many syncs are in flight as may be: another would not be done any sooner} */
    public boolean isFull() {
        final int valid = inFlight.valid();
        return inFlight.count() > 0 && inFlight.isFull() || valid > 0 && valid >= window.size();
    }

    /** {@return whether what comes had better wait, to go as one batch: it is to be synced at once, and cannot be} */
    public boolean holdsWrites() {
        return intervalNanos == 0 && isFull();
    }

    /** {@return whether everything written is on stable storage, or on its way there} */
    public boolean isCovered() {
        return begunPosition >= marks.written();
    }
}
