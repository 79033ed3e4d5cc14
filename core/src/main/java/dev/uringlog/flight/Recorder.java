package dev.uringlog.flight;

import jdk.jfr.FlightRecorder;

/**
 * Whether anybody has ever recorded in this JVM. To be asked before an event is touched: its very class cannot be loaded by a
 * runtime that was made without the recorder.
 */
public final class Recorder {
    private static final boolean IS_THERE = isThere();

    private Recorder() {}

    private static boolean isThere() {
        try {
            FlightRecorder.isInitialized();
            return true;
        } catch (final LinkageError e) {
            return false; // No module jdk.jfr, or a class loader that does not see it.
        }
    }

    /** {@return whether an event may be made, and may be of use} */
    public static boolean isReady() {
        return IS_THERE && FlightRecorder.isInitialized();
    }
}
