package dev.uringlog.append.stop;

import static dev.uringlog.append.Hooks.askAtExit;
import static dev.uringlog.append.Hooks.awaitAtExit;
import static dev.uringlog.sys.LinuxErrno.ENOSPC;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.uringlog.append.AppendLog;
import dev.uringlog.append.Durability;
import dev.uringlog.append.FakeDisk;
import dev.uringlog.append.Printing;
import dev.uringlog.sys.Call;
import dev.uringlog.testing.ChildJvm;
import dev.uringlog.write.Strategy;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Permission;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What happens at the JVM's end to a log that is opened late, or without a hook. These logs are not closed. */
@Timeout(60)
class ExitTest {
    @TempDir
    Path directory;

    private static AppendLog open(final String file) {
        try {
            // A flusher in no hurry: what is not waited for is lost.
            return AppendLog.builder(Path.of(file))
                    .maxDelay(Duration.ofSeconds(1))
                    .listener(new Printing())
                    .open();
        } catch (final IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void append(final AppendLog log, final String line) {
        log.append((line + "\n").getBytes(StandardCharsets.US_ASCII));
    }

    /** Opens a log in a shutdown hook: the first, or one more than are open, or after the others were closed. */
    static final class OpensInAHook {
        private OpensInAHook() {}

        public static void main(final String[] arguments) {
            final AppendLog other = arguments[1].equals("first") ? null : open(arguments[0] + ".other");
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                if (arguments[1].equals("after")) {
                    other.close();
                }
                final AppendLog log = open(arguments[0]);
                append(log, "one");
                append(log, "two");
            }));
            System.exit(0);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"first", "more", "after"})
    void shouldWriteEachEventOfALogThatIsOpenedWhileTheJvmGoesDown(final String when) throws Exception {
        final Path file = directory.resolve("log");
        final ChildJvm.Outcome outcome = ChildJvm.run(":", List.of(), OpensInAHook.class, file.toString(), when);
        assertEquals(0, outcome.exitCode(), outcome.output());
        assertEquals("one\ntwo\n", Files.readString(file));
    }

    /** Forbids shutdown hooks. */
    @SuppressWarnings({"removal", "deprecation"})
    static final class NoHooks extends SecurityManager {
        @Override
        public void checkPermission(final Permission permission) {
            if (permission.getName().equals("shutdownHooks")) {
                throw new SecurityException("no hooks here");
            }
        }
    }

    /** Logs where no hook is allowed, and closes the log. */
    static final class LogsWithoutAHook {
        private LogsWithoutAHook() {}

        @SuppressWarnings({"removal", "deprecation"})
        public static void main(final String[] arguments) {
            System.getLogger("test").log(System.Logger.Level.DEBUG, "the platform's own logging wants a hook as well");
            System.setSecurityManager(new NoHooks());
            final AppendLog log = open(arguments[0]);
            append(log, "one");
            log.close();
        }
    }

    @Test
    @EnabledForJreRange(max = JRE.JAVA_21) // There is no security manager in later ones.
    void shouldLogWithoutAShutdownHookAndSayWhatThatCosts() throws Exception {
        final Path file = directory.resolve("log");
        final ChildJvm.Outcome outcome =
                ChildJvm.run(":", List.of("-Djava.security.manager=allow"), LogsWithoutAHook.class, file.toString());
        assertEquals(0, outcome.exitCode(), outcome.output());
        assertEquals("one\n", Files.readString(file));
        assertTrue(
                outcome.output()
                        .contains("WARN " + file
                                + ": no shutdown hook, so the last events before the JVM ends may be lost"
                                + " unless the log is closed: java.lang.SecurityException: no hooks here"),
                outcome.output());
    }

    /** Logs an event, and ends the JVM with or without its hooks. */
    static final class LogsAndEnds {
        private LogsAndEnds() {}

        public static void main(final String[] arguments) throws IOException {
            final AppendLog log = AppendLog.builder(Path.of(arguments[0]))
                    .durability(Durability.valueOf(arguments[1]))
                    .maxDelay(Duration.ofSeconds(1))
                    .open();
            append(log, "one");
            if (arguments[2].equals("halt")) {
                Runtime.getRuntime().halt(0);
            }
            System.exit(0);
        }
    }

    @ParameterizedTest
    @CsvSource({"KERNEL, halt", "DISK, halt", "MEMORY, exit"})
    void shouldKeepWhatTheDurabilityPromisesHoweverTheJvmEnds(final String durability, final String end)
            throws Exception {
        final Path file = directory.resolve("log");
        final ChildJvm.Outcome outcome =
                ChildJvm.run(":", List.of("-Xrs"), LogsAndEnds.class, file.toString(), durability, end);
        assertEquals(0, outcome.exitCode(), outcome.output());
        assertEquals("one\n", Files.readString(file));
    }

    @Test
    void shouldWriteWhatAFullDiskHeldIfThereIsSpaceAgainBeforeTheJvmHasEnded() throws Exception {
        final FakeDisk disk = new FakeDisk();
        disk.kernel.plan().failFrom(Call.WRITEV, 1, ENOSPC);
        try (AppendLog log = disk.builder(Strategy.WRITEV).open()) {
            append(log, "one");
            await().until(() -> log.statistics().stalls() == 1);
            askAtExit(log);
            final CompletableFuture<Long> written = CompletableFuture.supplyAsync(() -> {
                awaitAtExit(log);
                return log.statistics().written();
            });
            final int tries = disk.calls(Call.WRITEV).size();
            await().until(() -> disk.calls(Call.WRITEV).size() > tries + 2);
            disk.kernel.plan().heal();
            assertEquals(1, written.get());
        }
    }
}
