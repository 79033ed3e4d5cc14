package dev.uringlog.flush;

import dev.uringlog.flight.Recorder;
import dev.uringlog.flight.StallEvent;
import java.io.IOException;

/** A time in which the file takes no bytes: how it is told, and what it costs. */
final class Stall {
    private final Counters counters;
    private final Reporter reporter;
    private final boolean isDropping;

    /** Read by callers that come to wait, and then wake the flusher. */
    private volatile boolean isOn;

    private long lostBefore;
    private long sinceNanos;
    private IOException cause;
    private StallEvent event;

    /** @param isDropping whether events are dropped during a stall, or held */
    Stall(final Counters counters, final Reporter reporter, final boolean isDropping) {
        this.counters = counters;
        this.reporter = reporter;
        this.isDropping = isDropping;
    }

    boolean isOn() {
        return isOn;
    }

    /** A write has failed. */
    void met(final IOException failure) {
        if (!isOn) {
            isOn = true;
            counters.stalls++;
            lostBefore = lost();
            sinceNanos = System.nanoTime();
            cause = failure;
            event = Recorder.isReady() ? StallEvent.begun() : null;
        }
        reporter.stalled(failure, isDropping);
    }

    /** The file has taken some bytes. */
    void over() {
        if (isOn) {
            isOn = false;
            end();
            reporter.recovered(lost() - lostBefore, System.nanoTime() - sinceNanos);
        }
    }

    /** Whether it is over or not, the log is. */
    void end() {
        if (event != null) {
            event.done(reporter.name(), cause.getMessage(), lost() - lostBefore);
            event = null;
        }
    }

    private long lost() {
        return counters.failed + counters.dropped + counters.discarded.sum();
    }
}
