package dev.uringlog.append;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Flushes every open log when the JVM goes down: an application that forgets to close one loses nothing. There is a
 * shutdown hook only while a log is open, for a hook holds the class loader of an application that has gone.
 */
final class ExitGuard {
    private static final Set<AppendLog> OPEN = ConcurrentHashMap.newKeySet();
    private static final ReentrantLock HOOKING = new ReentrantLock();

    /** Guarded by the lock. */
    private static Thread hook;

    private ExitGuard() {}

    static void add(final AppendLog log) {
        HOOKING.lock();
        try {
            if (hook == null) {
                final Thread added = new Thread(ExitGuard::flushAll, "uringlog-exit");
                Runtime.getRuntime().addShutdownHook(added);
                hook = added;
            }
            OPEN.add(log);
        } catch (final IllegalStateException e) {
            // Opened while the JVM goes down: whoever does that closes it himself.
            return;
        } finally {
            HOOKING.unlock();
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
        } catch (final IllegalStateException e) {
            // The JVM goes down; the hook is at work, or about to be.
            return;
        } finally {
            HOOKING.unlock();
        }
    }

    private static void flushAll() {
        OPEN.forEach(AppendLog::flushAtExit);
    }
}
