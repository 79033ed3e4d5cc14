package dev.uringlog.append;

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
        Waiter waiter = top.get() == null ? null : top.getAndSet(null);
        while (waiter != null) {
            final Waiter next = waiter.next;
            if (waiter.position <= position) {
                waiter.finish(null);
            } else {
                push(waiter);
            }
            waiter = next;
        }
    }

    /** Tells everybody that waiting is in vain for now. */
    void fail(final IOException cause) {
        Waiter waiter = top.getAndSet(null);
        while (waiter != null) {
            final Waiter next = waiter.next;
            waiter.finish(cause);
            waiter = next;
        }
    }
}
