package dev.uringlog.file;

import java.io.Closeable;
import java.io.IOException;

/** A file that the log has left and that can still be synced. */
public interface LeftFile extends Closeable {
    /**
     * Waits until its bytes and its name are on stable storage.
     *
     * @throws IOException if they are not known to be, or if the file has been removed since
     */
    void sync() throws IOException;
}
