package dev.uringlog.append.open;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.uringlog.append.AppendLog;
import dev.uringlog.append.Durability;
import dev.uringlog.append.Heard;
import dev.uringlog.append.NumberedLines;
import dev.uringlog.testing.ChildJvm;
import dev.uringlog.testing.Host;
import dev.uringlog.testing.Mount;
import dev.uringlog.write.Strategy;
import dev.uringlog.write.VectoredWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** A kernel that has io_uring and refuses it: at once, from some moment on, or now and then. */
@Timeout(60)
class RefusedIoUringTest {
    private static final int EVENTS = 300;

    @TempDir
    Path directory;

    @BeforeEach
    void requireIoUring() {
        Host.requireIoUring();
    }

    /** Writes events by io_uring, each with a submission of its own, and prints what the log says of itself. */
    static final class Writes {
        private Writes() {}

        public static void main(final String[] arguments) throws Exception {
            Mount.sh("true"); // The thread that waits for a child is there from here on.
            final Heard heard = new Heard();
            final AppendLog log = AppendLog.builder(Path.of(arguments[0]))
                    .strategy(Strategy.valueOf(arguments[1]))
                    .durability(arguments[1].equals("AUTO") ? Durability.DISK : Durability.MEMORY)
                    .listener(heard)
                    .open();
            if (arguments.length > 2) {
                // No more threads for this user: this JVM has more than one by now, and io_uring wants another.
                Mount.sh(arguments[2] + ProcessHandle.current().pid());
            }
            for (int i = 0; i < EVENTS; i++) {
                log.append(NumberedLines.line(0, i));
                log.flush();
            }
            log.close();
            NumberedLines.assertHolds(log.statistics(), Path.of(arguments[0]));
            System.out.println("written " + log.statistics().written() + ", failed "
                    + log.statistics().failed());
            System.out.println("infos " + heard.infos);
            System.out.println("warnings " + heard.warnings.size() + " " + heard.warnings);
            System.out.println("errors " + heard.errors);
        }
    }

    private ChildJvm.Outcome runUnderStrace(final String injection) throws Exception {
        Host.requireCommand("strace");
        final ChildJvm.Outcome outcome = ChildJvm.run(
                "set -- strace -f --seccomp-bpf -o /dev/null -e trace=io_uring_setup,io_uring_enter -e inject="
                        + injection + " \"$@\"",
                List.of(),
                Writes.class,
                directory.resolve("log").toString(),
                "IOURING");
        return outcome;
    }

    /** The n-th counts each thread's own calls: the writing thread's. */
    @ParameterizedTest
    @CsvSource({
        // A signal in every second wait, and what passes: nothing to speak of.
        "error=EINTR:when=2+2, 0",
        "error=EAGAIN:when=3..9, 0",
        "error=EBUSY:when=3..9, 0",
        // What does not pass, and what breaks a ring: said once, and writev(2) goes on with the same batch.
        "error=EAGAIN:when=3+, 1",
        "error=EBADR:when=3, 1",
    })
    void shouldLoseAndDoubleNothingWhateverEnterAnswers(final String injection, final int warnings) throws Exception {
        final ChildJvm.Outcome outcome = runUnderStrace("io_uring_enter:" + injection);
        final String output = outcome.output();
        assertEquals(0, outcome.exitCode(), output);
        assertTrue(output.contains("written " + EVENTS + ", failed 0"), output);
        assertTrue(output.contains("warnings " + warnings + " "), output);
        assertTrue(warnings == 0 || output.contains("io_uring_enter: " + injection.substring(6, 10)), output);
        assertTrue(output.contains("errors []"), output);
    }

    @ParameterizedTest
    @CsvSource({"io_uring_setup, EMFILE", "io_uring_enter, EPERM"})
    void shouldSeeBeforeTheFirstEventThatSetupOrEnterIsRefused(final String call, final String errno) throws Exception {
        final ChildJvm.Outcome outcome = runUnderStrace(call + ":error=" + errno);
        assertEquals(1, outcome.exitCode(), outcome.output());
        assertTrue(
                outcome.output().contains("UnsupportedStrategyException")
                        && outcome.output().contains(call + ": " + errno),
                outcome.output());
        assertFalse(Files.exists(directory.resolve("log")));
    }

    /** A sandbox may kill the process for the call alone. */
    @ParameterizedTest
    @EnumSource(
            value = Durability.class,
            names = {"MEMORY", "KERNEL"})
    void shouldNotEvenAskForIoUringWhereItIsNotUsed(final Durability durability) throws Exception {
        Host.requireCommand("strace");
        final Path trace = directory.resolve("trace");
        final ChildJvm.Outcome outcome = ChildJvm.run(
                "set -- strace -f --seccomp-bpf -o " + trace
                        + " -e trace=io_uring_setup,io_uring_enter,io_uring_register \"$@\"",
                List.of("-Dtest.durability=" + durability),
                TierTest.Writes.class,
                directory.resolve("log").toString(),
                "AUTO");
        assertEquals(0, outcome.exitCode(), outcome.output());
        assertEquals(
                List.of(),
                Files.readAllLines(trace).stream()
                        .filter(line -> line.contains("io_uring"))
                        .toList());
    }

    private ChildJvm.Outcome runAsNobody(final String preparation, final String strategy, final String... more)
            throws IOException, InterruptedException {
        final Path place = Files.createTempDirectory("uringlog-nobody");
        try {
            final String[] arguments = more.length == 0
                    ? new String[] {place.resolve("nobodys/log").toString(), strategy}
                    : new String[] {place.resolve("nobodys/log").toString(), strategy, more[0]};
            return ChildJvm.runAsNobody(place, preparation, Writes.class, arguments);
        } finally {
            Mount.sh("rm -r " + place);
        }
    }

    @Test
    void shouldWritevWhereNoWorkerThreadIsAvailable() throws Exception {
        Host.requireCommand("prlimit");
        final ChildJvm.Outcome outcome = runAsNobody(":", "IOURING", "prlimit --nproc=1:1 --pid ");
        final String output = outcome.output();
        assertEquals(0, outcome.exitCode(), output);
        assertTrue(output.contains("written " + EVENTS + ", failed 0"), output);
        assertTrue(
                output.contains("warnings 1 ") && output.contains("ECANCELED") && output.contains("RLIMIT_NPROC"),
                output);
        assertTrue(output.contains("errors []"), output);
    }

    @Test
    void shouldGoToTheNextTierAndSayWhyWhereNoMemoryMayBeLocked() throws Exception {
        final ChildJvm.Outcome outcome = runAsNobody("ulimit -l 0", "AUTO");
        final String output = outcome.output();
        assertEquals(0, outcome.exitCode(), output);
        assertTrue(output.contains("written " + EVENTS + ", failed 0"), output);
        assertTrue(output.contains("strategy writev (auto") && output.contains("ENOMEM"), output);
        assertTrue(output.contains("RLIMIT_MEMLOCK") && output.contains("warnings 0 "), output);
        assertTrue(VectoredWriter.isIoUringSupported(), "root may");
    }
}
