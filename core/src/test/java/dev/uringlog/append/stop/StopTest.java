package dev.uringlog.append.stop;

import static dev.uringlog.append.Accounts.assertSettled;
import static dev.uringlog.append.Hooks.withSink;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.uringlog.append.AppendLog;
import dev.uringlog.append.AppendLogBuilder;
import dev.uringlog.append.Heard;
import dev.uringlog.append.MemorySink;
import dev.uringlog.testing.ChildJvm;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Several logs that end one after the other, as frameworks stop their appenders. */
@Timeout(60)
class StopTest {
    private static final int LOGS = 5;
    private static final Duration TIMEOUT = Duration.ofSeconds(1);

    @TempDir
    Path directory;

    private final CountDownLatch goOn = new CountDownLatch(1);
    private final Heard heard = new Heard();

    @AfterEach
    void letGo() {
        goOn.countDown();
    }

    private AppendLogBuilder builder(final MemorySink sink) {
        return withSink(AppendLog.builder(Path.of("memory")), () -> sink).listener(heard);
    }

    private static void append(final AppendLog log, final String line) {
        log.append((line + "\n").getBytes(StandardCharsets.US_ASCII));
    }

    private MemorySink hung(final CountDownLatch reached) {
        final MemorySink sink = new MemorySink();
        sink.plan(MemorySink.stall(reached, goOn));
        return sink;
    }

    /** Logs that are stuck in a write, with an event each in it and two more behind it. */
    private List<AppendLog> hungLogs() throws Exception {
        final CountDownLatch reached = new CountDownLatch(LOGS);
        final List<AppendLog> logs = new ArrayList<>();
        for (int i = 0; i < LOGS; i++) {
            final AppendLog log =
                    builder(hung(reached)).shutdownTimeout(TIMEOUT).open();
            append(log, "stuck");
            logs.add(log);
        }
        assertTrue(reached.await(10, TimeUnit.SECONDS));
        for (final AppendLog log : logs) {
            append(log, "behind");
            append(log, "behind");
        }
        return logs;
    }

    @Test
    void shouldEndWithinAboutOneTimeoutHoweverManyLogsADeviceHangs() throws Exception {
        final List<AppendLog> logs = hungLogs();
        final long start = System.nanoTime();
        logs.forEach(AppendLog::close);
        final Duration took = Duration.ofNanos(System.nanoTime() - start);
        assertTrue(took.compareTo(TIMEOUT.multipliedBy(3)) < 0, took.toString());
        for (final AppendLog log : logs) {
            assertEquals(3, log.statistics().failed());
            assertSettled(log.statistics());
        }
        assertEquals(LOGS, heard.errors.size(), heard.errors.toString());
        heard.errors.forEach(line -> assertTrue(line.contains("3 events were not written"), line));
    }

    @Test
    void shouldEndWithinAboutOneTimeoutHoweverManyLogsHoldWhatADiskDoesNotTake() throws Exception {
        final List<AppendLog> logs = new ArrayList<>();
        for (int i = 0; i < LOGS; i++) {
            final MemorySink sink = new MemorySink();
            for (int fault = 0; fault < 10_000; fault++) {
                sink.plan(MemorySink.fail(new IOException("No space left on device")));
            }
            final AppendLog log = builder(sink).shutdownTimeout(TIMEOUT).open();
            append(log, "held");
            logs.add(log);
        }
        final long start = System.nanoTime();
        logs.forEach(AppendLog::close);
        final Duration took = Duration.ofNanos(System.nanoTime() - start);
        assertTrue(took.compareTo(TIMEOUT.multipliedBy(3)) < 0, took.toString());
        for (final AppendLog log : logs) {
            assertEquals(1, log.statistics().failed());
            assertSettled(log.statistics());
        }
    }

