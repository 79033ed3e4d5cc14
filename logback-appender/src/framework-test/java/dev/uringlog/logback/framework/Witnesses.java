package dev.uringlog.logback.framework;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * The files that TimeBasedRollingTest compares with, which are not published with it. Its clock starts at 333 ms past a
 * second, files last a second, and its events are 500 ms apart from 1100 ms on; after a restart, 100 ms apart.
 */
final class Witnesses {
    private static final String EMPTY = "";
    private static final String FIRST_TWO = lines("Hello---0", "Hello---1");
    private static final String THIRD = lines("Hello---2");

    private final Path directory;

    private Witnesses(final Path directory) {
        this.directory = directory;
    }

    /** Writes them where the test looks for them. */
    static void write(final Path workingDirectory) throws IOException {
        final Witnesses witnesses = new Witnesses(workingDirectory.resolve("src/test/witness/rolling"));
        Files.createDirectories(witnesses.directory);
        for (final String test : List.of("test1", "test2", "test5", "test6", "test7", "test8")) {
            final String suffix = switch (test) {
                case "test2", "test6", "test7" -> ".gz";
                case "test8" -> ".zip";
                default -> "";
            };
            witnesses.put(test + ".0" + suffix, EMPTY);
            witnesses.put(test + ".1" + suffix, FIRST_TWO);
            witnesses.put(test + ".2", THIRD);
        }
        for (final String test : List.of("test3", "test4")) { // The second appender begins in the third file's period.
            witnesses.put(test + ".0", EMPTY);
            witnesses.put(test + ".1", FIRST_TWO);
            witnesses.put(test + ".2", THIRD + lines("World---0"));
            witnesses.put(test + ".3", lines("World---1", "World---2"));
        }
        witnesses.put("test4B.0", EMPTY); // It begins two periods later.
        witnesses.put("test4B.1", FIRST_TWO);
        witnesses.put("test4B.2", THIRD);
        witnesses.put("test4B.3", lines("World---0"));
        witnesses.put("test4B.4", lines("World---1", "World---2"));
    }

    private static String lines(final String... lines) {
        return String.join("\n", lines) + "\n";
    }

    private void put(final String name, final String text) throws IOException {
        final byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        try (OutputStream file = Files.newOutputStream(directory.resolve("tbr-" + name))) {
            if (name.endsWith(".gz")) {
                try (GZIPOutputStream gz = new GZIPOutputStream(file)) {
                    gz.write(bytes);
                }
            } else if (name.endsWith(".zip")) {
                try (ZipOutputStream zip = new ZipOutputStream(file)) {
                    zip.putNextEntry(new ZipEntry("witness"));
                    zip.write(bytes);
                }
            } else {
                file.write(bytes);
            }
        }
    }
}
