package dev.uringlog.commit;

import java.util.Iterator;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/**
 * Tells callers that have waited for a while to give up, when their time is over: their appender is being stopped, the JVM
 * goes down, or the file takes no bytes and they would rather know. None of these wakes a caller by itself.
 *
 * <p>So ten times a second one of the callers, the lookout, asks for all of them; the others sleep without a timer. A
 * caller that is served within 50 ms has no part in this.
 */
public final class Watch {
    private static final long BRIEF_NS = 50_000_000;
    private static final long LOOK_NS = 100_000_000;

    private final Predicate<Boolean> nothing = isStalled -> false;
    private final BooleanSupplier isHolding;
    private final Set<Wait> waits = ConcurrentHashMap.newKeySet();
    private final AtomicReference<Wait> lookout = new AtomicReference<>();
    private volatile boolean isEnding;
    private volatile long endNanos;

    /** @param isHolding whether events are held because the file is known to take no bytes */
    Watch(final BooleanSupplier isHolding) {
        this.isHolding = isHolding;
    }

    /** One caller's wait, from {@link #begin} to {@link #end}; its thread's own. */
    public final class Wait {
        private final Thread thread = Thread.currentThread();
        private final long start = System.nanoTime();
        private final Predicate<Boolean> isOver;
        private boolean isWatched;
        private volatile boolean isGivenUp;

        private Wait(final Predicate<Boolean> isOver) {
            this.isOver = isOver;
            isGivenUp = isTimeOver();
        }

        private boolean isTimeOver() {
            return isEnding && System.nanoTime() - endNanos >= 0 || isOver.test(isHolding());
        }

        /** {@return whether the caller is to wait no longer} */
        public boolean isGivenUp() {
            return isGivenUp;
        }

        /**
         * Sleeps until the thread is unparked, or the wait is given up, or for no reason.
         *
         * @param blocker what it waits for
         */
        public void park(final Object blocker) {
            final long brief = BRIEF_NS - (System.nanoTime() - start);
            if (brief > 0) {
                LockSupport.parkNanos(blocker, brief);
                return;
            }
            if (!isWatched) {
                // Before it asks who is the lookout: one that goes after that finds this wait, and wakes it.
                isWatched = true;
                waits.add(this);
            }
            if (lookout.get() == this || lookout.compareAndSet(null, this)) {
                look();
                if (!isGivenUp) {
                    LockSupport.parkNanos(blocker, LOOK_NS);
                }
            } else if (!isGivenUp) {
                LockSupport.park(blocker);
            }
        }

        /** The caller waits no more. While there is no lookout, each caller that goes wakes another one to become it. */
        public void end() {
            if (!isWatched) {
                return;
            }
            waits.remove(this);
            if (lookout.get() == this) {
                lookout.set(null);
            }
            if (lookout.get() == null) {
                final Iterator<Wait> others = waits.iterator();
                if (others.hasNext()) {
                    LockSupport.unpark(others.next().thread);
                }
            }
        }
    }

    /**
     * The current thread begins to wait.
     *
     * @param isOver whether it is to give up; asked with whether the file is known to take no bytes for now. Null for a
     *     caller that has all the time there is
     * @return its wait, to be ended
     */
    public Wait begin(final Predicate<Boolean> isOver) {
        return new Wait(isOver == null ? nothing : isOver);
    }

    /**
     * Whether the file is known to take no bytes for now, and events are held until it does.
     *
     * @return false also while nothing is written
     */
    public boolean isHolding() {
        return isHolding.getAsBoolean();
    }

    /**
     * Every wait ends after this long, and so does each one that begins later: the JVM goes down.
     *
     * @param nanos from now
     */
    public void endAfter(final long nanos) {
        endNanos = System.nanoTime() + nanos;
        isEnding = true;
    }

    private void look() {
        for (final Wait wait : waits) {
            if (!wait.isGivenUp && wait.isTimeOver()) {
                wait.isGivenUp = true;
                LockSupport.unpark(wait.thread);
            }
        }
    }
}