    @Test
    void shouldEndWithinAboutOneTimeoutHoweverManyLogsADeviceDoesNotSync() throws Exception {
        final List<AppendLog> logs = new ArrayList<>();
        for (int i = 0; i < LOGS; i++) {
            final MemorySink sink = new MemorySink();
            sink.planSyncs(MemorySink.stall(new CountDownLatch(1), goOn));
            final AppendLog log = builder(sink)
                    .syncInterval(Duration.ofHours(1))
                    .shutdownTimeout(TIMEOUT)
                    .open();
            append(log, "written");
            logs.add(log);
        }
        final long start = System.nanoTime();
        logs.forEach(AppendLog::close);
        final Duration took = Duration.ofNanos(System.nanoTime() - start);
        assertTrue(took.compareTo(TIMEOUT.multipliedBy(3)) < 0, took.toString());
        assertEquals(LOGS, heard.errors.size(), heard.errors.toString());
        heard.errors.forEach(line -> assertTrue(line.contains("its last events were not synced"), line));
    }

    @Test
    void shouldGiveALogThatCanWriteItsWholeTimeoutBehindOneThatCannot() throws Exception {
        final AppendLog dead = builder(hung(new CountDownLatch(1)))
                .shutdownTimeout(Duration.ofMillis(300))
                .open();
        final CountDownLatch reached = new CountDownLatch(1);
        final CountDownLatch recovered = new CountDownLatch(1);
        final MemorySink recovering = new MemorySink();
        recovering.plan(MemorySink.stall(reached, recovered));
        final MemorySink patient = new MemorySink();
        final Duration ample = Duration.ofSeconds(30);
        final AppendLog late = builder(recovering).shutdownTimeout(ample).open();
        final AppendLog idle = builder(patient)
                .maxDelay(Duration.ofSeconds(1))
                .shutdownTimeout(ample)
                .open();
        append(dead, "stuck");
        append(late, "one");
        assertTrue(reached.await(10, TimeUnit.SECONDS));
        append(late, "two");
        append(idle, "three");
        dead.close();
        recovered.countDown();
        late.close();
        idle.close();
        assertEquals("one\ntwo\n", recovering.text());
        assertEquals("three\n", patient.text());
    }

    /** Opens logs whose files are pipes without a reader, which hang their writers once they are full, and exits. */
    static final class ExitsWithHungLogs {
        private ExitsWithHungLogs() {}

        public static void main(final String[] arguments) throws Exception {
            final byte[] event = new byte[1 << 20];
            for (int i = 0; i < LOGS; i++) {
                final AppendLog log = AppendLog.builder(Path.of(arguments[0], "pipe" + i))
                        .allowSpecialFile(true)
                        .shutdownTimeout(Duration.ofSeconds(3))
                        .listener(new Heard() {
                            @Override
                            public void error(final String message, final Throwable cause) {
                                System.out.println(message);
                            }
                        })
                        .open();
                log.append(event);
                Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                    log.append(event);
                    log.append(event);
                }));
            }
            System.exit(0);
        }
    }

    @Test
    void shouldEndTheJvmWithinAboutOneTimeoutHoweverManyLogsADeviceHangs() throws Exception {
        final List<Process> readers = new ArrayList<>();
        for (int i = 0; i < LOGS; i++) {
            final Path pipe = directory.resolve("pipe" + i);
            assertEquals(
                    0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
            // Holds the pipe open, and reads nothing.
            readers.add(new ProcessBuilder("sh", "-c", "exec sleep 60 <> " + pipe).start());
        }
        final long start = System.nanoTime();
        try {
            final ChildJvm.Outcome outcome =
                    ChildJvm.run(":", List.of(), ExitsWithHungLogs.class, directory.toString());
            assertEquals(0, outcome.exitCode(), outcome.output());
            assertEquals(
                    LOGS,
                    outcome.output()
                            .lines()
                            .filter(line ->
                                    line.matches(".*/pipe[0-9]: the JVM ends, and [123] events are not written"))
                            .count(),
                    outcome.output());
        } finally {
            readers.forEach(Process::destroyForcibly);
        }
        final Duration took = Duration.ofNanos(System.nanoTime() - start);
        assertTrue(took.compareTo(Duration.ofSeconds(9)) < 0, took.toString());
    }
}
