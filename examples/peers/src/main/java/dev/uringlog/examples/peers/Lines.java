package dev.uringlog.examples.peers;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/**
 * The lines of a file.
 *
 * @param count newlines
 * @param torn lines that are not as long as the first
 */
record Lines(long count, long torn) {
    private static final String GZ = ".gz";

    /** The files that a file was rolled to. If a compression was cut short, this is its input. */
    static List<Path> archives(final Path file) throws IOException {
        try (Stream<Path> siblings = Files.list(file.getParent())) {
            final List<Path> archives = siblings.filter(
                            path -> path.getFileName().toString().startsWith(file.getFileName() + "."))
                    .toList();
            return archives.stream()
                    .filter(path -> !archives.contains(path.resolveSibling(withoutGz(path))))
                    .toList();
        }
    }

    /** The other name that a compressed archive may have. */
    private static String withoutGz(final Path path) {
        final String name = path.getFileName().toString();
        return name.endsWith(GZ) ? name.substring(0, name.length() - GZ.length()) : "";
    }

    /** A file and the files that it was rolled to. */
    static void delete(final Path file) throws IOException {
        for (List<Path> archives = archives(file); !archives.isEmpty(); archives = archives(file)) {
            for (final Path archive : archives) {
                Files.delete(archive);
            }
        }
        Files.deleteIfExists(file);
    }

    Lines plus(final Lines more) {
        return new Lines(count + more.count, torn + more.torn);
    }

    static Lines of(final Path path) throws IOException {
        final byte[] chunk = new byte[1 << 20];
        long count = 0;
        long torn = 0;
        long length = 0;
        long usual = 0;
        try (InputStream in = path.toString().endsWith(GZ)
                ? new GZIPInputStream(Files.newInputStream(path))
                : Files.newInputStream(path)) {
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
