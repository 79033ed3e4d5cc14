package dev.uringlog.log4j2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Names that java.io and java.nio take for different files. */
@Timeout(120)
class FileNameTest {
    private static final String POLICY = "<SizeBasedTriggeringPolicy size=\"10\"/>";
    private static final int LINES = 5;

    @TempDir
    Path directory;

    /** Rolls before each line but the first. */
    static final class Main {
        private Main() {}

        public static void main(final String[] arguments) {
            final String attributes =
                    "fileName=\"logs/gr\u00f6\u00dfe.log\" filePattern=\"logs/gr\u00f6\u00dfe-%i.log\" durability=\"DISK\"";
            try (Rig rig = new Rig(Rig.rolling(attributes, POLICY, ""))) {
                for (int i = 0; i < LINES; i++) {
                    rig.logger().info("a line that is due " + i);
                }
                rig.stop();
                rig.errors().forEach(System.out::println);
            }
        }
    }

    private void run(final String locale, final String... arguments) throws Exception {
        final List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(Arrays.asList(arguments));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
        final ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).directory(directory.toFile());
        builder.environment().put("LC_ALL", locale);
        final Process process = builder.start();
        final String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(1, TimeUnit.MINUTES), output);
        assertEquals(0, process.exitValue(), output);
        assertTrue(!output.contains("rror"), output);
    }

    private List<String> linesOfAllFiles() throws IOException {
        final List<String> lines = new ArrayList<>();
        try (Stream<Path> files = Files.list(directory.resolve("logs"))) {
            for (final Path file : files.toList()) {
                lines.addAll(Files.readAllLines(file));
            }
        }
        return lines;
    }

    @Test
    void shouldRollWhereTheEncodingLacksCharactersOfTheName() throws Exception {
        run("C");
        assertTrue(Files.exists(directory.resolve("logs/gr??e.log")));
        assertEquals(LINES, linesOfAllFiles().size());
    }

    @Test
    void shouldRollInTheDirectoryOfTheProcessWhateverUserDirSays() throws Exception {
        run("C.UTF-8", "-Duser.dir=/nonexistent");
        assertEquals(LINES, linesOfAllFiles().size());
    }
}
