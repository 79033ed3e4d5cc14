package dev.uringlog.append;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ObservabilityTest {
    @TempDir
    Path directory;

    @Test
    void shouldShowItsCountersThroughJmxUntilClosed() throws Exception {
        final Path file = directory.resolve("jmx.log");
        final MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        final ObjectName name = new ObjectName("dev.uringlog:type=AppendLog,file="
                + ObjectName.quote(file.toAbsolutePath().toString()));
        try (AppendLog log = AppendLog.builder(file).open()) {
            await().until(() -> server.isRegistered(name));
            log.append("event\n".getBytes(StandardCharsets.US_ASCII));
            server.invoke(name, "flush", null, null);
            assertEquals(1L, server.getAttribute(name, "Written"));
            assertEquals(6L, server.getAttribute(name, "Bytes"));
            assertEquals(log.description(), server.getAttribute(name, "Description"));
        }
        assertFalse(server.isRegistered(name));
    }

    @Test
    void shouldRecordEachFlushForFlightRecorder() throws Exception {
        final Path file = directory.resolve("jfr.log");
        final Path dump = directory.resolve("dump.jfr");
        try (Recording recording = new Recording()) {
            recording.enable("dev.uringlog.Flush");
            recording.start();
            try (AppendLog log = AppendLog.builder(file).open()) {
                log.append("event\n".getBytes(StandardCharsets.US_ASCII));
                log.flush();
            }
            recording.stop();
            recording.dump(dump);
        }
        final List<RecordedEvent> events = RecordingFile.readAllEvents(dump);
        assertEquals(1, events.size());
        assertEquals(1, events.get(0).getInt("events"));
        assertEquals(6, events.get(0).getLong("bytes"));
        assertEquals(file.toString(), events.get(0).getString("file"));
    }
}
