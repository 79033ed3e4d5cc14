package dev.uringlog.ring;

/** Decides where a batch has to end although more events are published. */
@FunctionalInterface
public interface Cut {
    /**
     * Whether the batch ends before an event. May be called again for the same event.
     *
     * @param position where the event begins
     * @param timeMillis the time it was published with
     * @param length its length in bytes
     * @return true to leave it and all later events to a later batch
     */
    boolean isBefore(long position, long timeMillis, int length);
}
