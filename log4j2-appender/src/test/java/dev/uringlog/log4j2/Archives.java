package dev.uringlog.log4j2;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipInputStream;
import org.apache.commons.compress.compressors.CompressorStreamFactory;

/** What a rolling appender leaves in a directory. */
final class Archives {
    private Archives() {}

    /** The names of the files in a directory, sorted. */
    static List<String> names(final Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A file's text, decompressed if its name says that it is compressed. */
    static String text(final Path file) {
        try (InputStream stream = open(file)) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (final IOException e) {
            throw new IllegalStateException(file.toString(), e);
        }
    }

    private static InputStream open(final Path file) throws IOException {
        final InputStream raw = new BufferedInputStream(Files.newInputStream(file));
        final String name = file.toString();
        if (name.endsWith(".zip")) {
            final ZipInputStream zip = new ZipInputStream(raw);
            if (zip.getNextEntry() == null) {
                throw new NoSuchFileException(name + " has no entry");
            }
            return zip;
        }
        return name.endsWith(".log") ? raw : new CompressorStreamFactory().createCompressorInputStream(raw);
    }

    /** Every line of every file, file by file in the order of their names. */
    static List<String> lines(final Path directory) {
        return names(directory).stream()
                .flatMap(name -> text(directory.resolve(name)).lines())
                .toList();
    }
}
