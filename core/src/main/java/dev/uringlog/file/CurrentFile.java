package dev.uringlog.file;

import java.io.IOException;
import java.nio.file.Path;

/** The file that a log writes to now: opened, left for another, kept for a later sync, set aside, looked at, closed. */
public interface CurrentFile {
    /** Hears what goes wrong with a file while the log continues. Called on the thread that uses the file. */
    interface Troubles {
        /**
         * A file was opened, and has another mode than it should have.
         *
         * @param file where it is
         * @param why a few words that name both modes and the cause
         */
        void modeRefused(Path file, String why);

        /**
         * A file was left, and its file system reported an error only when it was closed.
         *
         * @param cause names the file
         */
        void closeFailed(IOException cause);
    }

    /** What other processes may have done to a file behind its descriptor. */
    enum Fate {
        /** Nothing: its path leads to it. */
        IN_PLACE,
        /** Its path leads to another file. */
        REPLACED,
        /** Its path leads nowhere, and it has another name. */
        MOVED,
        /** Its path leads nowhere and, as far as is known, it has no other name: what is written to it is lost. */
        UNLINKED
    }

    /**
     * Sets the listener for what goes wrong with a file. It also hears what went wrong at the last opening.
     *
     * @param troubles hears it
     */
    default void tell(final Troubles troubles) {}

    /**
     * Opens the file again at its path. The old one is closed, unless it was before.
     *
     * @throws IOException if it cannot be opened; the old one stays
     */
    void reopen() throws IOException;

    /**
     * Opens another file in place of this one, which is closed, unless it was before.
     *
     * @param other where
     * @param append whether to write after what it holds, or to empty it first
     * @throws IOException if it cannot be opened; the old one stays
     */
    void open(Path other, boolean append) throws IOException;

    /** Closes the file and nothing else, so that it, or another, can be opened. Idempotent. */
    void closeFile();

    /**
     * Gives the file another name and opens a new one in its place.
     *
     * @param suffix appended to the name, which loses its end if it would be too long; if that name is taken, a number follows
     * @return where the old file is now, or null if another process had moved it
     * @throws IOException if that failed, or it is not certain that the path leads to another file; then the file is as suspect
     *     as before
     */
    Path setAside(String suffix) throws IOException;

    /**
     * Keeps the file for a sync after it is left, which is told every error that a sync before would have been told.
     *
     * @return the file as it is now; the caller closes it
     * @throws IOException if it cannot be kept here
     */
    LeftFile keep() throws IOException;

    /**
     * Asks the file system what has become of the file, and how large it is.
     *
     * @return its fate
     * @throws IOException if the file system does not answer
     */
    Fate look() throws IOException;

    /**
     * Whether there is a file to write to.
     *
     * @return false after {@link #closeFile}, until one is opened
     */
    boolean isOpen();

    /**
     * Whether the last open made the file, so that it was empty.
     *
     * @return false if it existed
     */
    boolean isCreated();

    /**
     * Whether the last open led to another file than the one before it, made by this log or by another process.
     *
     * @return false if it was the same file again
     */
    boolean isAnother();

    /**
     * Whether the file is certainly not the one before it. Where inode numbers are not stable, each opening of the same file
     * seems to find another.
     *
     * @return false if the path may not lead to it
     */
    default boolean isSurelyAnother() {
        try {
            return isCreated() || look() == Fate.IN_PLACE;
        } catch (final IOException e) {
            return false;
        }
    }

    /**
     * Where the file is.
     *
     * @return the path that was last opened
     */
    Path path();

    /**
     * Bytes in the file when it was opened or last looked at, and what has been written since.
     *
     * @return bytes; for a FIFO or a device, only what has been written
     */
    long size();

    /**
     * Bytes in the first file when it was opened.
     *
     * @return 0 for a new or emptied one
     */
    long initialSize();

    /**
     * Whether there is nothing for {@link #syncNames} to do. Until then a sync has to be waited for: a sync in the background
     * covers data, not names.
     *
     * @return false if a name may not be on stable storage
     */
    boolean areNamesSynced();

    /**
     * Waits until the names of files that were opened, made or moved since the last call are on stable storage, if their
     * directories can be synced at all. Most calls do nothing.
     *
     * @return what the operator should know, said once; null if there is nothing
     * @throws IOException if it failed; the next call tries again
     */
    String syncNames() throws IOException;

    /**
     * Says that a directory has a new entry. It is synced with the next {@link #syncNames}.
     *
     * @param directory where something was made, or moved to
     */
    void grown(Path directory);

    /**
     * Says that a file has been moved to a directory. The directory is synced with the next {@link #syncNames}, and so are
     * those above it that may have been made for it.
     *
     * @param directory where the file is now
     */
    void movedTo(Path directory);

    /** The log has left a file that is never synced: its name need not be either. */
    void leaveNames();
}
