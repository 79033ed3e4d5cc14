package dev.uringlog.append;

import static dev.uringlog.sys.LinuxErrno.EIO;
import static dev.uringlog.sys.LinuxErrno.ENOSPC;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.uringlog.testing.ChildJvm;
import dev.uringlog.write.ErrnoException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import jdk.jfr.FlightRecorder;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a log reports: to Java Flight Recorder, and to its listener when its state changes. */
@Timeout(60)
class ObservabilityTest {
    private static final String SECRET = "4111-1111";

    @TempDir
    Path directory;

    private interface Work {
        void run() throws Exception;
    }

    private static byte[] ascii(final String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** The events of one kind that were recorded while the work ran. */
    private List<RecordedEvent> record(final String kind, final Work work) throws Exception {
        final Path dump = directory.resolve("dump.jfr");
        try (Recording recording = new Recording()) {
            recording.enable("dev.uringlog." + kind);
            recording.start();
            work.run();
            recording.stop();
            recording.dump(dump);
        }
        return RecordingFile.readAllEvents(dump);
    }

    @Test
    void shouldRecordEachFlush() throws Exception {
        final Path file = directory.resolve("jfr.log");
        final List<RecordedEvent> events = record("Flush", () -> {
            try (AppendLog log = AppendLog.builder(file).listener(new Heard()).open()) {
                log.append(ascii("event\n"));
                log.flush();
            }
        });
        assertEquals(1, events.size());
        final RecordedEvent flush = events.get(0);
        assertEquals(1, flush.getInt("events"));
        assertEquals(6, flush.getLong("bytes"));
        assertEquals(file.toString(), flush.getString("file"));
        assertEquals("writev", flush.getString("strategy"));
        assertTrue(flush.getDuration().compareTo(Duration.ZERO) > 0, flush::toString);
    }

    @Test
    void shouldRecordEachSync() throws Exception {
        final Path file = directory.resolve("jfr.log");
        final List<RecordedEvent> events = record("Sync", () -> {
            try (AppendLog log = AppendLog.builder(file).listener(new Heard()).open()) {
                log.append(ascii("event\n"));
                log.sync();
            }
        });
        assertEquals(1, events.size());
        final RecordedEvent sync = events.get(0);
        assertEquals(file.toString(), sync.getString("file"));
        assertEquals(6, sync.getLong("position"));
        assertFalse(sync.getBoolean("overlapped"));
        assertTrue(sync.getDuration("taken").compareTo(Duration.ZERO) > 0, sync::toString);
    }

    @Test
    void shouldRecordEachStallWithItsLengthAndItsCause() throws Exception {
        final MemorySink sink = failing(ENOSPC, 2);
        final List<RecordedEvent> events = record("Stall", () -> writeThrough(sink, new Heard()));
        assertEquals(1, events.size());
        final RecordedEvent stall = events.get(0);
        assertEquals("memory.log", stall.getString("file"));
        assertEquals("writev: ENOSPC (28)", stall.getString("cause"));
        assertEquals(0, stall.getLong("lost"));
        assertTrue(stall.getDuration().compareTo(Duration.ZERO) > 0, stall::toString);
    }

    @Test
    void shouldRecordEachFaultEvenIfTheListenerIsNotTold() throws Exception {
        final MemorySink sink = failing(ENOSPC, 3);
        final Heard heard = new Heard();
        final List<RecordedEvent> events = record("Fault", () -> writeThrough(sink, heard));
        assertEquals(3, events.size());
        for (final RecordedEvent fault : events) {
            assertEquals("memory.log", fault.getString("file"));
            final String message = fault.getString("message");
            assertTrue(message.contains("ENOSPC") && !message.contains(SECRET), message);
        }
        assertEquals(1, heard.errors.size(), heard.errors.toString());
    }

    @Test
    void shouldRecordEachRollover() throws Exception {
        final Path file = directory.resolve("jfr.log");
        final NumberingRoller roller = new NumberingRoller((millis, length, size) -> false);
        final List<RecordedEvent> events = record("Rollover", () -> {
            try (AppendLog log =
                    AppendLog.builder(file).roller(roller).listener(new Heard()).open()) {
                log.append(ascii("event\n"));
                log.roll();
            }
        });
        assertEquals(1, events.size());
        final RecordedEvent rollover = events.get(0);
        assertEquals(file.toString(), rollover.getString("file"));
        assertEquals(file.toString(), rollover.getString("next"));
        assertEquals(6, rollover.getLong("size"));
        assertNull(rollover.getString("failure"));
    }

    /** Logs in a JVM in which nothing has been recorded yet. */
    static final class Quiet {
        private Quiet() {}

        public static void main(final String[] arguments) throws IOException {
            try (AppendLog log = AppendLog.builder(Path.of(arguments[0]))
                    .durability(Durability.DISK)
                    .listener(new Heard())
                    .open()) {
                log.append(ascii("event\n"));
            }
            System.out.println("recorder ready: " + FlightRecorder.isInitialized());
        }
    }

    @Test
    void shouldNotPrepareTheRecorderWithoutARecording() throws Exception {
        final ChildJvm.Outcome outcome = ChildJvm.run(
                ":", List.of(), Quiet.class, directory.resolve("quiet.log").toString());
        assertTrue(outcome.output().contains("recorder ready: false"), outcome.output());
    }

    @Test
    void shouldSayOnceThatTheFileTakesNothingAndOnceThatItDoesAgain() throws Exception {
        final MemorySink sink = failing(ENOSPC, 5);
        final Heard heard = new Heard();
        writeThrough(sink, heard);
        assertEquals(1, heard.errors.size(), heard.errors.toString());
        assertEquals(
                List.of("memory.log: cannot write, events are held and tried again: writev: ENOSPC (28)"),
                heard.errors);
        final List<String> recoveries = heard.warnings.stream()
                .filter(line -> line.contains("writing again"))
                .toList();
        assertEquals(1, recoveries.size(), heard.warnings.toString());
        assertTrue(
                recoveries.get(0).matches("memory\\.log: writing again after \\d+\\.\\d{3} s, no held event is lost"),
                recoveries.get(0));
    }

    @Test
    void shouldSayHowManyEventsWereLostWhenTheFileTakesBytesAgain() throws Exception {
        final CountDownLatch reached = new CountDownLatch(1);
        final CountDownLatch open = new CountDownLatch(1);
        final MemorySink sink = failing(EIO, 1).plan(MemorySink.stall(reached, open));
        final Heard heard = new Heard();
        final byte[] large = ascii("x".repeat(3_000) + "\n");
        try (AppendLog log = sink.builder()
                .ringSize(4 << 10)
                .overflow(OverflowPolicy.DISCARD)
                .listener(heard)
                .open()) {
            log.append(large);
            reached.await();
            assertEquals(AppendLog.DISCARDED, log.append(large));
            open.countDown();
            await().until(() -> log.statistics().written() == 1);
            await().until(() ->
                    heard.warnings.stream().anyMatch(line -> line.endsWith(" s, 1 event was lost in that time")));
        }
    }

    private static MemorySink failing(final int errno, final int times) {
        final MemorySink sink = new MemorySink();
        for (int i = 0; i < times; i++) {
            sink.plan(MemorySink.fail(new ErrnoException("writev", errno)));
        }
        return sink;
    }

    private static void writeThrough(final MemorySink sink, final Heard heard) throws Exception {
        try (AppendLog log = sink.builder().listener(heard).open()) {
            log.append(ascii(SECRET + "\n"));
            await().until(() -> log.statistics().written() == 1);
        }
        assertEquals(SECRET + "\n", sink.text());
        assertNull(sink.degradation());
    }
}
