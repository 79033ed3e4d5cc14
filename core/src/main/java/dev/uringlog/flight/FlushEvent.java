package dev.uringlog.flight;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** A batch that is written. */
@Name("dev.uringlog.Flush")
@Label("Flush")
@Category("Uringlog")
@Description("One batch of events handed to the kernel")
@Enabled(false)
@StackTrace(false)
public final class FlushEvent extends Event {
    @Label("File")
    private String file;

    @Label("Strategy")
    private String strategy;

    @Label("Events")
    private int events;

    @Label("Bytes")
    @DataAmount
    private long bytes;

    private FlushEvent() {}

    /** {@return an event that has begun; call only if {@link Recorder#isReady}} */
    public static FlushEvent begun() {
        final FlushEvent event = new FlushEvent();
        event.begin();
        return event;
    }

    /**
     * Ends and records the event.
     *
     * @param inFile the log's file
     * @param by the strategy's label
     * @param count of events
     * @param length bytes
     */
    public void done(final String inFile, final String by, final int count, final long length) {
        end();
        if (shouldCommit()) {
            file = inFile;
            strategy = by;
            events = count;
            bytes = length;
            commit();
        }
    }
}
