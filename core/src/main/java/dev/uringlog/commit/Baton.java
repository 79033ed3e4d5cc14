package dev.uringlog.commit;

import dev.uringlog.flush.Waiters;
import dev.uringlog.ring.RingConsumer;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * The right to consume the ring and to touch the file: one thread has it at a time. With it comes the ring's cursor, and
 * whatever only the holder may call takes that cursor, or the batch that it shows, as a parameter. What a holder wrote to
 * plain fields the next one reads: every hand-over is a release, every taking an acquire.
 *
 * <pre>
 *           tryTake                    grant
 *   FREE ─────────────► HELD ───────────────────► GRANTED
 *     ▲                 │  ▲ │ passTo: a caller      │
 *     └───── free ──────┘  │ └─► HELD: receives it   │
 *                          └──── the flusher takes ──┘
 * </pre>
 */
final class Baton {
    private static final int FREE = 0;
    private static final int HELD = 1;
    private static final int GRANTED = 2;

    private final RingConsumer cursor;
    private final AtomicInteger state = new AtomicInteger(FREE);

    /** Opaque: each thread asks only about itself, and it clears its own mark before another thread can take the baton. */
    private final AtomicReference<Thread> holder = new AtomicReference<>();

    private volatile boolean isWanted;

    /** @param cursor is handed to each holder and to no other thread */
    Baton(final RingConsumer cursor) {
        this.cursor = cursor;
    }

    /** Takes it if it is free. Returns the cursor, or null. */
    RingConsumer tryTake() {
        return isTaken() ? receive() : null;
    }

    private boolean isTaken() {
        return state.get() == FREE && state.compareAndSet(FREE, HELD);
    }

    /** Gives it back. Callers that came in the meantime are to be looked for afterwards. */
    void free() {
        holder.setOpaque(null);
        state.set(FREE);
    }

    /**
     * Passes it to one of these, which then calls {@link #receive}.
     *
     * @return false if none waits
     */
    boolean passTo(final Waiters callers) {
        if (callers.isEmpty()) {
            return false;
        }
        // Before one is told: a caller that is about to be told may have left, and would take itself for the one that
        // writes.
        holder.setOpaque(null);
        if (callers.promoteOne()) {
            return true;
        }
        receive();
        return false;
    }

    /** The thread that it was passed to takes it over. Returns the cursor. */
    RingConsumer receive() {
        holder.setOpaque(Thread.currentThread());
        return cursor;
    }

    /** Gives it to the flusher, which must take it. */
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

    /** The flusher: takes it, as soon as it is granted or free. Returns the cursor. */
    RingConsumer acquire() {
        // Said before each try: a holder that frees it afterwards sees it, one that freed it before loses it here.
        isWanted = true;
        while (!isTaken() && !state.compareAndSet(GRANTED, HELD)) {
            Thread.interrupted(); // An interrupted thread would not park.
            LockSupport.park(this);
        }
        isWanted = false;
        return receive();
    }
}
