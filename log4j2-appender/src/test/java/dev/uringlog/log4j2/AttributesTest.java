package dev.uringlog.log4j2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.uringlog.append.AppendStatistics;
import dev.uringlog.append.OverflowPolicy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.config.Configuration;
import org.apache.logging.log4j.core.config.NullConfiguration;
import org.apache.logging.log4j.core.layout.PatternLayout;
import org.apache.logging.log4j.core.net.Advertiser;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is said of each attribute, and that the application runs whatever it is. */
class AttributesTest {
    @TempDir
    Path dir;

    private Path file;

    @BeforeEach
    void nameFile() {
        file = dir.resolve("app.log");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    append          | yes        | true, false
                    createOnDemand  | maybe      | true, false
                    advertise       | 1          | true, false
                    immediateFlush  | always     | true, false
                    filePermissions | rwx        | nine characters like rw-r-----
                    fileOwner       | no-such    | a user
                    fileGroup       | no-such    | a group
                    durability      | solid      | MEMORY, KERNEL, DISK
                    durableLevel    | LOUD       | a level
                    syncInterval    | often      | 0 to 1 h, a whole number with
                    syncInterval    | 2 h        | 0 to 1 h
                    strategy        | fast       | auto, iouring, writev
                    ringSize        | 5000       | a power of two
                    ringSize        | 1 KiB      | a power of two
                    ringSize        | big        | bytes
                    ringDepth       | 3          | a power of two from 1 to 4096
                    ringDepth       | 8192       | a power of two from 1 to 4096
                    ringDepth       | deep       | a power of two from 1 to 4096
                    maxDelay        | 2 h        | 0 to 1 min
                    maxDelay        | soon       | 0 to 1 min, a whole number with
                    overflow        | SPILL      | BLOCK, DISCARD
                    discardLevel    | LOUD       | a level
                    onFailure       | RETRY      | HOLD, DROP
                    shutdownTimeout | -1         | 0 to 24 h, a whole number with
                    shutdownTimeout | 48 h       | 0 to 24 h
                    """)
    void shouldSayWhichAttributeIsBadAndWhatIsAllowedAndLetTheApplicationRun(
            final String name, final String value, final String allowed) throws Exception {
        Files.writeString(file, "precious\n");
        final Path other = dir.resolve("other.log");
        final String bad = Rig.lines(file, name + "=\"" + value + "\"");
        try (Rig rig = new Rig(bad, Rig.lines(other, ""))) {
            rig.logger().info("running");

            final String error = rig.errors().get(0);
            assertTrue(error.contains("IoUringFile \"a0\" does not start: " + name), error);
            assertTrue(error.contains(allowed), error);
            assertNull(rig.appender(0));
        }

        assertEquals("precious\n", Rig.text(file));
        assertEquals("running\n", Rig.text(other));
    }

    @Test
    void shouldNotEmptyAFileThatOtherProcessesWriteTo() throws Exception {
        Files.writeString(file, "precious\n");
        try (Rig rig = new Rig(Rig.lines(file, "locking=\"true\" append=\"false\""))) {
            assertTrue(
                    rig.errors().get(0).contains("append \"false\": allowed is true with locking"),
                    rig.errors().toString());
        }
        assertEquals("precious\n", Rig.text(file));
    }

    @Test
    void shouldNotRollAFileThatOtherProcessesWriteTo() {
        final String names = "fileName=\"" + file + "\" filePattern=\"" + file + ".%i\"";
        try (Rig rig = new Rig(Rig.rolling(names + " locking=\"true\"", "<SizeBasedTriggeringPolicy/>", ""))) {
            assertTrue(
                    rig.errors().get(0).contains("locking \"true\": allowed is false where a file is rolled"),
                    rig.errors().toString());
        }
    }

    @ParameterizedTest
    @CsvSource({"%d{yyyy}.gz, 1", "%d{yyyy}-%i, 0", "%d{yyyy}-%03i, 0"})
    void shouldWarnWhereOneArchiveReplacesAnother(final String pattern, final int warnings) {
        final String names = "fileName=\"" + file + "\" filePattern=\"" + file + pattern + "\"";
        try (Rig rig = new Rig(Rig.rolling(names, "<SizeBasedTriggeringPolicy/>", ""))) {
            assertEquals(
                    warnings,
                    rig.warnings().stream()
                            .filter(line -> line.contains("has no %i"))
                            .count(),
                    rig.warnings().toString());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "filePattern=\"\""})
    void shouldSayNothingOfAFilePatternThatIsMissingButThat(final String none) {
        final String names = "fileName=\"" + file + "\" " + none;
        try (Rig rig = new Rig(Rig.rolling(names, "<SizeBasedTriggeringPolicy/>", ""))) {
            assertTrue(
                    rig.errors().get(0).contains("filePattern is missing: allowed is a path"),
                    rig.errors().toString());
            assertEquals(List.of(), rig.warnings());
        }
    }

    @Test
    void shouldNameEveryBadAttributeAtOnce() {
        try (Rig rig = new Rig(Rig.lines(file, "ringSize=\"7\" ringDepth=\"7\" append=\"7\""))) {
            final List<String> told = rig.errors();

            assertTrue(told.stream().anyMatch(line -> line.contains("ringSize \"7\"")), told.toString());
            assertTrue(told.stream().anyMatch(line -> line.contains("ringDepth \"7\"")), told.toString());
            assertTrue(told.stream().anyMatch(line -> line.contains("append \"7\"")), told.toString());
        }
    }

    @Test
    void shouldSayThatTheFileNameIsMissing() {
        try (Rig rig = new Rig("<IoUringFile><PatternLayout/></IoUringFile>")) {
            rig.logger().info("running");

            assertTrue(
                    rig.errors().get(0).contains("fileName is missing"),
                    rig.errors().toString());
        }
    }

    @Test
    void shouldSayThatTheNameIsMissing() {
        try (Rig rig = new Rig()) {
            final IoUringFileAppenderBuilder nameless = IoUringFileAppender.newBuilder();

            assertNull(nameless.setFileName(file.toString()).build());
            assertTrue(
                    rig.errors().get(0).contains("name is missing"),
                    rig.errors().toString());
        }
    }

    @Test
    void shouldSayWhyTheFileCannotBeOpened() {
        try (Rig rig = new Rig(Rig.lines(dir, ""))) {
            rig.logger().info("running");

            assertTrue(
                    rig.errors().get(0).contains("cannot open " + dir),
                    rig.errors().toString());
            assertNull(rig.appender(0));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "append=\"TRUE\" createOnDemand=\"false\"",
                "durability=\"memory\" strategy=\"writev\"",
                "durability=\"disk\" durableLevel=\"error\" durableMarker=\"AUDIT\" syncInterval=\"1 s\"",
                "ringSize=\"1 MiB\" ringDepth=\"4096\" maxDelay=\"500 us\"",
                "overflow=\"discard\" discardLevel=\"debug\" onFailure=\"drop\" shutdownTimeout=\"PT5S\"",
                "overflow=\"\" ringSize=\" \" discardLevel=\"\" append=\"\""
            })
    void shouldTakeGoodValuesInAnyCaseAndBlankOnesForTheDefault(final String attributes) {
        try (Rig rig = new Rig(Rig.lines(file, attributes))) {
            rig.logger().error("x");

            assertEquals(List.of(), rig.errors());
        }

        assertEquals("x\n", Rig.text(file));
    }

    @Test
    void shouldLeaveAnUnknownAttributeToLog4j() {
        try (Rig rig = new Rig(Rig.lines(file, "colour=\"red\""))) {
            rig.logger().info("x");

            assertTrue(rig.errors().get(0).contains("colour"), rig.errors().toString());
        }
    }

    @Test
    void shouldTakeImmediateFlushForDurabilityKernel() {
        try (Rig rig = new Rig(Rig.lines(file, "immediateFlush=\"true\""))) {
            rig.logger().info("written");
            assertEquals("written\n", Rig.text(file));
            assertTrue(rig.appender(0).description().contains("durability KERNEL"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "immediateFlush=\"false\"", "immediateFlush=\"true\" durability=\"MEMORY\""})
    void shouldStayAtMemoryWhereNothingElseIsAskedFor(final String attributes) {
        try (Rig rig = new Rig(Rig.lines(file, attributes))) {
            assertTrue(rig.appender(0).description().contains("durability MEMORY"));
        }
    }

    @Test
    void shouldSayInOneLineWhichAttributesChangeNothing() {
        try (Rig rig = new Rig(Rig.lines(file, "bufferedIo=\"false\" bufferSize=\"1\""))) {
            final List<String> told = rig.infos().stream()
                    .filter(line -> line.contains("ignored"))
                    .toList();

            assertEquals(
                    List.of("IoUringFile \"a0\": ignored, ringSize is the buffer here: bufferedIo, bufferSize"), told);
        }
    }

    @Test
    void shouldWarnOfADiscardLevelWithNothingToDiscard() {
        try (Rig rig = new Rig(Rig.lines(file, "discardLevel=\"DEBUG\""))) {
            assertEquals(
                    List.of("IoUringFile \"a0\": discardLevel changes nothing without overflow DISCARD"),
                    rig.warnings());
        }
        try (Rig rig = new Rig(Rig.lines(file, "discardLevel=\"DEBUG\" overflow=\"DISCARD\""))) {
            assertEquals(List.of(), rig.warnings());
        }
    }

    @Test
    void shouldTakeTheQueueFullPolicyOfAsyncLoggersForDefault() {
        System.setProperty("log4j2.asyncQueueFullPolicy", "Discard");
        System.setProperty("log4j2.discardThreshold", "WARN");
        try {
            final Attributes byDefault = new Attributes(builder().attributes(), true);
            final Attributes asWritten = new Attributes(
                    builder().setOverflow("BLOCK").setDiscardLevel(Level.DEBUG).attributes(), true);

            assertEquals(OverflowPolicy.DISCARD, byDefault.overflow());
            assertEquals(Level.WARN, byDefault.discardLevel());
            assertEquals(OverflowPolicy.BLOCK, asWritten.overflow());
            assertEquals(Level.DEBUG, asWritten.discardLevel());
        } finally {
            System.clearProperty("log4j2.asyncQueueFullPolicy");
            System.clearProperty("log4j2.discardThreshold");
        }
    }

    @Test
    void shouldBlockAndDiscardUpToInfoByDefault() {
        final Attributes attributes = new Attributes(builder().attributes(), true);

        assertEquals(OverflowPolicy.BLOCK, attributes.overflow());
        assertEquals(Level.INFO, attributes.discardLevel());
    }

    private IoUringFileAppenderBuilder builder() {
        return IoUringFileAppender.newBuilder().setName("a").setFileName(file.toString());
    }

    @Test
    void shouldBeBuiltByAProgramWithoutAConfiguration() {
        final IoUringFileAppender appender = builder()
                .setAppend(false)
                .setCreateOnDemand(true)
                .setAdvertise(true)
                .setFilePermissions("rw-rw----")
                .setDurability("MEMORY")
                .setDurableLevel(Level.ERROR)
                .setDurableMarker("AUDIT")
                .setSyncInterval("1 s")
                .setStrategy("auto")
                .setRingSize("8 KiB")
                .setRingDepth("8")
                .setMaxDelay("0")
                .setOnFailure("DROP")
                .setShutdownTimeout("1 s")
                .setLayout(PatternLayout.createDefaultLayout())
                .build();
        appender.start();

        assertEquals(file.toString(), appender.getFileName());
        assertEquals(AppendStatistics.none(), appender.statistics());
        assertEquals(file + " is not open yet", appender.description());

        appender.stop();
    }

    @Test
    void shouldAdvertiseTheFileWhileItRuns() {
        final List<Map<String, String>> advertised = new ArrayList<>();
        final Configuration configuration = new NullConfiguration() {
            @Override
            public Advertiser getAdvertiser() {
                return new Advertiser() {
                    @Override
                    public Object advertise(final Map<String, String> properties) {
                        advertised.add(properties);
                        return properties;
                    }

                    @Override
                    public void unadvertise(final Object advertisement) {
                        advertised.remove(advertisement);
                    }
                };
            }
        };
        final IoUringFileAppender appender = builder()
                .setAdvertise(true)
                .setConfiguration(configuration)
                .setLayout(PatternLayout.createDefaultLayout())
                .build();
        appender.start();

        assertEquals(1, advertised.size());
        assertEquals("a", advertised.get(0).get("name"));
        assertEquals(file.toUri().toString(), advertised.get(0).get("fileURI"));
        assertEquals("text/plain", advertised.get(0).get("contentType"));

        appender.stop();
        assertEquals(List.of(), advertised);
    }
}
