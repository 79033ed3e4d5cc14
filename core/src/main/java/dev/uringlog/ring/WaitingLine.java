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
 * The consumer calls only a few callers, and only those that there is room for. A caller that leaves calls the next one on
 * the same condition. So no more callers wake up than can find room. The line is not fair: new callers may claim first.
 *
 * <p><b>No wake-up is lost.</b> A caller joins, then tries to claim, then sleeps. The consumer moves the watermark, then
 * reads the line. On both sides a full fence separates the two steps, so the caller sees the room or the consumer sees the
 * caller. A caller that leaves then checks whether there is room for the next one. If a release did not call the next caller
 * because the leaving caller was still ahead of it, this check comes after that release and sees its room.
 */
public final class WaitingLine {
    /** Waking a thread costs the consumer a few microseconds, so the callers wake the rest. */
    private static final int CALLS_MAX = 4;

    private final EventRing ring;
    private final Queue<Place> places = new ConcurrentLinkedQueue<>();

    /**
     * While no caller waits, the consumer reads only this. Incremented before a place is added, decremented after it is
     * removed.
     */
    private final AtomicInteger count = new AtomicInteger();

    WaitingLine(final EventRing ring) {
        this.ring = ring;
    }

    /** A caller's place in the line, from {@link #join} to {@link #leave}. */
    public final class Place {
        private final Thread thread = Thread.currentThread();
        private final int length;

        /** Whether the caller has been woken since its last attempt. Then it will try again. */
        private volatile boolean isCalled;

        private Place(final int length) {
            this.length = length;
        }

        /**
         * Tries to claim. If this fails, the caller may park. It is unparked when it should try again.
         *
         * @return as {@link EventRing#tryClaim}
         */
        public long tryClaim() {
            isCalled = false;
            // Pairs with the fences in roomMade() and wakeAll().
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
     * Puts the current thread at the end of the line. The thread must call {@link #leave} in every case.
     *
     * @param length the event's length in bytes
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
     * @param place the current thread's place
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

    /** {@return whether there is no room for the first caller; a caller that has room has already been called} */
    public boolean lacksRoom() {
        final Place first = count.get() == 0 ? null : places.peek();
        return first != null && !ring.mayClaim(first.length);
    }

    /** Consumer: called after more room has become available. */
    void roomMade() {
        // Pairs with the fence in tryClaim(): the watermark is written before the line is read.
        VarHandle.fullFence();
        if (count.get() != 0) {
            call(CALLS_MAX);
        }
    }

    /** Calls the first callers that there is room for, up to this many. */
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

    /** Makes every caller try again, because the ring is closed. */
    void wakeAll() {
        VarHandle.fullFence();
        places.forEach(Place::call);
    }
}
