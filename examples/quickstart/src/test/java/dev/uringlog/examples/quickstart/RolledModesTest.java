package dev.uringlog.examples.quickstart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who may read what a framework has rolled. */
class RolledModesTest {
    private static final String MODE = "rw-r-----";

    @TempDir
    private Path dir;

    @ParameterizedTest
    @CsvSource({"log4j2, 000", "log4j2, 077", "logback, 000", "logback, 077"})
    void shouldGiveEachFileItsModeWhateverTheUmask(final String framework, final String umask) throws Exception {
        final Jvm.Outcome outcome = new Jvm(RollingTarget.class, dir)
                .under("sh", "-c", "umask " + umask + "; exec \"$@\"", "sh")
                .argument(framework)
                .argument(dir)
                .argument("filePermissions")
                .argument(MODE)
                .argument(framework.equals("log4j2") ? ".gz" : "")
                .run();
        assertEquals(0, outcome.exitCode(), outcome.output());
        final List<Path> archives;
        try (Stream<Path> listing = Files.list(dir.resolve("archive"))) {
            archives = listing.toList();
        }
        assertTrue(archives.size() > 1, archives + outcome.output());
        for (final Path file : Stream.concat(archives.stream(), Stream.of(dir.resolve("app.log")))
                .toList()) {
            assertEquals(MODE, PosixFilePermissions.toString(Files.getPosixFilePermissions(file)), file.toString());
        }
    }
}
