package dev.uringlog.logback;

import ch.qos.logback.core.Context;
import ch.qos.logback.core.rolling.TimeBasedRollingPolicy;
import ch.qos.logback.core.rolling.helper.ArchiveRemover;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.concurrent.Future;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Runs the clean-ups of a rolling policy one at a time. Logback starts one at each roll, and all of them use one calendar without
 * a lock. Two at a time may take the running period for one that is too old, and delete its archives.
 *
 * <p>It is a proxy, because the methods of an {@link ArchiveRemover} take another type in Logback 1.3.0 and 1.4.0.
 */
final class ArchiveCleaning implements InvocationHandler {
    private final ArchiveRemover remover;
    private final Context context;
    private final ReentrantLock lock = new ReentrantLock();

    /** When the newest roll was, as the argument of a clean-up; null if a clean-up has begun since. */
    private Object[] newest;

    /** The clean-up that runs, and takes the newest roll after that; null if none does. */
    private Future<?> running;

    private ArchiveCleaning(final ArchiveRemover remover, final Context context) {
        this.remover = remover;
        this.context = context;
    }

    /**
     * Has a started policy clean up one at a time.
     *
     * @param policy of the appender
     * @return whether that has changed now; false if it removes no archives, or Java denies access to its remover
     */
    static boolean inTurn(final TimeBasedRollingPolicy<?> policy) {
        try {
            final Field field = TimeBasedRollingPolicy.class.getDeclaredField("archiveRemover");
            field.setAccessible(true);
            final ArchiveRemover remover = (ArchiveRemover) field.get(policy);
            if (remover == null || Proxy.isProxyClass(remover.getClass())) {
                return false;
            }
            field.set(
                    policy,
                    Proxy.newProxyInstance(
                            ArchiveRemover.class.getClassLoader(),
                            new Class<?>[] {ArchiveRemover.class},
                            new ArchiveCleaning(remover, policy.getContext())));
            return true;
        } catch (final ReflectiveOperationException | RuntimeException e) {
            return false; // A JVM with modules may deny it. Logback then cleans up as it always has.
        }
    }

    @Override
    public Object invoke(final Object proxy, final Method method, final Object[] arguments) throws Throwable {
        return "cleanAsynchronously".equals(method.getName()) ? clean(method, arguments) : call(method, arguments);
    }

    private Object call(final Method method, final Object[] arguments) throws Throwable {
        try {
            return method.invoke(remover, arguments);
        } catch (final InvocationTargetException e) {
            throw e.getCause();
        }
    }

    /** A clean-up covers all periods since the one before, so that of the newest roll is enough. */
    private Future<?> clean(final Method method, final Object[] now) {
        lock.lock();
        try {
            newest = now;
            if (running == null) {
                running = context.getExecutorService().submit(() -> cleanAll(method));
            }
            return running;
        } finally {
            lock.unlock();
        }
    }

    private Void cleanAll(final Method method) {
        for (Object[] now = next(); now != null; now = next()) {
            try {
                ((Future<?>) call(method, now)).get();
            } catch (final Throwable e) {
                stop();
                throw new IllegalStateException(e);
            }
        }
        return null;
    }

    private Object[] next() {
        lock.lock();
        try {
            final Object[] now = newest;
            newest = null;
            if (now == null) {
                running = null;
            }
            return now;
        } finally {
            lock.unlock();
        }
    }

    private void stop() {
        lock.lock();
        running = null;
        lock.unlock();
    }
}
