package dev.uringlog.examples.quickstart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.uringlog.write.VectoredWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.config.Configurator;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

/** Several applications log to one file: Logback's {@code prudent}, Log4j's {@code locking}. */
@Timeout(170)
class SharedFileTest {
    private static final int PROCESSES = 4;
    private static final int EVENTS = 50_000;
    private static final Pattern LINE = Pattern.compile("(\\d) (\\d+) x*");

    private static final String LOGBACK = """
            <configuration>
              <appender name="file" class="dev.uringlog.logback.IoUringFileAppender">
                <file>../shared.log</file><prudent>true</prudent><strategy>%s</strategy><ringSize>64 KiB</ringSize>
                <encoder><charset>UTF-8</charset><pattern>%%msg%%n</pattern></encoder>
              </appender>
              <root level="info"><appender-ref ref="file"/></root>
            </configuration>
            """;
    private static final String LOG4J = """
            <Configuration status="WARN">
              <Appenders>
                <IoUringFile name="file" fileName="../shared.log" locking="true" strategy="%s" ringSize="64 KiB">
                  <PatternLayout pattern="%%m%%n" charset="UTF-8"/>
                </IoUringFile>
              </Appenders>
              <Loggers><Root level="info"><AppenderRef ref="file"/></Root></Loggers>
            </Configuration>
            """;

    @TempDir
    private Path dir;

    /** One of them: the framework, its number. */
    static final class Application {
        private Application() {}

        public static void main(final String[] args) {
            final boolean isLog4j = args[0].equals("log4j2");
            if (isLog4j) {
                Configurator.initialize("shared", "config.xml");
            }
            for (int i = 0; i < EVENTS; i++) {
                final String text = text(args[1], i);
                if (isLog4j) {
                    LogManager.getLogger("test").info(text);
                } else {
                    LoggerFactory.getLogger("test").info(text);
                }
            }
        }

        private static String text(final String me, final int number) {
            return me + " " + number + " " + "x".repeat(number % 97);
        }
    }

    @ParameterizedTest
    @CsvSource({"logback, writev", "logback, iouring", "log4j2, writev", "log4j2, iouring"})
    void shouldMixWholeLinesOfSeveralApplications(final String label, final String strategy) throws Exception {
        Assumptions.assumeTrue(strategy.equals("writev") || VectoredWriter.isIoUringSupported(), "iouring");
        Files.writeString(dir.resolve("config.xml"), (label.equals("log4j2") ? LOG4J : LOGBACK).formatted(strategy));
        final List<Process> all = new ArrayList<>();
        try {
            for (int p = 0; p < PROCESSES; p++) {
                final Path own = Files.createDirectory(dir.resolve("process-" + p));
                Files.createSymbolicLink(own.resolve("config.xml"), dir.resolve("config.xml"));
                all.add(new Jvm(Application.class, own)
                        .with("logback.configurationFile", dir.resolve("config.xml"))
                        .argument(label)
                        .argument(p)
                        .start());
            }
            for (final Process process : all) {
                assertTrue(process.waitFor(120, TimeUnit.SECONDS), "an application hangs");
                assertEquals(0, process.exitValue());
            }
        } finally {
            all.forEach(Process::destroyForcibly);
        }
        assertEachLineIsWholeOnceAndInOrder(dir.resolve("shared.log"));
    }

    private static void assertEachLineIsWholeOnceAndInOrder(final Path file) throws Exception {
        final int[] next = new int[PROCESSES];
        for (final String line : Files.readAllLines(file)) {
            final Matcher matcher = LINE.matcher(line);
            assertTrue(matcher.matches(), line);
            final int process = Integer.parseInt(matcher.group(1));
            assertEquals(Application.text(matcher.group(1), next[process]++), line);
        }
        assertTrue(Arrays.stream(next).allMatch(count -> count == EVENTS), Arrays.toString(next));
    }
}
