package dev.uringlog.examples.peers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * In a virtual machine that gives free memory back to its host, the first touch of a page can cost more than everything
 * that is measured here. So pages are touched before they are needed.
 */
final class PageCache {
    private static final int CHUNK = 1 << 20;

    private PageCache() {}

    /** Has the system find pages for so many bytes of a file; they are free again, and warm, on return. */
    static void warm(final Path dir, final long bytes) {
        final ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK);
        try (FileChannel channel = FileChannel.open(
                dir.resolve("peers.warm"),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE,
                StandardOpenOption.DELETE_ON_CLOSE)) {
            for (long done = 0; done < bytes; done += CHUNK) {
                channel.write(chunk.clear());
            }
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
