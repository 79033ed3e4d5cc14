package dev.uringlog.log4j2.framework;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** The tests that need not pass: {@code exclusions.txt}, a line for each, its name and the reason. */
final class Exclusions {
    private Exclusions() {}

    static Map<String, String> read(final Path file) throws IOException {
        final Map<String, String> reasons = new TreeMap<>();
        for (final String line : Files.readAllLines(file)) {
            if (!line.isBlank() && !line.startsWith("#")) {
                final String[] parts = line.split("\\s+", 2);
                if (parts.length < 2) {
                    throw new IllegalStateException("no reason: " + line);
                }
                reasons.put(parts[0], parts[1]);
            }
        }
        return reasons;
    }
}
