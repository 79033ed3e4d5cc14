package dev.uringlog.flight;

import jdk.jfr.FlightRecorder;

/** Whether anybody has ever recorded in this JVM. */
final class Recorder {
    private Recorder() {}

    static boolean isReady() {
        return FlightRecorder.isInitialized();
    }
}
