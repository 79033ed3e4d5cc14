package dev.uringlog.log4j2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.apache.logging.log4j.core.appender.AbstractManager;
import org.apache.logging.log4j.core.impl.Log4jLogEvent;
import org.apache.logging.log4j.message.SimpleMessage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One rolling file under several appenders: of one configuration, and of one that follows another. */
@Timeout(60)
class RollingReconfigurationTest {
    private static final String NEVER = "<SizeBasedTriggeringPolicy size=\"1 GB\"/>";
    private static final String EACH = "<SizeBasedTriggeringPolicy size=\"1\"/>";

    @TempDir
    Path dir;

    private Path file;

    @BeforeEach
    void nameFile() {
        file = dir.resolve("app.log");
    }

    private String element(final String pattern, final String policy, final String strategy) {
        return Rig.rolling("fileName=\"" + file + "\" filePattern=\"" + dir.resolve(pattern) + "\"", policy, strategy);
    }

    @Test
    void shouldRollByTheNewConfigurationsPolicyFromThenOn() {
        try (Rig rig = new Rig(element("app-%i.log", NEVER, ""))) {
            final RollingIoUringFileManager manager = rig.rolling(0).getManager();
            rig.logger().info("one");
            rig.logger().info("two");
            rig.reconfigure(Rig.xml(element("app-%i.log", EACH, "")));
            assertSame(manager, rig.rolling(0).getManager());
            rig.logger().info("three");
            rig.logger().info("four");
            rig.reconfigure(Rig.xml(element("app-%i.log", NEVER, "")));
            rig.logger().info("five");

            assertEquals(List.of(), rig.warnings());
        }

        assertEquals("one\ntwo\n", Rig.text(dir.resolve("app-1.log")));
        assertEquals("three\n", Rig.text(dir.resolve("app-2.log")));
        assertEquals("four\nfive\n", Rig.text(file));
    }

    /** The writer comes to them after the reconfiguration: it delays. */
    @Test
    void shouldJudgeEventsByThePolicyThatWasInForceWhenTheyWereLogged() {
        final String slow =
                "fileName=\"" + file + "\" filePattern=\"" + dir.resolve("app-%i.log") + "\" maxDelay=\"1 s\"";
        try (Rig rig = new Rig(Rig.rolling(slow, EACH, ""))) {
            rig.logger().info("one");
            rig.logger().info("two");
            rig.logger().info("three");
            rig.reconfigure(Rig.xml(Rig.rolling(slow, NEVER, "")));
            rig.logger().info("four");

            assertEquals(List.of(), rig.warnings());
        }

        assertEquals("one\n", Rig.text(dir.resolve("app-1.log")));
        assertEquals("two\n", Rig.text(dir.resolve("app-2.log")));
        assertEquals("three\nfour\n", Rig.text(file));
    }

    @Test
    void shouldNameArchivesByTheNewConfigurationsPatternAndStrategy() {
        try (Rig rig = new Rig(element("app-%i.log", EACH, ""))) {
            rig.logger().info("one");
            rig.reconfigure(Rig.xml(element("new-%i.log.gz", EACH, "<DefaultRolloverStrategy max=\"1\"/>")));
            rig.logger().info("two");
            rig.logger().info("three");

            assertEquals(dir.resolve("new-%i.log.gz").toString(), rig.rolling(0).getFilePattern());
        }

        assertEquals(List.of("app.log", "new-1.log.gz"), Archives.names(dir));
        assertEquals("two\n", Archives.text(dir.resolve("new-1.log.gz")));
    }

    @Test
    void shouldBeginTheNextFileAsTheNewConfigurationsLayoutSays() {
        final String framed = element("app-%i.log", "<SizeBasedTriggeringPolicy size=\"3\"/>", "")
                .replace("%m%n\"", "%m%n\" header=\"1%n\" footer=\"2%n\"");
        try (Rig rig = new Rig(framed)) {
            rig.logger().info("one");
            rig.reconfigure(Rig.xml(framed.replace("\"1%n", "\"3%n").replace("\"2%n", "\"4%n")));
            rig.logger().info("two");
        }

        assertEquals("1\none\n4\n", Rig.text(dir.resolve("app-1.log")));
        assertEquals("3\ntwo\n4\n", Rig.text(file));
    }

    @Test
    void shouldSayWhichAttributesComeTooLate() {
        try (Rig rig = new Rig(element("app-%i.log", NEVER, ""))) {
            rig.reconfigure(Rig.xml(
                    element("app-%i.log", NEVER, "").replace(" filePattern", " ringSize=\"64 KiB\" filePattern")));

            final String told = rig.warnings().get(0);
            assertTrue(told.startsWith("RollingIoUringFile " + file + ": ringSize cannot change"), told);
        }
    }

    @Test
    void shouldShareAFileBetweenTwoAppendersUntilTheLastStops() {
        try (Rig rig = new Rig(element("app-%i.log", NEVER, ""), element("app-%i.log", NEVER, ""))) {
            rig.logger().info("both");
            rig.rolling(0).stop();
            rig.rolling(1)
                    .append(Log4jLogEvent.newBuilder()
                            .setMessage(new SimpleMessage("one"))
                            .build());
        }

        assertEquals("both\nboth\none\n", Rig.text(file));
        assertFalse(AbstractManager.hasManager(file.toString()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"File", "RandomAccessFile", "RollingFile", "IoUringFile"})
    void shouldRefuseAFileThatAnotherKindOfAppenderHas(final String kind) {
        final String other = kind.equals("RollingFile")
                ? element("app-%i.log", NEVER, "").replace("RollingIoUringFile", kind)
                : Rig.element(kind, file, "", "<PatternLayout pattern=\"%m%n\"/>");
        try (Rig rig = new Rig(other, element("app-%i.log", NEVER, ""))) {
            rig.logger().info("theirs");

            assertNull(rig.rolling(1));
            assertTrue(
                    rig.errors()
                            .get(0)
                            .contains("RollingIoUringFile \"a1\" does not start: fileName \"" + file + "\" is in use"),
                    rig.errors().toString());
        }

        assertEquals("theirs\n", Rig.text(file));
        assertFalse(AbstractManager.hasManager(file.toString()), "its reference was given back");
    }

    @ParameterizedTest
    @ValueSource(strings = {"File", "RollingFile", "IoUringFile"})
    void shouldKeepItsFileFromAnotherKindOfAppender(final String kind) {
        final String other = kind.equals("RollingFile")
                ? element("app-%i.log", NEVER, "").replace("RollingIoUringFile", kind)
                : Rig.element(kind, file, "", "<PatternLayout pattern=\"%m%n\"/>");
        try (Rig rig = new Rig(element("app-%i.log", NEVER, ""), other)) {
            rig.logger().info("ours");

            assertTrue(
                    rig.errors()
                            .get(0)
                            .contains("is in use by RollingIoUringFile, and no other kind of appender can share it"),
                    rig.errors().toString());
        }

        assertEquals("ours\n", Rig.text(file));
    }
}
