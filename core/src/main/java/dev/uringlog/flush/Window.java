package dev.uringlog.flush;

import dev.uringlog.ring.EventRing;

/**
 * How many syncs may be in flight: one, or as many as there are slots while the ring fills.
 *
 * <p>Syncs of one file are not independent: two at a time take 1.5 to 2 times as long each (record 21). An event waits half a
 * sync, for the one under way, and then a whole one; with two in flight that is longer, so below saturation one is the
 * least lag. A ring that fills is another matter: there an event waits for room more than for any sync, and small steps
 * release the ring sooner.
 *
 * <p>Where the thread that writes is alone, and all it writes is to be synced at once, it has nothing else to do,
 * and waits for that one sync itself: to hand it to a worker and to be woken by it costs some tens of microseconds.
 */
final class Window {
    /** A ring fills while this part of it is taken. A sixteenth was, by 250 MB/s synced in turn: too soon. */
    static final int PARTS = 8;

    private final EventRing ring;
    private final int depth;
    private final int least;
    private final int fillingBytes;

    /**
     * @param depth how many there may be at most; 0 for none
     * @param isInTurn whether a ring that does not fill is better synced by the thread that writes
     */
    Window(final EventRing ring, final int depth, final boolean isInTurn) {
        this.ring = ring;
        this.depth = depth;
        least = isInTurn ? 0 : Math.min(1, depth);
        fillingBytes = ring.capacity() / PARTS;
    }

    /** How many may be in flight now. 0: the next one is to be waited for, when there is none. */
    int size() {
        // In this order: what is released has been claimed.
        final long released = ring.releasedPosition();
        return ring.claimedPosition() - released >= fillingBytes ? depth : least;
    }

    /**
     * Whether what is written fills the ring while it waits to be synced: half is taken, or callers wait for room.
     *
     * @param kept bytes that are written and not synced
     * @param isRoomWanted whether an event was discarded for want of room
     */
    boolean isShortOfRoom(final long kept, final boolean isRoomWanted) {
        return kept > ring.capacity() >> 1
                || kept > 0 && (isRoomWanted || ring.line().lacksRoom());
    }
}
