package dev.uringlog.flush;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/** Callers waiting for a position. A lock-free stack: anybody pushes, the flusher takes all. */
final class Waiters {
    /** One caller. */
    static final class Waiter {
        private final Thread thread = Thread.currentThread();
        private final long position;
        private Waiter next;
        private volatile boolean done;
        private IOException failure;

        Waiter(final long position) {
            this.position = position;
        }

        boolean isDone() {
            return done;
        }

        /** Valid once done: what kept the position from being reached, or null. */
        IOException failure() {
            return failure;
        }

        private void finish(final IOException cause) {
            failure = cause;
            done = true;
            LockSupport.unpark(thread);
        }
    }

    private final AtomicReference<Waiter> top = new AtomicReference<>();

    void push(final Waiter waiter) {
        Waiter seen;
        do {
            seen = top.get();
            waiter.next = seen;
        } while (!top.compareAndSet(seen, waiter));
    }

    boolean isEmpty() {
        return top.get() == null;
    }

    /** Wakes those whose position is reached, each once; the rest go on waiting. */
    void reached(final long position) {
        if (top.get() != null) {
            settle(position, null);
        }
    }

    /** Tells everybody whose position is not reached that waiting is in vain for now. */
    void fail(final long position, final IOException cause) {
        settle(position, cause);
    }

    private void settle(final long position, final IOException cause) {
        Waiter waiter = top.getAndSet(null);
        while (waiter != null) {
            final Waiter next = waiter.next;
            if (waiter.position <= position) {
                waiter.finish(null);
            } else if (cause != null) {
                waiter.finish(cause);
            } else {
                push(waiter);
            }
            waiter = next;
        }
    }
}
