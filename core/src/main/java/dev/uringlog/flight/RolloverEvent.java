package dev.uringlog.flight;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** A change from one file to the next. */
@Name("dev.uringlog.Rollover")
@Label("Rollover")
@Category("Uringlog")
@Description("A change from one file to the next")
@Enabled(false)
@StackTrace(false)
public final class RolloverEvent extends Event {
    @Label("File")
    private String file;

    @Label("Next file")
    private String next;

    @Label("Size")
    @DataAmount
    private long size;

    @Label("Failure")
    private String failure;

    private RolloverEvent() {}

    /** {@return an event that has begun; call only if {@link Recorder#isReady}} */
    public static RolloverEvent begun() {
        final RolloverEvent event = new RolloverEvent();
        event.begin();
        return event;
    }

    /**
     * Ends and records the event.
     *
     * @param left the file that ended
     * @param entered the file that the log is in now
     * @param length bytes in the one that ended
     * @param because what went wrong, or null
     */
    public void done(final String left, final String entered, final long length, final String because) {
        end();
        if (shouldCommit()) {
            file = left;
            next = entered;
            size = length;
            failure = because;
            commit();
        }
    }
}
