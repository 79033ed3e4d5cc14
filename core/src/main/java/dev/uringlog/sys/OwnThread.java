package dev.uringlog.sys;

import java.security.AccessController;
import java.security.PrivilegedAction;

/**
 * Threads of the library's own. They may outlive the application that opened a log, so they take nothing from the thread that
 * makes them: neither its context class loader nor its inheritable thread-locals, its access control context or its priority.
 */
public final class OwnThread {
    private OwnThread() {}

    /**
     * Makes a daemon.
     *
     * @param work what it runs
     * @param name its name
     * @return the thread, not started
     */
    public static Thread daemon(final Runnable work, final String name) {
        return daemon(work, name, 0);
    }

    /** With a stack of that many bytes; 0 is the JVM's default. */
    @SuppressWarnings("removal") // Where there are access control contexts, a new thread holds its maker's.
    static Thread daemon(final Runnable work, final String name, final long stackBytes) {
        return AccessController.doPrivileged((PrivilegedAction<Thread>) () -> make(work, name, stackBytes));
    }

    private static Thread make(final Runnable work, final String name, final long stackBytes) {
        final Thread thread = new Thread(null, work, name, stackBytes, false);
        try {
            thread.setDaemon(true);
            thread.setPriority(Thread.NORM_PRIORITY);
            thread.setContextClassLoader(OwnThread.class.getClassLoader());
        } catch (final SecurityException e) {
            return thread; // Forbidden: it is as it is.
        }
        return thread;
    }
}
