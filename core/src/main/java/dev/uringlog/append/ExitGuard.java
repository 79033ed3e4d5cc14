package dev.uringlog.append;

import dev.uringlog.sys.OwnThread;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Flushes every open log when the JVM shuts down: an application that forgets to close one loses nothing. There is a
 * shutdown hook only while a log is open, because a hook holds the class loader of an application that was undeployed.
 *
 * <p>A log opened while the JVM shuts down is synchronous from its first event. It may be opened before this hook runs,
 * while it runs, or after it has ended: by another hook, lazily, or for a key that was never logged before.
 */
final class ExitGuard {
    private static final Set<AppendLog> OPEN = ConcurrentHashMap.newKeySet();
    private static final ReentrantLock HOOKING = new ReentrantLock();

    /** Guarded by the lock. */
    private static Thread hook;

    /** Guarded by the lock. The logs that are open have been told; a later one is told when it is opened. */
    private static boolean isExiting;

    private ExitGuard() {}

    /**
     * Guards a log that has just been opened.
     *
     * @return what keeps it from being guarded, or null: the log then loses what is not flushed before the JVM's end
     */
    static RuntimeException add(final AppendLog log) {
        final boolean isLate;
        HOOKING.lock();
        try {
            OPEN.add(log);
            hook();
            isLate = isExiting;
        } catch (final RuntimeException e) {
            return e;
        } finally {
            HOOKING.unlock();
        }
        if (isLate) {
            log.askAtExit();
        }
        return null;
    }

    private static void hook() {
        if (hook != null || isExiting) {
            return;
        }
        try {
            final Thread added = OwnThread.daemon(ExitGuard::flushAll, "uringlog-exit");
            Runtime.getRuntime().addShutdownHook(added);
            hook = added;
        } catch (final IllegalStateException e) {
            isExiting = true;
        }
    }

    static void remove(final AppendLog log) {
        HOOKING.lock();
        try {
            OPEN.remove(log);
            if (OPEN.isEmpty() && hook != null) {
                Runtime.getRuntime().removeShutdownHook(hook);
                hook = null;
            }
        } catch (final IllegalStateException | SecurityException e) {
            // The JVM shuts down and the hook runs or is about to; or it may not be removed.
            return;
        } finally {
            HOOKING.unlock();
        }
    }

    /** Every open log; it may change at any time. */
    static Set<AppendLog> open() {
        return OPEN;
    }

    private static void flushAll() {
        HOOKING.lock();
        try {
            isExiting = true;
        } finally {
            HOOKING.unlock();
        }
        // All are asked before the first wait: logs that share a dead disk wait together.
        OPEN.forEach(AppendLog::askAtExit);
        final long start = System.nanoTime();
        OPEN.forEach(log -> log.awaitAtExit(start));
    }
}
