package dev.uringlog.append;

import dev.uringlog.file.Sink;
import dev.uringlog.flight.Recorder;
import dev.uringlog.flush.Reporter;
import dev.uringlog.sys.LoggingManager;
import dev.uringlog.sys.OwnThread;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import javax.management.InstanceAlreadyExistsException;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/** Shows an open log in JMX and Java Flight Recorder. A log works without them if the runtime has none, or refuses it. */
final class Management {
    /** System property that keeps logs out of JMX: {@code -Duringlog.jmx=false}. */
    static final String SWITCH = "uringlog.jmx";

    /** What keeps one log out of JMX keeps all out, so one warning is enough. */
    private static final AtomicBoolean IS_REFUSAL_SAID = new AtomicBoolean();

    private enum State {
        NEW,
        REGISTERED,
        CLOSED
    }

    private final AppendLog log;
    private final Path path;
    private final Sink sink;
    private final Reporter reporter;
    private final AtomicReference<State> state = new AtomicReference<>(State.NEW);

    /** Set before the state is; null if JMX is missing or refuses. */
    private ObjectName name;

    /** Set before the state is; null if the recorder is missing or refuses. */
    private StatisticsEvent event;

    Management(final AppendLog log, final Path path, final Sink sink, final Reporter reporter) {
        this.log = log;
        this.path = path;
        this.sink = sink;
        this.reporter = reporter;
    }

    /** Registers on a thread of its own: loading the classes of JMX takes longer than opening a log. */
    void registerLater() {
        try {
            final boolean isManaged = isManaged();
            final Thread thread = OwnThread.daemon(() -> register(isManaged), "uringlog-management");
            thread.setUncaughtExceptionHandler((failed, failure) -> {}); // Even the warning failed.
            thread.start();
        } catch (final Throwable e) {
            refused(e.toString()); // No thread, or none allowed.
        }
    }

    private boolean isManaged() {
        // A runtime that was made without JMX needs no warning.
        if ("false".equalsIgnoreCase(System.getProperty(SWITCH))
                || ModuleLayer.boot().findModule("java.management").isEmpty()) {
            return false;
        }
        if (LoggingManager.isMissing()) {
            refused(LoggingManager.refusal() + ", and JMX needs java.util.logging");
            return false;
        }
        return true;
    }

    private void register(final boolean isManaged) {
        try {
            event = record();
            name = isManaged ? Server.register(this) : null;
        } catch (final Throwable e) {
            // Permission denied, or the application's own MBean server or log manager cannot be loaded.
            refused(e.toString());
        }
        if (!state.compareAndSet(State.NEW, State.REGISTERED)) {
            unregister();
        }
    }

    private StatisticsEvent record() {
        try {
            return Recorder.isThere() ? StatisticsEvent.of(log, path) : null;
        } catch (final RuntimeException e) {
            return null; // Permission denied.
        }
    }

    private void unregister() {
        if (event != null) {
            event.close();
        }
        if (name != null) {
            Server.unregister(name);
        }
    }

    private void refused(final String why) {
        if (!IS_REFUSAL_SAID.getAndSet(true)) {
            reporter.warn("this log and later ones are not under JMX and work without it (-D" + SWITCH
                    + "=false turns JMX off): " + why.lines().findFirst().orElse(""));
        }
    }

    void close() {
        if (state.getAndSet(State.CLOSED) == State.REGISTERED) {
            unregister();
        }
    }

    /** A class of its own, because a runtime without JMX cannot link code that names its exceptions. */
    private static final class Server {
        private Server() {}

        static ObjectName register(final Management log) throws JMException {
            final LogBean bean = new LogBean(log.log, log.path, log.sink, log.reporter);
            final MBeanServer server = ManagementFactory.getPlatformMBeanServer();
            final String file = ObjectName.quote(log.path.toAbsolutePath().toString());
            for (int id = 1; ; id++) {
                final ObjectName name = register(server, bean, file, id);
                if (name != null) {
                    return name;
                }
            }
        }

        /** Null if another log has that name: two logs may write one file, also of two applications in one JVM. */
        private static ObjectName register(
                final MBeanServer server, final LogBean bean, final String file, final int id) throws JMException {
            final String wanted = "dev.uringlog:type=AppendLog,name=" + file + (id == 1 ? "" : ",id=" + id);
            try {
                return server.registerMBean(bean, new ObjectName(wanted)).getObjectName();
            } catch (final InstanceAlreadyExistsException e) {
                return null;
            }
        }

        static void unregister(final ObjectName name) {
            try {
                ManagementFactory.getPlatformMBeanServer().unregisterMBean(name);
            } catch (final Throwable e) {
                return; // It is already gone, or the application's own server failed. The log is closed anyway.
            }
        }
    }
}
