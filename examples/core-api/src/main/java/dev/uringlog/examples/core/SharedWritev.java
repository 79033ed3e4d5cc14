package dev.uringlog.examples.core;

import dev.uringlog.write.LogFile;
import dev.uringlog.write.VectoredWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The shortest form: the process-wide writer, which any thread may use and which is never closed. */
public final class SharedWritev {
    private SharedWritev() {}

    /**
     * Writes two buffers with one system call and prints how many bytes were written.
     *
     * @param args none
     * @throws IOException if the file cannot be written
     */
    public static void main(final String[] args) throws IOException {
        final Path path = Files.createTempDirectory("uringlog").resolve("shared.log");
        try (LogFile file = LogFile.open(path)) {
            final long count = VectoredWriter.shared().writev(file.fd(), utf8("hello "), utf8("io_uring\n"));
            System.out.println("wrote " + count + " bytes");
        } finally {
            Files.deleteIfExists(path);
            Files.delete(path.getParent());
        }
    }

    private static ByteBuffer utf8(final String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }
}
