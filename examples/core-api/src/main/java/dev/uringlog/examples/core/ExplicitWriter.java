package dev.uringlog.examples.core;

import dev.uringlog.write.LogFile;
import dev.uringlog.write.Strategy;
import dev.uringlog.write.VectoredWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A writer of your own: its strategy is fixed, no other code waits for it, and you close it. One thread at a time. */
public final class ExplicitWriter {
    private ExplicitWriter() {}

    /**
     * Writes two lines through writev(2) and prints the file.
     *
     * @param args none
     * @throws IOException if the file cannot be written
     */
    public static void main(final String[] args) throws IOException {
        final Path path = Files.createTempDirectory("uringlog").resolve("explicit.log");
        try (VectoredWriter writer =
                        VectoredWriter.builder().strategy(Strategy.WRITEV).open();
                LogFile file = LogFile.open(path)) {
            writeFully(writer, file.fd(), utf8("one\n"), utf8("two\n"));
            System.out.print(Files.readString(path));
        } finally {
            Files.deleteIfExists(path);
            Files.delete(path.getParent());
        }
    }

    /** A count may be short, on a pipe or a full disk. The buffers' positions say where to continue. */
    private static void writeFully(final VectoredWriter writer, final int fd, final ByteBuffer... buffers)
            throws IOException {
        long left = 0;
        for (final ByteBuffer buffer : buffers) {
            left += buffer.remaining();
        }
        while (left > 0) {
            left -= writer.writev(fd, buffers);
        }
    }

    private static ByteBuffer utf8(final String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }
}
