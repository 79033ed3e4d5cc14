package dev.uringlog.log4j2;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * The end of a manager, in two steps. Log4j releases it under a lock that every manager of the JVM needs to start or to stop.
 * Everything that waits for the file happens after that, without the lock. If a manager of the same file starts in between, it
 * waits for the second step.
 */
final class Release {
    /** By the manager's name: released by Log4j, and still writing. */
    private static final Map<String, Release> UNDER_WAY = new ConcurrentHashMap<>();

    private final String name;
    private final CountDownLatch ended = new CountDownLatch(1);

    /** The thread that has released the manager and not stopped it yet. A thread compares it only with itself. */
    private volatile Thread releaser;

    Release(final String name) {
        this.name = name;
    }

    /** The first step, called by the manager's {@code releaseSub}. */
    void begin() {
        UNDER_WAY.put(name, this);
        releaser = Thread.currentThread();
    }

    /**
     * Stops the manager.
     *
     * @param log4jsOwn Log4j's stop, in which the release begins if nothing else uses the manager
     * @param rest the second step
     * @return whether both succeeded
     */
    boolean stop(final BooleanSupplier log4jsOwn, final BooleanSupplier rest) {
        final boolean isStopped = log4jsOwn.getAsBoolean();
        if (releaser != Thread.currentThread()) {
            return isStopped;
        }
        releaser = null;
        try {
            return rest.getAsBoolean() && isStopped;
        } finally {
            UNDER_WAY.remove(name, this);
            ended.countDown();
        }
    }

    /** Waits until a manager of the same name has ended. Returns false on a timeout or an interrupt, which is kept. */
    static boolean await(final String name, final Duration timeout) {
        final Release before = UNDER_WAY.get(name);
        try {
            return before == null || before.ended.await(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
