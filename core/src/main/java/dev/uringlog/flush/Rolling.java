package dev.uringlog.flush;

import java.io.IOException;

/** Says where a file ends, and makes the next: the public one, seen from here. */
public interface Rolling {
    /**
     * Whether an event belongs in a new file. The gathering thread asks once for each event, in order.
     *
     * @param timeMillis the event's own time
     * @param length the event's count of bytes
     * @param fileSize of the file before it, bytes
     * @return true to have {@link #roll} called before it is written
     */
    boolean isDue(long timeMillis, int length, long fileSize);

    /**
     * Ends the file and opens the next; the flusher's thread alone calls it.
     *
     * @param file the log's
     * @throws IOException if it could not
     */
    void roll(RolledFile file) throws IOException;
}
