package dev.uringlog.logback;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.core.joran.spi.JoranException;
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
    private static final int LINES = 5;

    private static final String CONFIGURATION = """
            <configuration>
              <appender name="F" class="dev.uringlog.logback.RollingIoUringFileAppender">
                <file>logs/NAME.log</file>
                <durability>DISK</durability>
                <rollingPolicy class="ch.qos.logback.core.rolling.FixedWindowRollingPolicy">
                  <fileNamePattern>logs/NAME-%i.log</fileNamePattern><maxIndex>9</maxIndex>
                </rollingPolicy>
                <triggeringPolicy class="ch.qos.logback.core.rolling.SizeBasedTriggeringPolicy">
                  <maxFileSize>10</maxFileSize><checkIncrement>0</checkIncrement>
                </triggeringPolicy>
                <encoder><charset>UTF-8</charset><pattern>%msg%n</pattern></encoder>
              </appender>
              <root level="info"><appender-ref ref="F"/></root>
            </configuration>
            """;

    @TempDir
    Path directory;

    /** Rolls before each line but the first. */
    static final class Main {
        private Main() {}

        public static void main(final String[] arguments) throws JoranException {
            final Rig rig = new Rig();
            rig.configure(CONFIGURATION.replace("NAME", "gr\u00f6\u00dfe"));
            for (int i = 0; i < LINES; i++) {
                rig.context.getLogger("main").info("a line that is due {}", i);
            }
            final List<String> errors = rig.errors();
            rig.context.stop();
            errors.forEach(System.out::println);
        }
    }

    private void run(final String locale, final String... arguments) throws Exception {
        final List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("--enable-native-access=ALL-UNNAMED"); // Else a JVM from 24 on prints a warning.
        command.addAll(Arrays.asList(arguments));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
        final ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).directory(directory.toFile());
        builder.environment().put("LC_ALL", locale);
        final Process process = builder.start();
        final String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(1, TimeUnit.MINUTES), output);
        assertEquals(0, process.exitValue(), output);
        assertEquals("", output);
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
