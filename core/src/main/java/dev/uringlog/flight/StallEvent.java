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
@Description("From the first write that the file did not take until the next that it did")
@Enabled(false)
@StackTrace(false)
public final class StallEvent extends Event {
    @Label("File")
    private String file;

    @Label("Cause")
    private String cause;

    @Label("Events lost meanwhile")
    private long lost;

    private StallEvent() {}

    /** {@return one that has begun; only if {@link Recorder#isReady}} */
    public static StallEvent begun() {
        final StallEvent event = new StallEvent();
        event.begin();
        return event;
    }

    /**
     * Ends it.
     *
     * @param ofFile the log's file
     * @param because what the first of those writes met
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
