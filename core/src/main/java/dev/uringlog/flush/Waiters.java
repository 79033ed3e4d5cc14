package dev.uringlog.flush;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * Callers waiting for a position. A lock-free stack: any thread pushes; the baton's holder takes all and pushes the
 * rest back.
 */
public final class Waiters {
    /** Of so many or more, one wakes some of the others: waking costs a system call, and most processors are idle by then. */
    private static final int SHARED_MIN = 4;

    /** One caller. */
    public static final class Waiter {
        private static final int WAITING = 0;
        private static final int LEADING = 1;
        private static final int DONE = 2;
        private static final int LEFT = 3;
        private static final VarHandle STATE;

        static {
            try {
                STATE = MethodHandles.lookup().findVarHandle(Waiter.class, "state", int.class);
            } catch (final ReflectiveOperationException e) {
                throw new ExceptionInInitializerError(e);
            }
        }

        /** What it waits for. */
        public final long position;

        /** Whether stable storage is meant. */
        public final boolean isDurable;

        /** Null if no thread waits. */
        private final Thread thread;

        private Waiter next;
        private IOException failure;
        private boolean isInterrupted;

        /** Valid once done: the waiters that it must wake before it continues, or null. */
        private Waiter others;

        @SuppressWarnings("unused") // Through STATE.
        private volatile int state;

        /**
         * The current thread, about to wait.
         *
         * @param position until this is reached
         * @param isDurable whether stable storage is meant
         */
        public Waiter(final long position, final boolean isDurable) {
            this(position, isDurable, Thread.currentThread());
        }

        private Waiter(final long position, final boolean isDurable, final Thread thread) {
            this.position = position;
            this.isDurable = isDurable;
            this.thread = thread;
        }

        /**
         * One that wants a position to be reached, and does not wait for it.
         *
         * @param position as for a caller
         * @param isDurable as for a caller
         * @return what to push
         */
        public static Waiter absent(final long position, final boolean isDurable) {
            return new Waiter(position, isDurable, null);
        }

        /** {@return whether it need not wait any more} */
        public boolean isDone() {
            return state >= DONE;
        }

        /** {@return whether the baton was passed to it} */
        public boolean isLeading() {
            return state == LEADING;
        }

        /** Its own thread: the baton is handed on. */
        public void stopLeading() {
            STATE.compareAndSet(this, LEADING, WAITING);
        }

        /**
         * Waits no more.
         *
         * @return false if the baton is its own by now, or its position is reached
         */
        public boolean leave() {
            return STATE.compareAndSet(this, WAITING, LEFT);
        }

        /** Its own thread, no longer waiting: wakes those that were left to it, before anything else. */
        public void wakeOthers() {
            if (state == DONE && others != null) {
                final Waiter mine = others;
                others = null;
                wake(mine);
            }
        }

        /** {@return once done: what kept the position from being reached, or null} */
        public IOException failure() {
            return failure;
        }

        /**
         * A thread with its interrupt flag set would not park, so the flag is kept here while it waits.
         *
         * @return whether it was interrupted
         */
        public boolean keepInterrupt() {
            isInterrupted |= Thread.interrupted();
            return isInterrupted;
        }

        /** Sets the flag again. */
        public void restoreInterrupt() {
            if (isInterrupted) {
                Thread.currentThread().interrupt();
            }
        }

        private boolean promote() {
            return STATE.compareAndSet(this, WAITING, LEADING);
        }

        private void finish(final IOException cause) {
            failure = cause;
            state = DONE;
            if (thread != Thread.currentThread()) {
                LockSupport.unpark(thread);
            }
        }

        /** Done, and must wake these. False if it has left by itself, or may not run soon. */
        private boolean finishWith(final Waiter toBeWoken) {
            if (thread == null || isVirtual(thread)) {
                return false; // Its carriers may be pinned by threads that wait for one of these.
            }
            others = toBeWoken;
            if (!STATE.compareAndSet(this, WAITING, DONE)) {
                others = null;
                return false;
            }
            LockSupport.unpark(thread);
            return true;
        }

        /**
         * By its class's name: {@code Thread.isVirtual} is of JDK 21.
         *
         * @param thread any
         * @return whether it is virtual
         */
        public static boolean isVirtual(final Thread thread) {
            return thread.getClass().getName().endsWith("VirtualThread");
        }
    }

    private final AtomicReference<Waiter> top = new AtomicReference<>();
    private final AtomicInteger count = new AtomicInteger();
    private final AtomicInteger durableCount = new AtomicInteger();

    /**
     * One more.
     *
     * @param waiter that is in no stack
     */
    public void push(final Waiter waiter) {
        link(waiter, waiter);
        if (waiter.isDurable) {
            durableCount.incrementAndGet();
        }
        count.incrementAndGet();
    }

