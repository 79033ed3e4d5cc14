package dev.uringlog.append;

import java.io.IOException;
import java.nio.file.Path;

/** A log's file while it is being rolled. For use only inside {@link Roller#roll}, on the same thread. */
public interface RollingFile {
    /** {@return where the file is, or was when it was closed} */
    Path path();

    /** {@return its size, bytes; 0 while it is closed} */
    long size();

    /**
     * Writes bytes that are not an event: a footer before {@link #close}, a header after {@link #open}. They count in the
     * file's size, not in {@link AppendStatistics}. If the file takes no bytes for now, this waits, as it does for events.
     *
     * @param bytes all of them are written
     * @throws IOException if they could not be, or the file is closed
     */
    void write(byte[] bytes) throws IOException;

    /**
     * Closes the file. Every event before the roll is in it. If the log syncs its events ({@link Durability#DISK},
     * {@link AppendLogBuilder#syncInterval}, or since a caller has waited for stable storage), the file and its name are on
     * stable storage too. Idempotent.
     *
     * @throws IOException if what was written last could not be synced; the file is closed in any case
     */
    void close() throws IOException;

    /**
     * Closes the current file and opens another one for the log, with the log's permissions. Makes it if there is none.
     *
     * @param path where; a symbolic link is refused
     * @param append whether to write after what it holds, or to empty it first
     * @throws IOException if it cannot be opened; then no file is open, and {@link #path} is still that of the one before.
     *     After the roll the log tries to open {@code path} until that succeeds, and holds events until then
     */
    void open(Path path, boolean append) throws IOException;

    /**
     * Makes the directories that a file needs, if they are missing. If the log syncs its events, the directories that got a new
     * entry are synced after the roll.
     *
     * @param path the file's
     * @throws IOException if they cannot be made
     */
    void makeDirectories(Path path) throws IOException;

    /**
     * Says where a file has been moved. If the log syncs its events, that directory is synced after the roll, and so are those
     * above it that may have been made for it. If the file was copied there because the directory is on another mount, the copy
     * is synced now and gets the file's permissions. Until then the original keeps a second name. The log's own directory
     * needs no call.
     *
     * @param directory where the file is now
     */
    void movedTo(Path directory);
}
