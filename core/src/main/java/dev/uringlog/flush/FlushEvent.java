package dev.uringlog.flush;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** A batch on its way to the kernel, as Java Flight Recorder shows it; off until a recording asks for it. */
@Name("dev.uringlog.Flush")
@Label("Flush")
@Category("Uringlog")
@Description("One batch of events handed to the kernel")
@Enabled(false)
@StackTrace(false)
final class FlushEvent extends Event {
    @Label("File")
    String file;

    @Label("Events")
    int events;

    @Label("Bytes")
    @DataAmount
    long bytes;
}
