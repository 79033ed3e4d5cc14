package dev.uringlog.flight;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** Each error that a log met. The listener is told once a second at most. */
@Name("dev.uringlog.Fault")
@Label("Fault")
@Category("Uringlog")
@Description("An error that a log met")
@Enabled(false)
@StackTrace(false)
public final class FaultEvent extends Event {
    @Label("File")
    private String file;

    @Label("Message")
    private String message;

    private FaultEvent() {}

    /**
     * Records an error. Call only if {@link Recorder#isReady}.
     *
     * @param inFile the log's file
     * @param what what failed, in one line
     */
    public static void met(final String inFile, final String what) {
        final FaultEvent event = new FaultEvent();
        if (event.shouldCommit()) {
            event.file = inFile;
            event.message = what;
            event.commit();
        }
    }
}
