package dev.uringlog.log4j2;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.logging.log4j.core.appender.rolling.DefaultRolloverStrategy;
import org.apache.logging.log4j.core.appender.rolling.RolloverListener;
import org.apache.logging.log4j.core.appender.rolling.SizeBasedTriggeringPolicy;
import org.apache.logging.log4j.core.appender.rolling.action.AbstractAction;
import org.apache.logging.log4j.core.appender.rolling.action.Action;
import org.apache.logging.log4j.core.config.DefaultConfiguration;
import org.apache.logging.log4j.core.impl.Log4jLogEvent;
import org.apache.logging.log4j.core.layout.PatternLayout;
import org.apache.logging.log4j.message.SimpleMessage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of a file that has ended, by each of Log4j's rollover strategies, actions and compressions. */
@Timeout(60)
class RollingStrategyTest {
    /** Each event of ten bytes finds the one before it in the file, and one is enough. */
    private static final String EACH = "<SizeBasedTriggeringPolicy size=\"9\"/>";

    @TempDir
    Path dir;

    private Path file;

    @BeforeEach
    void nameFile() {
        file = dir.resolve("app.log");
    }

    private String attributes(final String pattern) {
        return "fileName=\"" + file + "\" filePattern=\"" + dir.resolve(pattern) + "\"";
    }

    private String direct(final String pattern) {
        return "filePattern=\"" + dir.resolve(pattern) + "\"";
    }

    private static void log(final Rig rig, final int count) {
        for (int i = 0; i < count; i++) {
            rig.logger().info("event-{}--", i);
        }
    }

    @Test
    void shouldKeepSoManyArchivesTheNewestWithTheHighestNumber() {
        try (Rig rig = new Rig(Rig.rolling(attributes("app-%i.log"), EACH, "<DefaultRolloverStrategy max=\"3\"/>"))) {
            log(rig, 6);
        }

        assertEquals(List.of("app-1.log", "app-2.log", "app-3.log", "app.log"), Archives.names(dir));
        assertEquals(List.of("event-2--", "event-3--", "event-4--", "event-5--"), Archives.lines(dir));
    }

    @Test
    void shouldKeepSoManyArchivesTheNewestWithTheLowestNumber() {
        final String strategy = "<DefaultRolloverStrategy max=\"2\" fileIndex=\"min\"/>";
        try (Rig rig = new Rig(Rig.rolling(attributes("app-%i.log"), EACH, strategy))) {
            log(rig, 5);
        }

        assertEquals("event-3--\n", Rig.text(dir.resolve("app-1.log")));
        assertEquals("event-2--\n", Rig.text(dir.resolve("app-2.log")));
        assertEquals(3, Archives.names(dir).size());
    }

    @Test
    void shouldWriteDirectlyIntoFilesNamedByThePattern() {
        try (Rig rig = new Rig(Rig.rolling(direct("app-%i.log"), EACH, ""))) {
            assertEquals(List.of(), Archives.names(dir), "nothing before there is an event");
            log(rig, 3);
        }

        assertEquals(List.of("app-1.log", "app-2.log", "app-3.log"), Archives.names(dir));
        assertEquals(List.of("event-0--", "event-1--", "event-2--"), Archives.lines(dir));
    }

    @Test
    void shouldGoOnInTheNewestFileThatDirectWriteLeft() throws IOException {
        Files.writeString(dir.resolve("app-1.log"), "old\n");
        Files.writeString(dir.resolve("app-2.log"), "new\n");
        try (Rig rig = new Rig(Rig.rolling(direct("app-%i.log"), EACH, ""))) {
            log(rig, 1);
            assertEquals(dir.resolve("app-2.log").toString(), rig.rolling(0).getFileName());
        }

        assertEquals("new\nevent-0--\n", Rig.text(dir.resolve("app-2.log")));
    }

