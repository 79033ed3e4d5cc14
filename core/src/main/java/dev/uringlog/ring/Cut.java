package dev.uringlog.ring;

/** Where a batch has to end though more is published. */
@FunctionalInterface
public interface Cut {
    /**
     * Whether the batch ends before an event. May be asked again for the same one.
     *
     * @param position where the event begins
     * @param timeMillis the time it was published with
     * @param length its count of bytes
     * @return true to leave it and all after it to a later batch
     */
    boolean isBefore(long position, long timeMillis, int length);
}
