package dev.uringlog.sys;

import java.security.AccessController;
import java.security.PrivilegedAction;

/**
 * Creates the library's own threads. They may outlive the application that opened a log, so they inherit nothing from the
 * creating thread: no context class loader, no inheritable thread-locals, no access control context and no priority.
 */
public final class OwnThread {
    private OwnThread() {}

    /**
     * Creates a daemon thread.
     *
     * @param work what it runs
     * @param name its name
     * @return the thread, not started
     */
    public static Thread daemon(final Runnable work, final String name) {
        return daemon(work, name, 0);
    }

    /** Creates a daemon thread with a stack of this size; 0 means the JVM's default. */
    @SuppressWarnings("removal") // A new thread would inherit its creator's access control context.
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
            return thread; // Not permitted: use the thread as it is.
        }
        return thread;
    }
}
