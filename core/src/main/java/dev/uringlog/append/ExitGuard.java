package dev.uringlog.append;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Flushes every open log when the JVM goes down: an application that forgets to close one loses nothing. */
final class ExitGuard {
    private static final Set<AppendLog> OPEN = ConcurrentHashMap.newKeySet();
    private static final Thread HOOK = new Thread(ExitGuard::flushAll, "uringlog-exit");

    static {
        try {
            Runtime.getRuntime().addShutdownHook(HOOK);
        } catch (final IllegalStateException e) {
            // Opened while the JVM goes down: whoever does that closes it himself.
            OPEN.clear();
        }
    }

    private ExitGuard() {}

    static void add(final AppendLog log) {
        OPEN.add(log);
    }

    static void remove(final AppendLog log) {
        OPEN.remove(log);
    }

    private static void flushAll() {
        OPEN.forEach(AppendLog::flushAtExit);
    }
}
