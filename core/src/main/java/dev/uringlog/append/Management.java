package dev.uringlog.append;

import dev.uringlog.file.Sink;
import dev.uringlog.flush.Reporter;
import dev.uringlog.sys.LoggingManager;
import dev.uringlog.sys.OwnThread;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Date;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import javax.management.InstanceAlreadyExistsException;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/** Puts a log under JMX and takes it away. Where there is no management it goes without. */
final class Management implements AppendLogMXBean {
    /** System property that keeps logs out of JMX: {@code -Duringlog.jmx=false}. */
    static final String SWITCH = "uringlog.jmx";

    /** What keeps one log out of JMX keeps out all: one line is enough. */
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

    /** Set before the state is. */
    private ObjectName name;

    Management(final AppendLog log, final Path path, final Sink sink, final Reporter reporter) {
        this.log = log;
        this.path = path;
        this.sink = sink;
        this.reporter = reporter;
    }

    /** Registers on a thread of its own: loading the management classes takes longer than opening a log. */
    void registerLater() {
        try {
            if ("false".equalsIgnoreCase(System.getProperty(SWITCH)) || !isManaged()) {
                return;
            }
            if (LoggingManager.isMissing()) {
                refused(LoggingManager.refusal() + ", and JMX needs java.util.logging");
                return;
            }
            final Thread thread = OwnThread.daemon(this::register, "uringlog-jmx");
            thread.setUncaughtExceptionHandler((failed, failure) -> {}); // Not even the words were to be had.
            thread.start();
        } catch (final Throwable e) {
            refused(e.toString()); // No thread, or none allowed.
        }
    }

    /** A runtime that was made without management has nothing to complain of. */
    private static boolean isManaged() {
        return ModuleLayer.boot().findModule("java.management").isPresent();
    }

    private void register() {
        try {
            name = Server.register(this, path);
            if (!state.compareAndSet(State.NEW, State.REGISTERED)) {
                Server.unregister(name);
            }
        } catch (final Throwable e) {
            // Denied, or a server or a log manager of the application's that cannot be loaded: any of it may throw
            // anything.
            refused(e.toString());
        }
    }

    private void refused(final String why) {
        if (!IS_REFUSAL_SAID.getAndSet(true)) {
            reporter.warn("this log and later ones are not under JMX, they work without it (-D" + SWITCH
                    + "=false turns JMX off): " + why.lines().findFirst().orElse(""));
        }
    }

    void close() {
        if (state.getAndSet(State.CLOSED) == State.REGISTERED) {
            Server.unregister(name);
        }
    }

    /** Apart, because a runtime that was made without management cannot link what names its exceptions. */
    private static final class Server {
        private Server() {}

        static ObjectName register(final Management bean, final Path path) throws JMException {
            final MBeanServer server = ManagementFactory.getPlatformMBeanServer();
            final String file = ObjectName.quote(path.toAbsolutePath().toString());
            for (int id = 1; ; id++) {
                final ObjectName name = register(server, bean, file, id);
                if (name != null) {
                    return name;
                }
            }
        }

        /** Null if another log has that name: two may write one file, and two applications of one server log to one path. */
        private static ObjectName register(
                final MBeanServer server, final Management bean, final String file, final int id) throws JMException {
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
                return; // It is gone already, or the server is an application's own and in trouble. The log is closed.
            }
        }
    }

    @Override
    public String getDescription() {
        return log.description();
    }

    @Override
    public String getFile() {
        return path.toAbsolutePath().toString();
    }

    @Override
    public String getStrategy() {
        return sink.label();
    }

    @Override
    public String getDegradation() {
        return sink.degradation();
    }

    @Override
    public String getDurability() {
        return log.durability().name();
    }

    @Override
    public String getLastError() {
        final Reporter.Told last = reporter.lastError();
        return last == null ? null : last.message();
    }

    @Override
    public Date getLastErrorTime() {
        final Reporter.Told last = reporter.lastError();
        return last == null ? null : Date.from(last.time());
    }

    @Override
    public long getAccepted() {
        return log.statistics().accepted();
    }

    @Override
    public long getWritten() {
        return log.statistics().written();
    }

    @Override
    public long getFailed() {
        return log.statistics().failed();
    }

    @Override
    public long getDropped() {
        return log.statistics().dropped();
    }

    @Override
    public long getWaiting() {
        return log.statistics().waiting();
    }

    @Override
    public long getDiscarded() {
        return log.statistics().discarded();
    }

    @Override
    public long getBlocked() {
        return log.statistics().blocked();
    }

    @Override
    public long getBytes() {
        return log.statistics().bytes();
    }

    @Override
    public long getFlushes() {
        return log.statistics().flushes();
    }

    @Override
    public long getSystemCalls() {
        return log.statistics().systemCalls();
    }

    @Override
    public int getLargestBatch() {
        return log.statistics().largestBatch();
    }

    @Override
    public long getShortWrites() {
        return log.statistics().shortWrites();
    }

    @Override
    public long getStalls() {
        return log.statistics().stalls();
    }

    @Override
    public long getBacklog() {
        return log.statistics().backlog();
    }

    @Override
    public long getWrittenPosition() {
        return log.statistics().writtenPosition();
    }

    @Override
    public long getDurablePosition() {
        return log.statistics().durablePosition();
    }

    @Override
    public long getSyncs() {
        return log.statistics().syncs();
    }

    @Override
    public long getFailedSyncs() {
        return log.statistics().failedSyncs();
    }

    @Override
    public long getOverlappedSyncs() {
        return log.statistics().overlappedSyncs();
    }

    @Override
    public int getSyncsInFlightMax() {
        return log.statistics().syncsInFlightMax();
    }

    @Override
    public void flush() throws IOException {
        log.flush();
    }

    @Override
    public void reopen() throws IOException {
        log.reopen();
    }
}
