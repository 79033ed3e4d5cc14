package dev.uringlog.flush;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * The right to consume the ring and to touch the file: one thread has it at a time. What its holder wrote to plain fields
 * the next one reads: every hand-over is a release, every taking an acquire.
 *
 * <pre>
 *           tryTake                    grant
 *   FREE ─────────────► HELD ───────────────────► GRANTED
 *     ▲                 │  ▲ │ pass: to a caller     │
 *     └───── free ──────┘  │ └─► HELD: he receives   │
 *                          └──── the flusher takes ──┘
 * </pre>
 */
final class Baton {
    private static final int FREE = 0;
    private static final int HELD = 1;
    private static final int GRANTED = 2;

    private final AtomicInteger state = new AtomicInteger(FREE);

    /** Opaque: each thread asks only whether it is himself, and he forgets himself before anybody else can have it. */
    private final AtomicReference<Thread> holder = new AtomicReference<>();

    private volatile boolean isWanted;

    boolean tryTake() {
        if (state.get() == FREE && state.compareAndSet(FREE, HELD)) {
            holder.setOpaque(Thread.currentThread());
            return true;
        }
        return false;
    }

    /** Holder: gives it back. Whoever came meanwhile is to be looked for afterwards. */
    void free() {
        holder.setOpaque(null);
        state.set(FREE);
    }

    /**
     * Holder: it will be somebody else's, who is told afterwards and then calls {@link #receive}. Not before: whoever is
     * about to be told may have gone, and would take himself for the one that writes.
     */
    void letGo() {
        holder.setOpaque(null);
    }

    /** Whoever it was passed to, or who could not pass it. */
    void receive() {
        holder.setOpaque(Thread.currentThread());
    }

    /** Holder: gives it to the flusher, who must take it. */
    void grant(final Thread flusher) {
        holder.setOpaque(flusher);
        state.set(GRANTED);
        LockSupport.unpark(flusher);
    }

    /** Whether it waits for the flusher to take it. */
    boolean isGranted() {
        return state.get() == GRANTED;
    }

    /** Whether the flusher waits for it: then its holder grants it. */
    boolean isWanted() {
        return isWanted;
    }

    boolean isHeldByCurrentThread() {
        return holder.getOpaque() == Thread.currentThread();
    }

    /** The flusher: takes it, as soon as it is granted or free. */
    void acquire() {
        // Said before each try: a holder that frees it afterwards sees it, one that freed it before loses it here.
        isWanted = true;
        while (!tryTake() && !state.compareAndSet(GRANTED, HELD)) {
            Thread.interrupted(); // An interrupted thread would not park.
            LockSupport.park(this);
        }
        isWanted = false;
        holder.setOpaque(Thread.currentThread());
    }
}
