package dev.uringlog.append;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.uringlog.metrics.UringlogMetrics;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.Collectors;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import jdk.jfr.DataAmount;
import jdk.jfr.EventType;
import jdk.jfr.FlightRecorder;
import jdk.jfr.Recording;
import jdk.jfr.ValueDescriptor;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Each statistic is shown everywhere: in JMX, in Micrometer, by Java Flight Recorder and in the document. */
@Timeout(60)
class StatisticsTest {
    private static final String EVENT = "dev.uringlog.Statistics";
    private static final Path DOCUMENT = Path.of(System.getProperty("basedir", ""), "docs", "statistics.md");

    @TempDir
    Path directory;

    /** What the table has, under each name. */
    private static <T> Map<String, T> table(final Function<Statistic, String> key, final Function<Statistic, T> value) {
        return AppendStatistics.ALL.stream().collect(Collectors.toMap(key, value));
    }

    private static Map<String, Number> values(final AppendStatistics statistics) {
        return table(Statistic::name, statistic -> statistic.value().apply(statistics));
    }

    private AppendLog opened() throws Exception {
        final AppendLog log = AppendLog.builder(directory.resolve("app.log"))
                .durability(Durability.DISK)
                .listener(new Heard())
                .open();
        log.append("event\n".getBytes(StandardCharsets.US_ASCII));
        return log;
    }

    @Test
    void shouldHaveARowForEachValueOfTheRecord() throws Exception {
        try (AppendLog log = opened()) {
            final AppendStatistics statistics = log.statistics();
            final Map<String, Number> expected = new HashMap<>();
            for (final Method method : AppendStatistics.class.getDeclaredMethods()) {
                if (Modifier.isPublic(method.getModifiers())
                        && Set.of(int.class, long.class).contains(method.getReturnType())
                        && !method.getName().equals("hashCode")) {
                    expected.put(method.getName(), (Number) method.invoke(statistics));
                }
            }
            assertEquals(expected, values(statistics));
            assertEquals(1L, values(statistics).get("syncs"));
        }
    }

    @Test
    void shouldShowEachInJmx() throws Exception {
        final MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        final ObjectName name = ManagementTest.named(directory.resolve("app.log"), "");
        try (AppendLog log = opened()) {
            await().until(() -> server.isRegistered(name));
            final Map<String, String> units = new HashMap<>();
            final Map<String, Object> shown = new HashMap<>();
            for (final MBeanAttributeInfo attribute : server.getMBeanInfo(name).getAttributes()) {
                if (attribute.getDescriptor().getFieldValue("units") != null) {
                    units.put(
                            attribute.getDescription(),
                            attribute.getDescriptor().getFieldValue("units") + " "
                                    + attribute.getDescriptor().getFieldValue("metricType"));
                    shown.put(
                            attribute.getName().substring(0, 1).toLowerCase(Locale.ROOT)
                                    + attribute.getName().substring(1),
                            server.getAttribute(name, attribute.getName()));
                }
            }
            assertEquals(values(log.statistics()), shown);
            assertEquals(
                    table(
                            Statistic::description,
                            row -> row.unit() + " " + row.kind().name().toLowerCase(Locale.ROOT)),
                    units);
        }
    }

    @Test
    void shouldShowEachInMicrometer() throws Exception {
        final SimpleMeterRegistry registry = new SimpleMeterRegistry();
        try (AppendLog log = opened()) {
            new UringlogMetrics("app.log", log).bindTo(registry);
            final Map<String, Object> shown = new HashMap<>();
            for (final Meter meter : registry.getMeters()) {
                final Meter.Id id = meter.getId();
                shown.put(
                        id.getName(),
                        List.of(
                                id.getType().name(),
                                id.getBaseUnit(),
                                id.getDescription(),
                                meter.measure().iterator().next().getValue()));
            }
            final AppendStatistics now = log.statistics();
            assertEquals(
                    table(
                            row -> "uringlog." + row.meter(),
                            row -> List.of(
                                    row.kind().name(),
                                    row.unit(),
                                    row.description(),
                                    row.value().apply(now).doubleValue())),
                    shown);
        }
    }

