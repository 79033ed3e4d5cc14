package dev.uringlog.examples.quickstart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** As in a container whose seccomp profile forbids io_uring: Docker answers EPERM, others ENOSYS. */
class ForbiddenIoUringTest {
    private static final Path SOURCE =
            Path.of("src", "test", "c", "seccomp_deny.c").toAbsolutePath();

    @TempDir
    private Path dir;

    private Path launcher;

    @BeforeEach
    void compileLauncher() throws Exception {
        Needs.gcc();
        launcher = dir.resolve("seccomp_deny");
        final Process gcc = new ProcessBuilder("gcc", "-o", launcher.toString(), SOURCE.toString())
                .inheritIO()
                .start();
        assertTrue(gcc.waitFor(1, TimeUnit.MINUTES));
        assertEquals(0, gcc.exitValue());
    }

    @ParameterizedTest
    @CsvSource({"1, EPERM", "38, ENOSYS"})
    void shouldPassOnWritevAndSayWhy(final int errno, final String name) throws Exception {
        final Jvm.Outcome outcome = quickstart(errno, "auto").run();
        final String output = outcome.output();
        assertEquals(0, outcome.exitCode(), output);
        for (final String label : List.of("log4j2", "logback")) {
            assertTrue(output.contains("\nPASS " + label), output);
            final String description = line(output, label + "  ");
            assertTrue(description.matches(".*strategy writev \\(.*io_uring.*" + name + ".*"), output);
        }
    }

    @ParameterizedTest
    @CsvSource({"1, EPERM", "38, ENOSYS"})
    void shouldSayThatItCannotAndLetTheApplicationRunOn(final int errno, final String name) throws Exception {
        final Jvm.Outcome outcome = quickstart(errno, "iouring").run();
        final String output = outcome.output();
        assertEquals(1, outcome.exitCode(), output);
        for (final String label : List.of("log4j2", "logback")) {
            assertTrue(output.contains("\nFAIL " + label + ": the appender did not start"), output);
        }
        // Once in each framework's own status: what was asked for, and the kernel's answer.
        assertTrue(
                output.lines()
                                .filter(line -> line.matches(".*(ERROR|Exception).*io_?uring.*" + name + ".*"))
                                .count()
                        >= 2,
                output);
    }

    private Jvm quickstart(final int errno, final String strategy) {
        return new Jvm(Quickstart.class, dir)
                .under(launcher.toString(), Integer.toString(errno))
                .with("dir", dir)
                .with("events", 2_000)
                .with("strategy", strategy);
    }

    private static String line(final String output, final String start) {
        return output.lines()
                .filter(line -> line.startsWith(start) && line.contains(".log"))
                .findFirst()
                .orElse("");
    }
}
