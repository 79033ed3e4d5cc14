package dev.uringlog.sys;

import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.MBeanServerFactory;
import javax.management.ObjectName;

/**
 * Whether {@code java.util.logging} may be used yet. An application server has its own log manager ({@code
 * -Djava.util.logging.manager}) and can load it only after it has started its class loaders. If anything uses {@code
 * java.util.logging} before that, the JDK installs its default manager permanently and the server fails to start. Both jffi
 * and the platform MBean server use {@code java.util.logging}.
 */
public final class LoggingManager {
    private static final String PROPERTY = "java.util.logging.manager";

    private LoggingManager() {}

    /**
     * Whether the configured log manager cannot be loaded yet.
     *
     * @return true if nothing may use {@code java.util.logging} yet
     */
    public static boolean isMissing() {
        try {
            final String name = System.getProperty(PROPERTY);
            return name != null && !isLoadable(name) && !isStarted();
        } catch (final SecurityException e) {
            return false; // The property is not readable: assume that no log manager is configured.
        }
    }

    /**
     * The reason, for a message.
     *
     * @return a clause such as {@code -Djava.util.logging.manager=a.B cannot be loaded yet}
     */
    public static String refusal() {
        return "-D" + PROPERTY + "=" + System.getProperty(PROPERTY) + " cannot be loaded yet";
    }

    /** The JDK also tries the context class loader. This does not, because that loader differs between threads. */
    private static boolean isLoadable(final String name) {
        try {
            Class.forName(name, false, ClassLoader.getSystemClassLoader());
            return true;
        } catch (final ClassNotFoundException | LinkageError e) {
            return false;
        }
    }

    /** Another class loader may have loaded it. Then the platform MBean server, if it exists, has its MBean. */
    private static boolean isStarted() {
        try {
            return Beans.hasLogging();
        } catch (final LinkageError e) {
            return false; // The runtime has no java.management module.
        }
    }

    /** A separate class, because a runtime without the java.management module cannot link it. */
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
