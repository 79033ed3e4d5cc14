package dev.uringlog.flush;

import dev.uringlog.file.FaultPolicy;
import dev.uringlog.file.Sink;
import dev.uringlog.flight.Recorder;
import dev.uringlog.flight.StallEvent;
import java.io.IOException;

/** A time in which the file takes no bytes: what it is told by, what it costs, and whether others have taken the file away. */
final class Stall {
    private final Sink sink;
    private final Counters counters;
    private final Reporter reporter;
    private final boolean isDropping;
    private final long graceNanos;

    /** Read by those who come to wait, and then wake the flusher. */
    private volatile boolean isOn;

    private long lostBefore;
    private long sinceNanos;
    private IOException cause;
    private StallEvent event;
    private boolean isSeenAway;
    private long seenAwayNanos;

    /**
     * @param isDropping whether events are dropped meanwhile, or held
     * @param graceNanos what somebody has who has renamed the file and is to make another
     */
    Stall(
            final Sink sink,
            final Counters counters,
            final Reporter reporter,
            final boolean isDropping,
            final long graceNanos) {
        this.sink = sink;
        this.counters = counters;
        this.reporter = reporter;
        this.isDropping = isDropping;
        this.graceNanos = graceNanos;
    }

    boolean isOn() {
        return isOn;
    }

    /** A write has failed. */
    void met(final IOException failure) {
        if (!isOn) {
            isOn = true;
            isSeenAway = false;
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

    /**
     * Whether the file is not where its path leads any more, and was not a moment ago: its file system may be broken, and
     * another be mounted in its place. One that lacks nothing but space will take the rest of what it has a part of, unless it
     * was removed, perhaps to make space.
     *
     * @param failure the last
     */
    boolean isFileTakenAway(final IOException failure) {
        final boolean wasSeen = isSeenAway;
        try {
            final Sink.Fate fate = sink.isOpen() ? sink.look() : Sink.Fate.IN_PLACE;
            isSeenAway =
                    fate == Sink.Fate.UNLINKED || fate != Sink.Fate.IN_PLACE && !FaultPolicy.isWantOfSpace(failure);
        } catch (final IOException e) {
            isSeenAway = false; // Asked again after the next try.
        }
        if (isSeenAway && !wasSeen) {
            seenAwayNanos = System.nanoTime();
        }
        return isSeenAway && System.nanoTime() - seenAwayNanos >= graceNanos;
    }
}