    private void link(final Waiter first, final Waiter last) {
        Waiter seen;
        do {
            seen = top.get();
            last.next = seen;
        } while (!top.compareAndSet(seen, first));
    }

    /** {@return whether there is none} */
    public boolean isEmpty() {
        return top.get() == null;
    }

    /** {@return how many there are} */
    public int count() {
        return count.get();
    }

    /** {@return whether one of them waits for stable storage} */
    public boolean hasDurable() {
        return durableCount.get() > 0;
    }

    /** Holder: whether a caller whose event is written waits for stable storage. */
    boolean wantsSync(final long written) {
        for (Waiter waiter = durableCount.get() > 0 ? top.get() : null; waiter != null; waiter = waiter.next) {
            if (waiter.isDurable && waiter.position <= written && !waiter.isDone()) {
                return true;
            }
        }
        return false;
    }

    /**
     * Takes those whose position is reached; the rest go on waiting.
     *
     * @param own is not taken but done with at once; may be null
     * @param before waiters taken earlier, or null
     * @return those taken and those before, for {@link #wake}
     */
    Waiter takeReached(final Watermarks marks, final Waiter own, final Waiter before) {
        Waiter taken = before;
        Waiter first = null;
        Waiter last = null;
        Waiter next;
        for (Waiter waiter = top.get() == null ? null : top.getAndSet(null); waiter != null; waiter = next) {
            next = waiter.next;
            if (waiter == own && marks.isReached(waiter.position, waiter.isDurable)) {
                forget(waiter);
                waiter.finish(null);
            } else if (waiter.isDone()) {
                forget(waiter);
            } else if (marks.isReached(waiter.position, waiter.isDurable)) {
                forget(waiter);
                waiter.next = taken;
                taken = waiter;
            } else {
                waiter.next = first;
                first = waiter;
                last = last == null ? waiter : last;
            }
        }
        if (first != null) {
            link(first, last);
        }
        return taken;
    }

    private void forget(final Waiter waiter) {
        count.decrementAndGet();
        if (waiter.isDurable) {
            durableCount.decrementAndGet();
        }
    }

    /**
     * Wakes those that were taken, each once; the baton is not needed for it. The one in the middle is woken first and wakes
     * those behind it, and so on, so that every processor wakes some.
     *
     * @param taken by {@link Audience#takeReached}; may be null
     */
    public static void wake(final Waiter taken) {
        for (int count = count(taken); count >= SHARED_MIN; count /= 2) {
            Waiter last = taken;
            for (int i = 1; i < count / 2; i++) {
                last = last.next;
            }
            final Waiter middle = last.next;
            last.next = null;
            if (!middle.finishWith(middle.next)) {
                last.next = middle;
                break;
            }
        }
        Waiter next;
        for (Waiter waiter = taken; waiter != null; waiter = next) {
            next = waiter.next;
            waiter.finish(null);
        }
    }

    private static int count(final Waiter taken) {
        int count = 0;
        for (Waiter waiter = taken; waiter != null; waiter = waiter.next) {
            count++;
        }
        return count;
    }

    /**
     * Tells those whose position is not reached that waiting is in vain for now.
     *
     * @param isOfSync whether only callers are meant that wait for stable storage and whose events are written
     */
    void fail(final Watermarks marks, final boolean isOfSync, final IOException cause) {
        wake(takeReached(marks, null, null));
        Waiter next;
        for (Waiter waiter = top.getAndSet(null); waiter != null; waiter = next) {
            next = waiter.next;
            if (waiter.isDone() || !isOfSync || waiter.isDurable && waiter.position <= marks.written()) {
                forget(waiter);
                waiter.finish(cause);
            } else {
                link(waiter, waiter);
            }
        }
    }

    /** Any thread: no waiter will be served any more, except by the baton's holder and its successors. */
    void giveUp(final IOException cause) {
        Waiter next;
        for (Waiter waiter = top.getAndSet(null); waiter != null; waiter = next) {
            next = waiter.next;
            waiter.failure = cause;
            if (waiter.leave() || waiter.isDone()) {
                forget(waiter);
                LockSupport.unpark(waiter.thread);
            } else {
                waiter.failure = null;
                link(waiter, waiter);
            }
        }
    }

    /**
     * Makes one of them the leader and wakes it.
     *
     * @return false if none waits
     */
    public boolean promoteOne() {
        for (Waiter waiter = top.get(); waiter != null; waiter = waiter.next) {
            if (waiter.promote()) {
                LockSupport.unpark(waiter.thread);
                return true;
            }
        }
        return false;
    }
}
