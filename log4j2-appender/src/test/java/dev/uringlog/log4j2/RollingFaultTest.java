package dev.uringlog.log4j2;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.appender.rolling.SizeBasedTriggeringPolicy;
import org.apache.logging.log4j.core.layout.AbstractStringLayout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes wrong with a roll, and that logging goes on. */
@Timeout(60)
class RollingFaultTest {
    private static final String EACH = "<SizeBasedTriggeringPolicy size=\"9\"/>";

    @TempDir
    Path dir;

    private String attributes(final Path file, final String pattern) {
        return "fileName=\"" + file + "\" filePattern=\"" + pattern + "\"";
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "append=\"false\"", "durability=\"DISK\""})
    void shouldGoOnInTheSameFileWhileItCannotBeMoved(final String more) throws IOException {
        final Path logs = Files.createDirectory(dir.resolve("logs"));
        final Path file = logs.resolve("app.log");
        // Not even root can make a directory where a file is.
        final Path inTheWay = Files.writeString(dir.resolve("archive"), "");
        final List<String> expected = new ArrayList<>();
        try (Rig rig = new Rig(Rig.rolling(attributes(file, inTheWay + "/app-%i.log") + " " + more, EACH, ""))) {
            for (int i = 0; i < 10; i++) {
                rig.logger().info("event-{}--", i);
                expected.add("event-" + i + "--");
            }
            rig.rolling(0).flush();
            assertEquals(expected, Rig.lines(file));
            assertTrue(
                    rig.errors().stream().anyMatch(line -> line.contains("rollover failed")),
                    rig.errors().toString());

            Files.delete(inTheWay);
            await().until(() -> {
                rig.logger().info("event-{}--", expected.size());
                expected.add("event-" + expected.size() + "--");
                return Files.isDirectory(inTheWay);
            });
        }

        final List<String> found = new ArrayList<>(Archives.lines(inTheWay));
        found.addAll(Rig.lines(file));
        assertEquals(expected, found);
    }

    @Test
    void shouldEndAFileEvenIfItCannotBeCompressed() throws IOException {
        final Path file = dir.resolve("app.log");
        final Path inTheWay = Files.writeString(dir.resolve("in-the-way"), "");
        final String strategy = "<DefaultRolloverStrategy tempCompressedFilePattern=\"" + inTheWay + "/%i.gz\"/>";
        try (Rig rig = new Rig(Rig.rolling(attributes(file, dir + "/app-%i.log.gz"), EACH, strategy))) {
            rig.logger().info("event-0--");
            rig.logger().info("event-1--");
        }

        assertEquals("event-1--\n", Rig.text(file));
        assertEquals("event-0--\n", Rig.text(dir.resolve("app-1.log")));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    filePattern="x-%i"                                                | fileName is missing: allowed is a path, or none with DirectWrite
                    fileName="FILE"                                                   | filePattern is missing: allowed is a path
                    fileName="FILE" filePattern="x-%i" durability="solid"             | durability "solid": allowed is MEMORY, KERNEL, DISK
                    fileName="FILE" filePattern="x-%i" filePermissions="rwx"          | filePermissions "rwx": allowed is nine characters
                    fileName="FILE" filePattern="x-%i" append="yes"                   | append "yes": allowed is true, false
                    """)
    void shouldSayWhichAttributeIsBadAndWhatIsAllowedAndLetTheApplicationRun(
            final String attributes, final String said) {
        assertRefused(
                Rig.rolling(
                        attributes.replace("FILE", dir.resolve("app.log").toString()),
                        EACH,
                        "<DefaultRolloverStrategy max=\"3\"/>"),
                said);
    }

    @Test
    void shouldSayThatAPolicyIsMissing() {
        final String element = Rig.rolling(attributes(dir.resolve("app.log"), dir + "/x-%i.log"), "", "")
                .replace("<Policies></Policies>", "");

        assertRefused(element, "the triggering policy is missing: allowed is one or more in <Policies>");
    }

    @Test
    void shouldSayThatDirectWriteHasNoFileName() {
        final String element = Rig.rolling(
                attributes(dir.resolve("app.log"), dir + "/x-%i.log"), EACH, "<DirectWriteRolloverStrategy/>");

        assertRefused(
                element,
                "fileName \"" + dir.resolve("app.log") + "\": allowed with DirectWriteRolloverStrategy is none");
    }

    @Test
    void shouldSayThatTimeNeedsADate() {
        final String element =
                Rig.rolling(attributes(dir.resolve("app.log"), dir + "/x-%i.log"), "<TimeBasedTriggeringPolicy/>", "");

        assertRefused(element, "allowed with TimeBasedTriggeringPolicy is one with a date, like %d{yyyy-MM-dd}");
    }

    private void assertRefused(final String element, final String said) {
        final Path other = dir.resolve("other.log");
        try (Rig rig = new Rig(element, Rig.lines(other, ""))) {
            rig.logger().info("running");

            assertNull(rig.rolling(0));
            final String error = rig.errors().get(0);
            assertTrue(error.contains("RollingIoUringFile \"a0\" does not start: "), error);
            assertTrue(error.contains(said), error);
        }

        assertEquals("running\n", Rig.text(other));
        assertEquals(List.of("other.log"), Archives.names(dir));
    }

    @Test
    void shouldNotRepeatItselfWhereTheLayoutHasNoHeaderForAnyFile() {
        final long start = System.nanoTime();
        try (Rig rig = new Rig(Rig.lines(dir.resolve("other.log"), ""))) {
            final RollingIoUringFileAppender appender = RollingIoUringFileAppender.newBuilder()
                    .setName("file")
                    .setFileName(dir.resolve("app.log").toString())
                    .setFilePattern(dir.resolve("app-%i.log").toString())
                    .setPolicy(SizeBasedTriggeringPolicy.createPolicy("9"))
                    .setLayout(new AbstractStringLayout(StandardCharsets.UTF_8) {
                        @Override
                        public byte[] getHeader() {
                            throw new IllegalStateException("no header");
                        }

                        @Override
                        public String toSerializable(final LogEvent event) {
                            return "an event for a file of its own\n";
                        }
                    })
                    .build();
            appender.start();
            for (int i = 0; i < 100; i++) {
                appender.append(EventEncoderTest.event(""));
            }
            appender.stop();
            final long seconds = (System.nanoTime() - start) / 1_000_000_000;
            final List<String> said = rig.errors().stream()
                    .filter(line -> line.contains("without the layout's header"))
                    .toList();
            assertTrue(!said.isEmpty() && said.size() <= 1 + seconds, said.toString());
        }
    }
}
