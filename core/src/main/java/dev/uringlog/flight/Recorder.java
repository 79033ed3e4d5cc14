package dev.uringlog.flight;

import jdk.jfr.FlightRecorder;

/**
 * Whether Java Flight Recorder is there, and whether it has ever recorded in this JVM. Ask before touching a class of an
 * event: a runtime made without the recorder cannot load it.
 */
public final class Recorder {
    private static final boolean IS_THERE = find();

    private Recorder() {}

    private static boolean find() {
        try {
            FlightRecorder.isInitialized();
            return true;
        } catch (final LinkageError e) {
            return false; // No module jdk.jfr, or a class loader that cannot see it.
        }
    }

    /** {@return whether this runtime has the recorder} */
    public static boolean isThere() {
        return IS_THERE;
    }

    /** {@return whether there may be a recording that wants events} */
    public static boolean isReady() {
        return IS_THERE && FlightRecorder.isInitialized();
    }
}
