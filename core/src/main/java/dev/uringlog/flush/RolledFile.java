package dev.uringlog.flush;

import dev.uringlog.file.Directories;
import dev.uringlog.file.SecondName;
import dev.uringlog.file.Sink;
import dev.uringlog.ring.Batch;
import java.io.IOException;
import java.nio.file.Path;

/** The log's file while it is being rolled, everything before in it, and synced if the log keeps it so. */
public final class RolledFile {
    private final Sink sink;
    private final Syncer syncer;
    private final BatchWriter writer;
    private final Batch batch;
    private final Reporter reporter;

    /** Keeps what has been synced until its archive is as well; null while nothing is to be kept. */
    private SecondName second;

    /** Something that is no event has been written since the file was opened or synced. */
    private boolean isDirty;

    private boolean isOver;

    RolledFile(
            final Sink sink,
            final Syncer syncer,
            final BatchWriter writer,
            final Batch batch,
            final Reporter reporter) {
        this.sink = sink;
        this.syncer = syncer;
        this.writer = writer;
        this.batch = batch;
        this.reporter = reporter;
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
        final IOException failure = writer.writeBeside(batch, bytes).cause();
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
        if (second == null && syncer.keepsAtTurn()) {
            giveSecondName();
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
        writer.goOnIn(path);
        sink.open(path, append);
        writer.opened(batch);
    }

    /**
     * Makes the directories that a file needs; their names are synced if the log keeps things so.
     *
     * @param file where one is to be opened
     * @throws IOException if they cannot be made
     */
    public void makeDirectories(final Path file) throws IOException {
        require();
        writer.goOnIn(file);
        Directories.make(file).forEach(sink::grown);
    }

    /**
     * A file has been moved: its new name is synced if the log keeps things so, and the file itself if it is a copy.
     *
     * @param directory where it is now
     */
    public void movedTo(final Path directory) {
        require();
        sink.movedTo(directory);
        if (second == null || !second.isLast()) {
            return;
        }
        try {
            second.syncCopies(directory);
            reporter.advise(sink.syncNames());
        } catch (final IOException e) {
            reporter.warn("the archive in " + directory + " is a copy that could not be synced; until it is on stable"
                    + " storage keep " + second.path() + ", which holds the same: " + e.getMessage());
            second = null;
        }
    }

    private void giveSecondName() {
        second = SecondName.of(sink.path());
        if (second != null) {
            sink.grown(second.path().getParent());
        }
    }

    /** The roll is over: this handle must not be used any more. */
    void end() {
        isOver = true;
        if (sink.isOpen()) {
            writer.goOnIn(null);
        }
        if (second != null) {
            second.remove();
        }
    }

    private void require() {
        if (isOver) {
            throw new IllegalStateException("the roll is over");
        }
    }
}
