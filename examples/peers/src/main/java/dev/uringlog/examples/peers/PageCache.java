package dev.uringlog.examples.peers;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * In a virtual machine that returns free memory to its host, the first touch of a page can cost more than everything
 * that is measured here. It returns free blocks of some megabytes. So this class touches memory once and keeps one page
 * in each 256 KiB. The rest is free, in blocks too small to return, and warm for the contenders' files.
 */
final class PageCache implements AutoCloseable {
    private static final int STEP = 256 << 10;
    private static final int PAGE = 4 << 10;

    private final FileChannel kept;

    private PageCache(final FileChannel kept) {
        this.kept = kept;
    }

    /** Warms so many bytes, until closed. */
    static PageCache warm(final Path dir, final long bytes) throws IOException {
        final FileChannel kept = open(dir.resolve("peers.kept"));
        try (FileChannel freed = open(dir.resolve("peers.freed"))) {
            final ByteBuffer step = ByteBuffer.allocateDirect(STEP);
            for (long done = 0; done < bytes; done += STEP) {
                kept.write(step.clear().limit(PAGE));
                freed.write(step.clear());
            }
        }
        return new PageCache(kept);
    }

    private static FileChannel open(final Path path) throws IOException {
        return FileChannel.open(
                path, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE);
    }

    @Override
    public void close() throws IOException {
        kept.close();
    }
}
