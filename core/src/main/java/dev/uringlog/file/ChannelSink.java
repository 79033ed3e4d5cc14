package dev.uringlog.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;

/**
 * The pure-Java tier, for where there is no native access: a FileChannel that only the flusher touches. An interrupt of the
 * flusher's thread closes such a channel. It is then opened again.
 */
public final class ChannelSink extends FileLife<ChannelFile> implements Sink {
    private static final int HEAP_PIECE = 64 << 10;

    /**
     * Opens a file, and makes it if there is none.
     *
     * @param path a regular file; a link is not followed
     * @param append whether to write after what it holds, or to empty it first
     * @param permissions the file's, where the file system has such; null for {@code rw-------} where it is made, and those it
     *     has where it exists
     * @throws IOException if it cannot be opened, or is no regular file
     */
    public ChannelSink(final Path path, final boolean append, final Set<PosixFilePermission> permissions)
            throws IOException {
        super(ChannelFile.open(path, append, permissions));
    }

    @Override
    public long write(final ByteBuffer[] parts) throws IOException {
        final long offered = Sink.remaining(parts);
        try {
            final long written = parts[0].isDirect() ? file.channel.write(parts) : writePiece(parts);
            file.size += written;
            return written;
        } catch (final ClosedChannelException e) {
            // The flusher was interrupted, which says nothing about the file. The writer opens the path again, and
            // learns whether it leads to the same file. The parts tell what was written before.
            Thread.interrupted();
            closeFile();
            return offered - Sink.remaining(parts);
        }
    }

    /** The JDK copies a heap buffer into direct memory of the same size, which each thread keeps. */
    private long writePiece(final ByteBuffer[] parts) throws IOException {
        final int limit = parts[0].limit();
        try {
            parts[0].limit(Math.min(limit, parts[0].position() + HEAP_PIECE));
            return parts[0].hasRemaining() ? file.channel.write(parts[0]) : file.channel.write(parts);
        } finally {
            parts[0].limit(limit);
        }
    }

    @Override
    public void sync() throws IOException {
        ChannelFile.force(file.channel, false);
    }

    @Override
    public boolean isInterruptible() {
        return true;
    }

    @Override
    public String label() {
        return "java";
    }

    @Override
    public String degradation() {
        return null;
    }

    @Override
    public boolean takeQuarantine() {
        return false;
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