    @Test
    void shouldKeepSoManyFilesOfDirectWrite() {
        final String strategy = "<DirectWriteRolloverStrategy maxFiles=\"2\"/>";
        try (Rig rig = new Rig(Rig.rolling(direct("app-%i.log"), EACH, strategy))) {
            log(rig, 5);
        }

        assertEquals(List.of("event-3--", "event-4--"), Archives.lines(dir));
    }

    @ParameterizedTest
    @ValueSource(strings = {"gz", "zip", "zst", "bz2", "xz"})
    void shouldCompressWhatHasEnded(final String extension) {
        try (Rig rig = new Rig(Rig.rolling(attributes("app-%i.log." + extension), EACH, ""))) {
            log(rig, 3);
            await().until(() ->
                    Archives.names(dir).equals(List.of("app-1.log." + extension, "app-2.log." + extension, "app.log")));
        }

        assertEquals(List.of("event-0--", "event-1--", "event-2--"), Archives.lines(dir));
    }

    @Test
    void shouldCompressWhatDirectWriteHasEnded() {
        try (Rig rig = new Rig(Rig.rolling(direct("app-%i.log.gz"), EACH, ""))) {
            log(rig, 3);
        }

        assertEquals(List.of("app-1.log.gz", "app-2.log.gz", "app-3.log"), Archives.names(dir));
        assertEquals(List.of("event-0--", "event-1--", "event-2--"), Archives.lines(dir));
    }

    @Test
    void shouldDeleteArchivesByTheConditionsOfAnAction() {
        final String strategy = "<DefaultRolloverStrategy fileIndex=\"nomax\"><Delete basePath=\"" + dir
                + "\"><IfFileName glob=\"app-*.log\"><IfAccumulatedFileCount exceeds=\"2\"/></IfFileName></Delete>"
                + "</DefaultRolloverStrategy>";
        try (Rig rig = new Rig(Rig.rolling(attributes("app-%i.log"), EACH, strategy))) {
            log(rig, 6);
        }

        assertEquals(3, Archives.names(dir).size(), Archives.names(dir).toString());
        assertTrue(Archives.lines(dir).contains("event-5--"));
    }

    private RollingIoUringFileAppender withAction(final Action action) {
        final RollingIoUringFileAppender appender = RollingIoUringFileAppender.newBuilder()
                .setName("custom")
                .setFileName(file.toString())
                .setFilePattern(dir.resolve("app-%i.log").toString())
                .setPolicy(SizeBasedTriggeringPolicy.createPolicy("9"))
                .setStrategy(DefaultRolloverStrategy.newBuilder()
                        .setCustomActions(new Action[] {action})
                        .setConfig(new DefaultConfiguration())
                        .build())
                .setLayout(PatternLayout.newBuilder().setPattern("%m%n").build())
                .build();
        appender.start();
        return appender;
    }

    private static void append(final RollingIoUringFileAppender appender, final String message) {
        appender.append(Log4jLogEvent.newBuilder()
                .setTimeMillis(System.currentTimeMillis())
                .setMessage(new SimpleMessage(message))
                .build());
    }

    @Test
    void shouldRunACustomActionWhileTheWriterContinues() throws Exception {
        final CountDownLatch isRunning = new CountDownLatch(1);
        final CountDownLatch mayEnd = new CountDownLatch(1);
        final RollingIoUringFileAppender appender = withAction(new AbstractAction() {
            @Override
            public boolean execute() throws IOException {
                isRunning.countDown();
                try {
                    return mayEnd.await(30, TimeUnit.SECONDS);
                } catch (final InterruptedException e) {
                    throw new IOException(e);
                }
            }
        });
        append(appender, "123456789");
        append(appender, "next");
        assertTrue(isRunning.await(30, TimeUnit.SECONDS));
        appender.flush();

        assertEquals("next\n", Rig.text(file));
        mayEnd.countDown();
        appender.stop();
    }

