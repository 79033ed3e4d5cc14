package dev.uringlog.flush;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** A wait for stable storage, as Java Flight Recorder shows it; off until a recording asks for it. */
@Name("dev.uringlog.Sync")
@Label("Sync")
@Category("Uringlog")
@Description("One fdatasync of a log's file")
@Enabled(false)
@StackTrace(false)
final class SyncEvent extends Event {
    @Label("File")
    String file;

    @Label("Durable position")
    long position;
}
