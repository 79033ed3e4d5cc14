package dev.uringlog.flight;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** A time in which the file took no bytes. */
@Name("dev.uringlog.Stall")
@Label("Stall")
@Category("Uringlog")
@Description("The time from the first write that failed until the next that succeeded")
@Enabled(false)
@StackTrace(false)
public final class StallEvent extends Event {
    @Label("File")
    private String file;

    @Label("Cause")
    private String cause;

    @Label("Events lost")
    private long lost;

    private StallEvent() {}

    /** {@return an event that has begun; call only if {@link Recorder#isReady}} */
    public static StallEvent begun() {
        final StallEvent event = new StallEvent();
        event.begin();
        return event;
    }

    /**
     * Ends and records the event.
     *
     * @param ofFile the log's file
     * @param because why the first of those writes failed
     * @param count of events that were dropped, discarded or failed
     */
    public void done(final String ofFile, final String because, final long count) {
        end();
        if (shouldCommit()) {
            file = ofFile;
            cause = because;
            lost = count;
            commit();
        }
    }
}
