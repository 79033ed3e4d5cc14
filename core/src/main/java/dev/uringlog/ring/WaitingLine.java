package dev.uringlog.ring;

import java.lang.invoke.VarHandle;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * The callers that sleep until a full ring has room for them.
 *
 * <pre>
 *   release ─ calls the first few ─► claim, leave ─ each calls the next ─► claims, leaves ─ no room: calls none
 * </pre>
 *
 * The consumer calls a few callers at most, and only those that there is room for. A caller that leaves calls the next one
 * on the same condition, so no more callers wake up than find room. New callers may claim first: the line is not fair.
 *
 * <p><b>No wake-up is lost.</b> A caller joins, then tries to claim, then sleeps. The consumer moves the watermark, then
 * looks at the line. A full fence stands between the two steps on both sides, so the caller sees the room or the consumer
 * sees the caller. A caller leaves, then looks for room for the next one: if a release did not call the next one because
 * this caller still stood before it, this look comes after that release and sees its room.
 */
public final class WaitingLine {
    /** Waking a thread takes the consumer some microseconds; the callers wake the rest. */
    private static final int CALLS_MAX = 4;

    private final EventRing ring;
    private final Queue<Place> places = new ConcurrentLinkedQueue<>();

    /** All that the consumer reads while no caller waits. Raised before a place is added, lowered after it is removed. */
    private final AtomicInteger count = new AtomicInteger();

    WaitingLine(final EventRing ring) {
        this.ring = ring;
    }

    /** A caller's place in the line, from {@link #join} to {@link #leave}. */
    public final class Place {
        private final Thread thread = Thread.currentThread();
        private final int length;

        /** Whether the caller has been woken since it last tried, and will try again. */
        private volatile boolean isCalled;

        private Place(final int length) {
            this.length = length;
        }

        /**
         * Tries to claim. If this fails, the caller may park: it is unparked when it should try again.
         *
         * @return as {@link EventRing#tryClaim}
         */
        public long tryClaim() {
            isCalled = false;
            // Pairs with the fence in roomMade(), and in wakeAll().
            VarHandle.fullFence();
            return ring.tryClaim(length);
        }

        boolean isCalled() {
            return isCalled;
        }

        private void call() {
            if (!isCalled) {
                isCalled = true;
                LockSupport.unpark(thread);
            }
        }
    }

    /**
     * Puts the current thread at the end of the line. It must {@link #leave}, whatever happens.
     *
     * @param length of the event to claim room for, bytes
     * @return its place
     */
    public Place join(final int length) {
        final Place place = new Place(length);
        count.getAndIncrement();
        places.add(place);
        return place;
    }

    /**
     * Takes the current thread out of the line, with or without a claim, and calls the next caller if there is room.
     *
     * @param place its own
     */
    public void leave(final Place place) {
        places.remove(place);
        count.getAndDecrement();
        call(1);
    }

    /** {@return whether no caller waits for room} */
    public boolean isEmpty() {
        return count.get() == 0;
    }

    /** {@return whether the first caller has no room; one that has room has been called, and need not be hurried for} */
    public boolean lacksRoom() {
        final Place first = count.get() == 0 ? null : places.peek();
        return first != null && !ring.mayClaim(first.length);
    }

    /** Consumer: the ring has room that it did not have before. */
    void roomMade() {
        // Pairs with the fence in tryClaim(): the watermark before this look.
        VarHandle.fullFence();
        if (count.get() != 0) {
            call(CALLS_MAX);
        }
    }

    /** Calls as many of the first as there is room for, and no more than this. */
    private void call(final int most) {
        int calls = 0;
        int length = 0;
        for (final Place place : places) {
            length = calls == 0 ? place.length : Math.min(ring.capacity(), length) + place.length;
            if (calls++ == most || !ring.mayClaim(length)) {
                return;
            }
            place.call();
        }
    }

    /** Every caller tries again: the ring is closed. */
    void wakeAll() {
        VarHandle.fullFence();
        places.forEach(Place::call);
    }
}
