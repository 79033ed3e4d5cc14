package dev.uringlog.flush;

import dev.uringlog.ring.EventRing;

/**
 * How many syncs may be in flight: one, or as many as there are slots while the ring fills. The flusher's own.
 *
 * <p>Syncs of one file are not independent: two at a time take 1.6 to 1.9 times as long each (record 21). An event waits half a
 * sync, for the one under way, and then a whole one; with two in flight that is longer, so below saturation one is the
 * least lag. A ring that fills is another matter: there an event waits for room more than for any sync, and small steps
 * release the ring sooner.
 *
 * <p>Where the thread that writes is alone, and all it writes is to be synced at once, it has nothing else to do meanwhile,
 * and waits for that one sync itself: to hand it to a worker and to be woken by it costs some tens of microseconds.
 */
final class Window {
    /** A ring fills once this part of it is taken. */
    static final int FILLS = 2;

    /** And until less than this part is: with many in flight more is on its way at any rate, which should not keep them. */
    static final int FILLED = 4;

    private final EventRing ring;
    private final int depth;
    private final int least;
    private boolean isFilling;

    /**
     * @param depth how many there may be at most; 0 for none
     * @param isInTurn whether a ring that does not fill is better synced by the thread that writes
     */
    Window(final EventRing ring, final int depth, final boolean isInTurn) {
        this.ring = ring;
        this.depth = depth;
        least = isInTurn ? 0 : Math.min(1, depth);
    }

    /** How many may be in flight now. 0: the next one is to be waited for, when there is none. */
    int size() {
        final long taken = ring.claimedPosition() - ring.releasedPosition();
        isFilling = taken >= ring.capacity() / (isFilling ? FILLED : FILLS);
        return isFilling ? depth : least;
    }
}