    @Test
    void shouldTellListenersOfTheManager() {
        final StringBuffer told = new StringBuffer();
        try (Rig rig = new Rig(Rig.rolling(attributes("app-%i.log"), EACH, ""))) {
            rig.rolling(0).getManager().addRolloverListener(new RolloverListener() {
                @Override
                public void rolloverTriggered(final String fileName) {
                    told.append("triggered ").append(Archives.names(dir)).append('\n');
                }

                @Override
                public void rolloverComplete(final String fileName) {
                    told.append("complete ").append(Archives.names(dir)).append('\n');
                }
            });
            log(rig, 2);
        }

        assertEquals("triggered [app.log]\ncomplete [app-1.log, app.log]\n", told.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"app-%i.log", "app-%i.log.gz"})
    void shouldBeginAndEndEachFileAsTheLayoutSays(final String pattern) {
        final String element = Rig.rolling(attributes(pattern), "<SizeBasedTriggeringPolicy size=\"15\"/>", "")
                .replace("%m%n\"", "%m%n\" header=\"BEGIN%n\" footer=\"END%n\"");
        try (Rig rig = new Rig(element)) {
            assertEquals("BEGIN\n", Rig.text(file));
            log(rig, 2);
        }

        assertEquals(List.of("BEGIN", "event-0--", "END", "BEGIN", "event-1--", "END"), Archives.lines(dir));
    }

    @Test
    void shouldBeginAFileThatIsOpenedOnDemandWithTheHeader() {
        final String element = Rig.rolling(direct("app-%i.log"), "<SizeBasedTriggeringPolicy size=\"15\"/>", "")
                .replace("%m%n\"", "%m%n\" header=\"BEGIN%n\" footer=\"END%n\"");
        try (Rig rig = new Rig(element)) {
            log(rig, 2);
        }

        assertEquals(List.of("BEGIN", "event-0--", "END", "BEGIN", "event-1--", "END"), Archives.lines(dir));
    }

    @Test
    void shouldMakeNoFileBeforeThereIsAnEventIfToldSo() {
        try (Rig rig = new Rig(Rig.rolling(attributes("app-%i.log") + " createOnDemand=\"true\"", EACH, ""))) {
            rig.rolling(0).getManager().rollover();
            assertEquals(List.of(), Archives.names(dir));
            log(rig, 2);
        }

        assertEquals(List.of("event-0--", "event-1--"), Archives.lines(dir));
    }

    @Test
    void shouldEmptyTheFirstFileAloneIfToldNotToAppend() throws IOException {
        Files.writeString(file, "of the run before\n");
        try (Rig rig = new Rig(Rig.rolling(attributes("app-%i.log") + " append=\"false\"", EACH, ""))) {
            log(rig, 3);
        }

        assertEquals(List.of("event-0--", "event-1--", "event-2--"), Archives.lines(dir));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "filePermissions=\"rw-r-----\""})
    @DisabledOnOs(OS.WINDOWS)
    void shouldGiveFilesAndArchivesThePermissionsAskedFor(final String permissions) throws IOException {
        try (Rig rig = new Rig(Rig.rolling(attributes("app-%i.log.gz") + " " + permissions, EACH, ""))) {
            log(rig, 3);
        }

        for (final String name : List.of("app-1.log.gz", "app-2.log.gz", "app.log")) {
            assertEquals(
                    permissions.isEmpty() ? "rw-------" : "rw-r-----",
                    PosixFilePermissions.toString(Files.getPosixFilePermissions(dir.resolve(name))),
                    name);
        }
    }

    @Test
    void shouldMakeTheDirectoriesThatAPatternNames() {
        try (Rig rig = new Rig(Rig.rolling(direct("2026/11/app-%i.log"), EACH, ""))) {
            log(rig, 2);
        }

        assertEquals("event-0--\n", Rig.text(dir.resolve("2026/11/app-1.log")));
        assertEquals("event-1--\n", Rig.text(dir.resolve("2026/11/app-2.log")));
    }
}
