package dev.uringlog.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** Where batches go: a file, by one tier or another. Used by one thread at a time. */
public interface Sink {
    /** Hears of what goes wrong with a file while the log goes on. On the thread that uses the sink. */
    interface Troubles {
        /**
         * A file was opened, and has another mode than it is to have.
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

    /**
     * Tells these of all that goes wrong with a file from now on, and of what went wrong when it was opened.
     *
     * @param troubles hears it
     */
    default void tell(final Troubles troubles) {}

    /**
     * Writes, at the file's end, what remains in both parts, as one submission.
     *
     * @param parts two; advanced by what was written
     * @return bytes written, perhaps fewer than remained
     * @throws IOException if it failed, see {@link FaultPolicy}; the parts then stand after what was written
     */
    long write(ByteBuffer[] parts) throws IOException;

    /**
     * How much is to be written.
     *
     * @param parts two
     * @return bytes that remain in both
     */
    static long remaining(final ByteBuffer[] parts) {
        return (long) parts[0].remaining() + parts[1].remaining();
    }

    /**
     * Waits until what was written is on stable storage.
     *
     * @throws IOException if it failed; then believe no later success on this file
     */
    void sync() throws IOException;

    /**
     * Syncs that need not be waited for.
     *
     * @return null if there is no such thing here
     */
    default SyncQueue syncs() {
        return null;
    }

    /**
     * Whether there is nothing for {@link #syncNames} to do. Until then a sync has to be waited for: a sync in the background
     * covers data, not names.
     *
     * @return false if a name may not be on stable storage
     */
    boolean areNamesSynced();

    /**
     * Waits until the names of files that were opened, made or moved since the last call are on stable storage, if their
     * directories can be synced at all; most often does nothing.
     *
     * @return what the operator should know, said once; null if there is nothing
     * @throws IOException if it failed; the next call tries again
     */
    String syncNames() throws IOException;

    /**
     * A directory has a new entry, to be synced with the next {@link #syncNames}.
     *
     * @param directory where something was made, or moved to
     */
    void grown(Path directory);

    /**
     * A file has been moved to a directory: that is synced with the next {@link #syncNames}, and those above it that may have
     * been made for it.
     *
     * @param directory where the file is now
     */
    void movedTo(Path directory);

    /** The log has left a file that is never synced: its name need not be either. */
    void leaveNames();

    /**
     * Gives the file another name and opens a new one in its place.
     *
     * @param suffix what the name gets
     * @return where the old file is now, or null if others had moved it
     * @throws IOException if it cannot be done, or it is not certain that the path leads to another file; then the
     *     file is as suspect as before
     */
    Path setAside(String suffix) throws IOException;

    /**
     * Whether an interrupt of the thread that writes or syncs hurts: then only a thread that nobody interrupts may.
     *
     * @return false where the kernel is called without a detour
     */
    default boolean isInterruptible() {
        return false;
    }

    /**
     * Opens the file anew at its path; the old one is closed, unless it was before.
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
     * Whether there is a file to write to.
     *
     * @return false after {@link #closeFile}, until one is opened
     */
    boolean isOpen();

    /**
     * Whether the last open made the file, so that nobody has written to it before.
     *
     * @return false if it was there
     */
    boolean isCreated();

    /**
     * Whether the last open led to another file than the one before it, made by this log or by others.
     *
     * @return false if it was the same file again
     */
    boolean isAnother();

    /**
     * Whether the file is certainly not the one before it. Where inode numbers are not stable, each opening of the same file
     * finds another.
     *
     * @return false if the path cannot be told to lead to it
     */
    default boolean isSurelyAnother() {
        try {
            return isCreated() || look() == Fate.IN_PLACE;
        } catch (final IOException e) {
            return false;
        }
    }

    /**
     * Keeps the file for a sync after it is left. Costs an open(2).
     *
     * @return the file as it is now; the caller closes it
     * @throws IOException if it cannot be kept here
     */
    LeftFile keep() throws IOException;

    /**
     * Where the file is.
     *
     * @return the path that was last opened
     */
    Path path();

    /** What others may have done to a file behind its descriptor. */
    enum Fate {
        /** Nothing: its path leads to it. */
        IN_PLACE,
        /** Its path leads to another. */
        REPLACED,
        /** Its path leads nowhere, and it has another name. */
        MOVED,
        /** Its path leads nowhere, and it has no other name, as far as can be told: what is written to it is lost. */
        UNLINKED
    }

    /**
     * Asks the file system what has become of the file, and how large it is.
     *
     * @return its fate
     * @throws IOException if the file system does not say
     */
    Fate look() throws IOException;

    /**
     * Bytes in the file, as of when it was opened or looked at last, and what has been written since.
     *
     * @return bytes; 0 for what is no regular file, before anything is written
     */
    long size();

    /**
     * How bytes reach the kernel.
     *
     * @return a strategy's label, or {@code java}
     */
    String label();

    /**
     * Why the strategy was left for a lesser one since it was chosen.
     *
     * @return one line, or null
     */
    String degradation();

    /**
     * Whether, since last asked, a write failed whose memory the kernel may still read.
     *
     * @return true once after such a write
     */
    boolean takeQuarantine();

    /**
     * Bytes in the file when it was opened.
     *
     * @return 0 for a new or emptied one
     */
    long initialSize();

    /**
     * Closes the file. Idempotent.
     *
     * @throws IOException if the file system reports an error only now
     */
    void close() throws IOException;
}
