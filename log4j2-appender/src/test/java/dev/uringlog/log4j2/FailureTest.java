package dev.uringlog.log4j2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.logging.log4j.core.Appender;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.AppenderLoggingException;
import org.apache.logging.log4j.core.impl.Log4jLogEvent;
import org.apache.logging.log4j.message.SimpleMessage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which callers get an error for an event that cannot be taken, and which error. */
class FailureTest {
    @TempDir
    Path dir;

    private Path blocked() throws IOException {
        final Path inTheWay = Files.writeString(dir.resolve("in-the-way"), "");
        return inTheWay.resolve("app.log");
    }

    @Test
    void shouldThrowOnTheCallersThreadWhenToldNotToIgnoreExceptions() throws IOException {
        final Path file = blocked();
        try (Rig rig = new Rig(Rig.lines(file, "createOnDemand=\"true\" ignoreExceptions=\"false\""))) {
            final AppenderLoggingException thrown = assertThrows(
                    AppenderLoggingException.class, () -> rig.logger().info("a secret"));

            assertTrue(thrown.getMessage().contains("cannot open " + file), thrown.getMessage());
            assertTrue(rig.errors().stream().noneMatch(line -> line.contains("secret")));
        }
    }

    @Test
    void shouldLetAnotherAppenderTakeOver() throws IOException {
        final Path backup = dir.resolve("backup.log");
        final String xml = "<Configuration><Appenders>"
                + Rig.lines(blocked(), "name=\"primary\" createOnDemand=\"true\" ignoreExceptions=\"false\"")
                + Rig.lines(backup, "name=\"backup\"")
                + "<Failover name=\"failover\" primary=\"primary\"><Failovers><AppenderRef ref=\"backup\"/></Failovers>"
                + "</Failover></Appenders><Loggers><Root level=\"info\"><AppenderRef ref=\"failover\"/></Root></Loggers>"
                + "</Configuration>";
        try (Rig rig = new Rig(new LoggerContext("failover"), xml)) {
            rig.logger().info("saved");
        }

        assertEquals("saved\n", Rig.text(backup));
    }

    @Test
    void shouldSayAFailureAFewTimesAndThenKeepQuiet() throws IOException {
        try (Rig rig = new Rig(Rig.lines(blocked(), "createOnDemand=\"true\""))) {
            IntStream.range(0, 1_000).forEach(i -> rig.logger().info("a secret"));

            final List<String> told = rig.errors();
            assertTrue(!told.isEmpty() && told.size() <= 5, told.toString());
            assertTrue(told.stream().noneMatch(line -> line.contains("secret")), told.toString());
        }
    }

    @Test
    void shouldRefuseEventsOnceTheFileIsClosed() {
        final Path file = dir.resolve("app.log");
        final Appender appender;
        try (Rig rig = new Rig(Rig.lines(file, ""))) {
            appender = rig.appender(0);
        }

        assertThrows(
                AppenderLoggingException.class,
                () -> appender.append(Log4jLogEvent.newBuilder()
                        .setMessage(new SimpleMessage("late"))
                        .build()));
        assertEquals("", Rig.text(file));
    }

    @Test
    void shouldCountAnEventThatCannotBeEncodedForLackOfMemory() {
        try (Rig rig = new Rig(Rig.lines(dir.resolve("app.log"), ""))) {
            final AbstractIoUringAppender appender = rig.appender(0);
            final Log4jLogEvent event =
                    Log4jLogEvent.newBuilder().setMessage(new Unformattable()).build();

            assertThrows(AppenderLoggingException.class, () -> appender.append(event));
            assertEquals(1, appender.statistics().discarded());
            assertEquals(0, appender.statistics().accepted());
        }
    }

    private static final class Unformattable extends SimpleMessage {
        private static final long serialVersionUID = 1;

        @Override
        public void formatTo(final StringBuilder buffer) {
            throw new OutOfMemoryError("Java heap space");
        }
    }

    @Test
    void shouldNotTouchAFileThatASymbolicLinkPointsTo() throws IOException {
        final Path target = Files.writeString(dir.resolve("target"), "precious\n");
        final Path link = Files.createSymbolicLink(dir.resolve("link.log"), target);
        try (Rig rig = new Rig(Rig.lines(link, "append=\"false\""))) {
            rig.logger().info("x");

            assertTrue(
                    rig.errors().get(0).contains("cannot open " + link),
                    rig.errors().toString());
        }

        assertEquals("precious\n", Rig.text(target));
    }
}
