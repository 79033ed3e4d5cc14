package dev.uringlog.flush;

import dev.uringlog.file.Directories;
import dev.uringlog.file.Sink;
import java.io.IOException;
import java.nio.file.Path;

/** The log's file while it is being rolled, everything before in it, and synced if the log keeps it so. */
public final class RolledFile {
    private final Sink sink;
    private final Syncer syncer;
    private final BatchWriter writer;

    /** Something that is no event has been written since the file was opened or synced. */
    private boolean isDirty;

    private boolean isOver;

    RolledFile(final Sink sink, final Syncer syncer, final BatchWriter writer) {
        this.sink = sink;
        this.syncer = syncer;
        this.writer = writer;
    }

    /** {@return where it is, or was} */
    public Path path() {
        return sink.path();
    }

    /** {@return bytes in it; 0 while it is closed} */
    public long size() {
        return sink.isOpen() ? sink.size() : 0;
    }

    /**
     * Writes bytes that are no event, for as long as that takes.
     *
     * @param bytes all of them are written
     * @throws IOException if they could not be
     */
    public void write(final byte[] bytes) throws IOException {
        require();
        if (!sink.isOpen()) {
            throw new IOException(path() + " is closed");
        }
        isDirty = true;
        final IOException failure = writer.writeBeside(bytes);
        if (failure != null) {
            throw failure;
        }
    }

    /**
     * Closes it, synced if the log keeps things so. Idempotent.
     *
     * @throws IOException if it was closed and not synced
     */
    public void close() throws IOException {
        require();
        if (!sink.isOpen()) {
            return;
        }
        try {
            syncer.finish(isDirty);
        } finally {
            isDirty = false;
            sink.closeFile();
        }
    }

    /**
     * Opens another, or the same again; closes the one before.
     *
     * @param path where
     * @param append whether to keep what it holds
     * @throws IOException if it cannot be opened; none is open then
     */
    public void open(final Path path, final boolean append) throws IOException {
        close();
        sink.open(path, append);
        writer.opened();
    }

    /**
     * Makes the directories that a file needs; their names are synced if the log keeps things so.
     *
     * @param file where one is to be opened
     * @throws IOException if they cannot be made
     */
    public void makeDirectories(final Path file) throws IOException {
        require();
        Directories.make(file).forEach(sink::grown);
    }

    /**
     * A file has been moved: its new name is synced if the log keeps things so.
     *
     * @param directory where it is now
     */
    public void movedTo(final Path directory) {
        require();
        sink.movedTo(directory);
    }

    /** The roll is over: whoever kept this has no business here any more. */
    void end() {
        isOver = true;
    }

    private void require() {
        if (isOver) {
            throw new IllegalStateException("the roll is over");
        }
    }
}
