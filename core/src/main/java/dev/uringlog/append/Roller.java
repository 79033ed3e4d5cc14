package dev.uringlog.append;

import java.io.IOException;

/**
 * Decides where one file of a log ends and the next begins, and makes the change.
 *
 * <p>Both methods are called on the log's own thread, or on that of a caller that writes for others. Calls come one at a time,
 * and each sees what the one before it did. Producers do not wait for them and continue to append to the ring. What a method
 * throws is reported to the log's listener, and the log continues.
 */
public interface Roller {
    /**
     * Whether the event that is about to be written belongs in a new file. Asked once for each event, in order, but not
     * in the second after a {@link #roll} that failed. If it answers true, the event is the first of the next file, whatever
     * that file's size. Every event pays for this call: make no system call, and take no lock that is held for long.
     *
     * @param timeMillis the event's own time, milliseconds since 1970
     * @param length the event's count of bytes
     * @param fileSize how large the file is before this event, bytes
     * @return true to have {@link #roll} called before the event is written
     */
    boolean isDue(long timeMillis, int length, long fileSize);

    /**
     * Ends the file and opens the next. Called on the log's own thread, never on a caller's, between two events: everything
     * before is in the file, and nothing after. If the file is closed when it returns or throws, the log opens the last path
     * again.
     *
     * @param file the log's file; it must not be used once this returns
     * @throws IOException if the file could not be rolled; the log continues in the current file
     */
    void roll(RollingFile file) throws IOException;
}
