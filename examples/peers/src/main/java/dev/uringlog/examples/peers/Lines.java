package dev.uringlog.examples.peers;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What is in a file.
 *
 * @param count newlines
 * @param torn lines that are not as long as the first
 */
record Lines(long count, long torn) {
    static Lines of(final Path path) throws IOException {
        final byte[] chunk = new byte[1 << 20];
        long count = 0;
        long torn = 0;
        long length = 0;
        long usual = 0;
        try (InputStream in = Files.newInputStream(path)) {
            for (int read = in.read(chunk); read > 0; read = in.read(chunk)) {
                for (int i = 0; i < read; i++) {
                    length++;
                    if (chunk[i] == '\n') {
                        usual = count == 0 ? length : usual;
                        torn += length == usual ? 0 : 1;
                        count++;
                        length = 0;
                    }
                }
            }
        }
        return new Lines(count, length == 0 ? torn : torn + 1);
    }
}
