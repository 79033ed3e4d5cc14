package dev.uringlog.sys;

import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.MBeanServerFactory;
import javax.management.ObjectName;

/**
 * Whether {@code java.util.logging} may be used yet. An application server brings a log manager of its own
 * ({@code -Djava.util.logging.manager}), and can load it only after it has started its own class loaders. If anything uses
 * {@code java.util.logging} before that, the JDK's manager takes its place for good and the server fails to start. jffi uses it,
 * and so does the platform's MBean server.
 */
public final class LoggingManager {
    private static final String PROPERTY = "java.util.logging.manager";

    private LoggingManager() {}

    /**
     * Whether the log manager that was asked for cannot be loaded yet.
     *
     * @return true if nothing that uses {@code java.util.logging} should be touched
     */
    public static boolean isMissing() {
        try {
            final String name = System.getProperty(PROPERTY);
            return name != null && !isLoadable(name) && !isStarted();
        } catch (final SecurityException e) {
            return false; // It says nothing about the log manager.
        }
    }

    /**
     * What is missing.
     *
     * @return a line's end, such as {@code -Djava.util.logging.manager=a.B cannot be loaded yet}
     */
    public static String refusal() {
        return "-D" + PROPERTY + "=" + System.getProperty(PROPERTY) + " cannot be loaded yet";
    }

    /** The thread's context class loader, which the JDK asks as well, is not the same on every thread. */
    private static boolean isLoadable(final String name) {
        try {
            Class.forName(name, false, ClassLoader.getSystemClassLoader());
            return true;
        } catch (final ClassNotFoundException | LinkageError e) {
            return false;
        }
    }

    /** Another class loader may have brought it: then the platform's MBean server, if there is one, knows it. */
    private static boolean isStarted() {
        try {
            return Beans.hasLogging();
        } catch (final LinkageError e) {
            return false; // A runtime that was made without management.
        }
    }

    /** Apart, because a runtime that was made without management cannot link it. */
    private static final class Beans {
        private Beans() {}

        static boolean hasLogging() {
            try {
                final ObjectName logging = new ObjectName("java.util.logging:type=Logging");
                for (final MBeanServer server : MBeanServerFactory.findMBeanServer(null)) {
                    if (server.isRegistered(logging)) {
                        return true;
                    }
                }
                return false;
            } catch (final JMException e) {
                throw new IllegalStateException(e); // The name is a constant.
            }
        }
    }
}
