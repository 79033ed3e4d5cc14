package dev.uringlog.flight;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/** A sync of a file. */
@Name("dev.uringlog.Sync")
@Label("Sync")
@Category("Uringlog")
@Description("One fdatasync of a log's file")
@Enabled(false)
@StackTrace(false)
public final class SyncEvent extends Event {
    @Label("File")
    private String file;

    @Label("Durable position")
    private long position;

    @Label("Overlapped")
    @Description("Whether other events were written at the same time. If so, the event marks only the end of the sync")
    private boolean overlapped;

    @Label("Time taken")
    @Timespan(Timespan.NANOSECONDS)
    private long taken;

    private SyncEvent() {}

    /** {@return an event that has begun; call only if {@link Recorder#isReady}} */
    public static SyncEvent begun() {
        final SyncEvent event = new SyncEvent();
        event.begin();
        return event;
    }

    /**
     * Ends and records the event.
     *
     * @param ofFile the log's file
     * @param reached the position before which everything is on stable storage
     * @param isOverlapped whether it was in flight with others
     * @param nanos how long it took
     */
    public void done(final String ofFile, final long reached, final boolean isOverlapped, final long nanos) {
        end();
        if (shouldCommit()) {
            file = ofFile;
            position = reached;
            overlapped = isOverlapped;
            taken = nanos;
            commit();
        }
    }
}
