package dev.uringlog.examples.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;

/** Where it was measured. */
final class Machine {
    private Machine() {}

    static String describe(final Path dir) throws IOException {
        return "%s, %d cores, %s %s, %s, JDK %s, %s"
                .formatted(
                        processor(),
                        Runtime.getRuntime().availableProcessors(),
                        System.getProperty("os.name"),
                        System.getProperty("os.version"),
                        Files.getFileStore(dir).type(),
                        System.getProperty("java.version"),
                        LocalDate.now());
    }

    private static String processor() throws IOException {
        final Path info = Path.of("/proc/cpuinfo");
        if (Files.exists(info)) {
            for (final String line : Files.readAllLines(info)) {
                if (line.startsWith("model name")) {
                    return line.substring(line.indexOf(':') + 1).strip();
                }
            }
        }
        return System.getProperty("os.arch");
    }
}
