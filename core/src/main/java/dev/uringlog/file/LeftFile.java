package dev.uringlog.file;

import java.io.IOException;

/** A file that the log has left and that can still be synced. */
public interface LeftFile extends AutoCloseable {
    /**
     * Waits until its bytes are on stable storage; its name follows with the next {@link Sink#syncNames}.
     *
     * @throws IOException if they are not known to be, or if the file has been removed since
     */
    void sync() throws IOException;

    /** Closes it. If that fails, the listener of the log's file is told. */
    @Override
    void close();
}
