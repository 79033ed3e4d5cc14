package dev.uringlog.append;

import java.io.IOException;

/**
 * Decides where one file of a log ends and the next begins, and makes the change.
 *
 * <p>Both methods are called on the log's own thread alone, or on a caller's that writes for others, one call at a time and
 * each seeing what the one before it did. Producers wait for neither: they go on into the ring. What a method throws is
 * told to the log's listener, and the log goes on.
 */
public interface Roller {
    /**
     * Whether the event that is about to be written belongs into a new file. Asked once for each event, in order, and not
     * while a {@link #roll} that failed is less than a second ago; the event that it says yes to is the next file's first
     * whatever that file's size. Costs every event its time: no system call, no lock that others hold for long.
     *
     * @param timeMillis the event's own time, milliseconds since 1970
     * @param length the event's count of bytes
     * @param fileSize how large the file is before this event, bytes
     * @return true to have {@link #roll} called before the event is written
     */
    boolean isDue(long timeMillis, int length, long fileSize);

    /**
     * Ends the file and opens the next. Called on the log's own thread, never on a caller's, between two events: everything
     * before is in the file, and nothing after. If it returns or throws with the file closed, the log opens its last path
     * again.
     *
     * @param file the log's file; of no use once this returns
     * @throws IOException if the file could not be rolled; it is gone on with
     */
    void roll(RollingFile file) throws IOException;
}
