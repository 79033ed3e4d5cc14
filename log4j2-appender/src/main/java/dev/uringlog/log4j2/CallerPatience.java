package dev.uringlog.log4j2;

import dev.uringlog.append.AppendLog;
import dev.uringlog.append.Patience;
import org.apache.logging.log4j.core.LifeCycle;

/**
 * When a call inside an appender stops waiting. Log4j stops an appender only after every call inside it has returned, and
 * tells neither the appender nor the call: so the call looks whether its configuration is being stopped. Callers have half of
 * the shutdown timeout from then on; the file's close has the rest.
 */
final class CallerPatience implements Patience {
    private static final int PARTS = 2;
    private static final long SAY_INTERVAL_NS = 100_000_000;

    private final LifeCycle configuration;
    private final ManagedLog log;
    private final boolean isTold;

    // Racy: each thread that looks at the same time sets nearly the same.
    private volatile boolean isStopping;
    private volatile long stoppingNanos;
    private volatile long saidNanos;

    /**
     * @param configuration the appender's; null if it has none
     * @param log the file's
     * @param isTold whether a caller is told that the file takes no bytes, rather than blocked: another appender may take
     *     the event
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
