package dev.uringlog.append;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsTest {
    private final AppendLogBuilder builder = AppendLog.builder(Path.of("log"));
    private final Settings settings = new Settings(builder);

    @ParameterizedTest
    @CsvSource({
        "4096, 4096",
        "64 KiB, 65536",
        "64kb, 65536",
        "8 MiB, 8388608",
        "8MB, 8388608",
        "1 GiB, 1073741824",
    })
    void shouldReadSizesAsPeopleWriteThem(final String text, final int bytes) {
        assertEquals(List.of(), settings.ringSize(text).problems());
        assertEquals(bytes, builder.ringSize);
    }

    @ParameterizedTest
    @CsvSource({
        "0, PT0S",
        "5, PT0.005S",
        "500 us, PT0.0005S",
        "250 µs, PT0.00025S",
        "100ns, PT0.0000001S",
        "2 ms, PT0.002S",
        "2 milliseconds, PT0.002S",
        "30 s, PT30S",
        "30 seconds, PT30S",
        "1 min, PT1M",
        "PT1.5S, PT1.5S",
    })
    void shouldReadDurationsAsPeopleWriteThem(final String text, final Duration duration) {
        assertEquals(List.of(), settings.maxDelay(text).problems());
        assertEquals(duration, builder.maxDelay);
    }

    @Test
    void shouldLeaveDefaultsAloneWhereNothingIsWritten() {
        settings.durability(null).strategy("").ringSize(" ").ringDepth(null).maxDelay(null);
        settings.overflow(null).onFailure(null).shutdownTimeout(null).filePermissions(null);
        assertEquals(List.of(), settings.problems());
        assertEquals(AppendLogBuilder.RING_SIZE_DEFAULT, builder.ringSize);
    }

    @Test
    void shouldTakeConstantsInAnyCase() {
        settings.durability("memory")
                .strategy("IOURING")
                .overflow("Discard")
                .onFailure("drop")
                .filePermissions("rw-r-----");
        assertEquals(List.of(), settings.problems());
        assertEquals("iouring", builder.strategy.label());
        assertEquals(OverflowPolicy.DISCARD, builder.overflow);
        assertEquals(FailurePolicy.DROP, builder.onFailure);
        assertEquals(PosixFilePermissions.fromString("rw-r-----"), builder.filePermissions);
    }

    @Test
    void shouldNameAttributeValueAndWhatIsAllowed() {
        final String durations = ", a whole number with ns, us, ms, s, min or h, or ISO-8601 like PT1S";
        final String size = "a power of two from 4 KiB to 1 GiB, in bytes or with KiB, MiB or GiB";
        settings.durability("paper")
                .syncInterval("often")
                .syncInterval("2 h")
                .strategy("sendfile")
                .overflow("DROP")
                .onFailure("BLOCK")
                .ringSize("3 MiB")
                .ringSize("many")
                .ringDepth("17")
                .ringDepth("deep")
                .maxDelay("2 h")
                .maxDelay("soon")
                .shutdownTimeout("-1 s")
                .filePermissions("0644");
        assertEquals(
                List.of(
                        "durability \"paper\": allowed is MEMORY, KERNEL, DISK",
                        "syncInterval \"often\": allowed is 0 to 1 h" + durations,
                        "syncInterval \"2 h\": allowed is 0 to 1 h" + durations,
                        "strategy \"sendfile\": allowed is auto, iouring, writev",
                        "overflow \"DROP\": allowed is BLOCK, DISCARD",
                        "onFailure \"BLOCK\": allowed is HOLD, DROP",
                        "ringSize \"3 MiB\": allowed is " + size,
                        "ringSize \"many\": allowed is " + size,
                        "ringDepth \"17\": allowed is a power of two from 1 to 4096",
                        "ringDepth \"deep\": allowed is a power of two from 1 to 4096",
                        "maxDelay \"2 h\": allowed is 0 to 1 min" + durations,
                        "maxDelay \"soon\": allowed is 0 to 1 min" + durations,
                        "shutdownTimeout \"-1 s\": allowed is 0 to 24 h" + durations,
                        "filePermissions \"0644\": allowed is nine characters like rw-r-----"),
                settings.problems());
    }

    @Test
    void shouldSpellEachValueInOneWayThatItWouldTake() {
        settings.durability("disk").ringSize("4096 KiB").maxDelay("2000 us").syncInterval("1 min");
        final Map<String, String> values = settings.values();
        assertEquals(
                Map.of(
                        "durability", "DISK",
                        "strategy", "auto",
                        "ringSize", "4194304",
                        "ringDepth", "16",
                        "maxDelay", "PT0.002S",
                        "syncInterval", "PT1M",
                        "overflow", "BLOCK",
                        "onFailure", "HOLD",
                        "shutdownTimeout", "PT30S",
                        "filePermissions", "rw-------"),
                values);

        final Settings again = new Settings(AppendLog.builder(Path.of("")));
        again.all(values::get);
        assertEquals(List.of(), again.problems());
        assertEquals(values, again.values());
    }
}