    @Test
    void shouldShowEachInAPeriodicEventOfTheFlightRecorder() throws Exception {
        final AtomicReference<RecordedEvent> recorded = new AtomicReference<>();
        final AppendLog log = opened();
        try (log;
                RecordingStream recording = new RecordingStream()) {
            recording.enable(EVENT).withPeriod(Duration.ofMillis(10));
            recording.onEvent(EVENT, recorded::set);
            recording.setReuse(false);
            recording.startAsync();
            await().until(() -> recorded.get() != null);
        }
        final RecordedEvent event = recorded.get();
        assertEquals(directory.resolve("app.log").toString(), event.getString("file"));
        final Map<String, Number> shown = new HashMap<>();
        for (final ValueDescriptor field : event.getFields()) {
            if (event.getValue(field.getName()) instanceof Number number
                    && !Set.of("startTime", "duration").contains(field.getName())) {
                shown.put(field.getName(), number);
            }
        }
        assertEquals(values(log.statistics()), shown);
    }

    /** Metadata is what a user sees of an event before it is recorded. */
    @Test
    void shouldLeaveTheEventOffAndDescribeEachField() throws Exception {
        final AppendLog log = opened();
        try (log;
                Recording recording = new Recording()) {
            recording.start();
            await().until(() -> type().isPresent());
            final EventType type = type().orElseThrow();
            assertFalse(type.isEnabled());
            assertEquals("10 s", setting(type, "period"));
            assertEquals(List.of("Uringlog"), type.getCategoryNames());
            for (final Statistic statistic : AppendStatistics.ALL) {
                final ValueDescriptor field = type.getField(statistic.name());
                assertEquals(statistic.description(), field.getDescription());
                assertEquals(statistic.unit().equals("bytes"), field.getAnnotation(DataAmount.class) != null);
            }
            assertEquals("Largest Batch", type.getField("largestBatch").getLabel());
        }
    }

    private static Optional<EventType> type() {
        return FlightRecorder.getFlightRecorder().getEventTypes().stream()
                .filter(type -> type.getName().equals(EVENT))
                .findFirst();
    }

    private static String setting(final EventType type, final String name) {
        return type.getSettingDescriptors().stream()
                .filter(setting -> setting.getName().equals(name))
                .findFirst()
                .orElseThrow()
                .getDefaultValue();
    }

    @Test
    void shouldRecordNothingOfAClosedLog() throws Exception {
        final String closed = directory.resolve("closed.log").toString();
        final Queue<String> files = new ConcurrentLinkedQueue<>();
        final AppendLog open = opened();
        final AppendLog log =
                AppendLog.builder(Path.of(closed)).listener(new Heard()).open();
        try (open;
                RecordingStream recording = new RecordingStream()) {
            recording.enable(EVENT).withPeriod(Duration.ofMillis(10));
            recording.onEvent(EVENT, event -> files.add(event.getString("file")));
            recording.startAsync();
            try (log) {
                await().until(() -> files.contains(closed));
            }
            // What was recorded before the close may still be on its way; then come periods of the open log alone.
            await().until(() -> {
                final List<String> last = List.copyOf(files);
                return last.size() > 5
                        && !last.subList(last.size() - 5, last.size()).contains(closed);
            });
            files.clear();
            await().until(() -> files.size() > 5);
            assertFalse(files.contains(closed));
        }
    }

    @Test
    void shouldListEachInTheDocument() throws Exception {
        final List<String> rows = AppendStatistics.ALL.stream()
                .map(row -> String.format(
                        Locale.ROOT,
                        "| `%s` | `uringlog.%s` | %s | %s | %s |",
                        row.name(),
                        row.meter(),
                        row.kind().name().toLowerCase(Locale.ROOT),
                        row.unit(),
                        row.description()))
                .toList();
        final List<String> listed = Files.readAllLines(DOCUMENT).stream()
                .filter(line -> line.startsWith("| `"))
                .toList();
        assertEquals(rows, listed);
    }
}
