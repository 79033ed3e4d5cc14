package dev.uringlog.log4j2;

import dev.uringlog.append.AppendLog;
import dev.uringlog.append.Patience;
import org.apache.logging.log4j.core.LifeCycle;

/**
 * How long a call inside an appender waits. Log4j stops an appender only after every call inside it has returned, and notifies
 * neither the appender nor the call. So the call checks whether its configuration is stopping. From then on callers have half
 * of the shutdown timeout; the close of the file has the rest.
 */
final class CallerPatience implements Patience {
    private static final int PARTS = 2;
    private static final long SAY_INTERVAL_NS = 100_000_000;

    private final LifeCycle configuration;
    private final ManagedLog log;
    private final boolean isTold;

    // A benign race: threads that check at the same time set nearly the same values.
    private volatile boolean isStopping;
    private volatile long stoppingNanos;
    private volatile long saidNanos;

    /**
     * @param configuration the appender's, or null
     * @param log the file's
     * @param isTold whether a caller gets an exception rather than blocks while the file takes no bytes: another appender may
     *     take the event
     */
    CallerPatience(final LifeCycle configuration, final ManagedLog log, final boolean isTold) {
        this.configuration = configuration;
        this.log = log;
        this.isTold = isTold;
    }

    @Override
    public boolean isOver(final boolean isHeld) {
        return isHeld && isTold || isStopOver();
    }

    private boolean isStopOver() {
        if (configuration == null || configuration.getState() != LifeCycle.State.STOPPING) {
            return false;
        }
        final long now = System.nanoTime();
        if (!isStopping) {
            stoppingNanos = now;
            saidNanos = now - SAY_INTERVAL_NS;
            isStopping = true;
        }
        final AppendLog open = log.log();
        if (open == null) {
            return false; // Nothing to wait for.
        }
        if (now - saidNanos >= SAY_INTERVAL_NS) {
            saidNanos = now;
            open.expectClose();
        }
        return now - stoppingNanos >= open.shutdownTimeout().toNanos() / PARTS;
    }
}
