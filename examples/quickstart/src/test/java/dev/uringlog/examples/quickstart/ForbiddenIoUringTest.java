package dev.uringlog.examples.quickstart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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
    @ValueSource(strings = {"1", "38", "kill"})
    void shouldPassOnWritevWhateverHappensToAProcessThatAsks(final String answer) throws Exception {
        final Jvm.Outcome outcome = quickstart(answer, "auto").run();
        final String output = outcome.output();
        assertEquals(0, outcome.exitCode(), output);
        for (final String label : List.of("log4j2", "logback")) {
            assertTrue(output.contains("\nPASS " + label), output);
            assertTrue(line(output, label + "  ").contains("strategy writev (auto: "), output);
        }
    }

    @ParameterizedTest
    @CsvSource({"log4j2, MEMORY", "log4j2, KERNEL", "logback, MEMORY", "logback, KERNEL"})
    void shouldNotBeKilledForAskingWhereNothingIsSynced(final String label, final String durability) throws Exception {
        assertLogs(logger("kill", label, durability).run());
    }

    /** Where io_uring is used, the switch keeps it from being asked for. */
    @ParameterizedTest
    @ValueSource(strings = {"log4j2", "logback"})
    void shouldNotBeKilledAtDiskEitherWithIoUringTurnedOff(final String label) throws Exception {
        final Jvm.Outcome outcome =
                logger("kill", label, "DISK").with("uringlog.iouring", false).run();
        assertLogs(outcome);
        assertTrue(outcome.output().contains("turned off by -Duringlog.iouring=false"), outcome.output());
    }

    @ParameterizedTest
    @CsvSource({"1, EPERM, log4j2", "38, ENOSYS, log4j2", "1, EPERM, logback", "38, ENOSYS, logback"})
    void shouldSayAtDiskWhyThereIsOneSyncAtATime(final String errno, final String name, final String label)
            throws Exception {
        final Jvm.Outcome outcome = logger(errno, label, "DISK").run();
        assertLogs(outcome);
        assertTrue(
                outcome.output().matches("(?s).*strategy writev \\(.*io_uring_setup: " + name + ".*"),
                outcome.output());
    }

    private Jvm logger(final String answer, final String label, final String durability) {
        return new Jvm(ReadmeLogger.class, dir)
                .under(launcher.toString(), answer)
                .with("log4j2.configurationFile", "classpath:log4j2-crash.xml")
                .with("logback.configurationFile", "logback-crash.xml")
                .with("dir", dir)
                .with("strategy", "auto")
                .with("durability", durability)
                .argument(label);
    }

    private void assertLogs(final Jvm.Outcome outcome) throws Exception {
        assertEquals(0, outcome.exitCode(), outcome.output());
        final String label = outcome.output().contains("log4j2.log") ? "log4j2" : "logback";
        assertTrue(Files.readString(dir.resolve(label + ".log")).contains(ReadmeLogger.EVENT), outcome.output());
    }

    @ParameterizedTest
    @CsvSource({"1, EPERM", "38, ENOSYS"})
    void shouldSayThatItCannotAndLetTheApplicationRunOn(final int errno, final String name) throws Exception {
        final Jvm.Outcome outcome =
                quickstart(Integer.toString(errno), "iouring").run();
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

    private Jvm quickstart(final String answer, final String strategy) {
        return new Jvm(Quickstart.class, dir)
                .under(launcher.toString(), answer)
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
