package dev.uringlog.append;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import javax.management.JMException;
import javax.management.ObjectName;

/** Puts a log under JMX and takes it away. Where that fails (no management, a second log on one file) it goes without. */
final class Management implements AppendLogMXBean {
    private enum State {
        NEW,
        REGISTERED,
        CLOSED
    }

    private final AppendLog log;
    private final Path path;
    private final AtomicReference<State> state = new AtomicReference<>(State.NEW);

    Management(final AppendLog log, final Path path) {
        this.log = log;
        this.path = path;
    }

    /** Registers on a thread of its own: loading the management classes takes longer than opening a log. */
    void registerLater() {
        final Thread thread = new Thread(this::register, "uringlog-jmx");
        thread.setDaemon(true);
        thread.start();
    }

    private void register() {
        try {
            ManagementFactory.getPlatformMBeanServer().registerMBean(this, name());
            if (!state.compareAndSet(State.NEW, State.REGISTERED)) {
                unregister();
            }
        } catch (final JMException | SecurityException | LinkageError e) {
            state.set(State.CLOSED);
        }
    }

    void close() {
        if (state.getAndSet(State.CLOSED) == State.REGISTERED) {
            unregister();
        }
    }

    private void unregister() {
        try {
            ManagementFactory.getPlatformMBeanServer().unregisterMBean(name());
        } catch (final JMException e) {
            // Somebody else took it away; that is all that was wanted.
            return;
        }
    }

    private ObjectName name() throws JMException {
        return new ObjectName("dev.uringlog:type=AppendLog,file="
                + ObjectName.quote(path.toAbsolutePath().toString()));
    }

    @Override
    public String getDescription() {
        return log.description();
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
    public void flush() throws IOException {
        log.flush();
    }

    @Override
    public void reopen() throws IOException {
        log.reopen();
    }
}
