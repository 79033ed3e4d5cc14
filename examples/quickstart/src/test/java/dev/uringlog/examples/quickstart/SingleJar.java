package dev.uringlog.examples.quickstart;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;

/** A jar packed from others. Of files with one name it keeps the first, as the Maven Shade Plugin does without transformers. */
final class SingleJar {
    private SingleJar() {}

    /** The jar or the directory that a class comes from. */
    static Path place(final Class<?> type) throws URISyntaxException {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    }

    static Path pack(final Path jar, final List<Path> places) throws IOException {
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file)) {
            final Set<String> names = new HashSet<>();
            for (final Path place : places) {
                if (Files.isDirectory(place)) {
                    add(place, names, out);
                } else {
                    try (FileSystem packed = FileSystems.newFileSystem(place)) {
                        add(packed.getPath("/"), names, out);
                    }
                }
            }
        }
        return jar;
    }

    private static void add(final Path root, final Set<String> names, final JarOutputStream out) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            for (final Path file : files.filter(Files::isRegularFile).toList()) {
                final String name = root.relativize(file).toString();
                if (names.add(name)) {
                    out.putNextEntry(new ZipEntry(name));
                    Files.copy(file, out);
                    out.closeEntry();
                }
            }
        }
    }
}
