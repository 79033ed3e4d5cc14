package dev.uringlog.log4j2;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.appender.rolling.AbstractTriggeringPolicy;
import org.apache.logging.log4j.core.appender.rolling.RollingFileManager;
import org.apache.logging.log4j.core.impl.Log4jLogEvent;
import org.apache.logging.log4j.core.layout.PatternLayout;
import org.apache.logging.log4j.message.SimpleMessage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When a file ends, by each of Log4j's triggering policies and one of an application's. */
@Timeout(60)
class RollingPolicyTest {
    private static final String SIZE = "<SizeBasedTriggeringPolicy size=\"%d\"/>";
    private static final String KEEP_ALL = "<DefaultRolloverStrategy fileIndex=\"nomax\"/>";

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

    private static LogEvent at(final Instant time, final String message) {
        return Log4jLogEvent.newBuilder()
                .setLevel(Level.INFO)
                .setTimeMillis(time.toEpochMilli())
                .setMessage(new SimpleMessage(message))
                .build();
    }

    @Test
    void shouldEndAFileBeforeTheEventThatFindsItTooLarge() {
        try (Rig rig = new Rig(Rig.rolling(attributes("app-%i.log"), SIZE.formatted(29), KEEP_ALL))) {
            for (int i = 0; i < 10; i++) {
                rig.logger().info("event-{}--", i); // 10 bytes
            }
            rig.stop();

            assertEquals(List.of("app-1.log", "app-2.log", "app-3.log", "app.log"), Archives.names(dir));
            assertEquals("event-0--\nevent-1--\nevent-2--\n", Rig.text(dir.resolve("app-1.log")));
            assertEquals("event-9--\n", Rig.text(file));
        }
    }

    @Test
    void shouldCountWhatTheFileHeldBefore() throws Exception {
        Files.writeString(file, "twenty bytes of old\n");
        try (Rig rig = new Rig(Rig.rolling(attributes("app-%i.log"), SIZE.formatted(25), KEEP_ALL))) {
            rig.logger().info("123456789");
            rig.logger().info("next");
        }

        assertEquals("twenty bytes of old\n123456789\n", Rig.text(dir.resolve("app-1.log")));
        assertEquals("next\n", Rig.text(file));
    }

    @Test
    void shouldEndAFileByTheEventsOwnTime() {
        // The file's own time is rounded to a second, so its period is over in two.
        final Instant second = Instant.now().truncatedTo(ChronoUnit.SECONDS).plusSeconds(4);
        try (Rig rig = new Rig(Rig.rolling(attributes("app-%d{ss}{UTC}.log"), "<TimeBasedTriggeringPolicy/>", ""))) {
            await().until(() -> Instant.now().isAfter(second));
            rig.rolling(0).append(at(second.minusMillis(1001), "two seconds before"));
            rig.rolling(0).append(at(second.minusMillis(1), "the second before"));
            rig.rolling(0).append(at(second, "on the second"));
            rig.rolling(0).append(at(second.minusMillis(1), "late, and not turned back for"));
            rig.stop();

            assertEquals("on the second\nlate, and not turned back for\n", Rig.text(file));
            assertTrue(Archives.lines(dir).indexOf("the second before") >= 0);
            final int archive = second.minusSeconds(1).atZone(ZoneOffset.UTC).getSecond();
            final List<String> names = Archives.names(dir);
            assertTrue(names.contains("app-%02d.log".formatted(archive)), names.toString());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {30, 315_360_000})
    void shouldGoOnEndingFilesAfterAnEventWhoseClockIsAhead(final int seconds) {
        final String pattern = "app-%d{yyyy-MM-dd-HH-mm-ss}{UTC}.log";
        try (Rig rig = new Rig(Rig.rolling(attributes(pattern), "<TimeBasedTriggeringPolicy/>", ""))) {
            rig.logger().info("before");
            rig.rolling(0).append(at(Instant.now().plusSeconds(seconds), "ahead"));
            await().until(() -> {
                rig.logger().info("after");
                return Archives.names(dir).size() >= 4;
            });
            rig.stop();

            assertEquals(List.of(), rig.errors());
            final String now = "app-"
                    + DateTimeFormatter.ofPattern("yyyy-MM-dd-HH-mm-ss")
                            .withZone(ZoneOffset.UTC)
                            .format(Instant.now()) + ".log";
            assertTrue(
                    Archives.names(dir).stream()
                            .filter(name -> !name.equals("app.log"))
                            .allMatch(name -> name.compareTo(now) <= 0),
                    Archives.names(dir).toString());
        }
    }

    /** Log4j makes no file before it has an event; a roll of an empty one would give its name to the next. */
    @Test
    void shouldNotRollAFileOfDirectWriteThatNothingWasWrittenTo() {
        final String pattern = "filePattern=\"" + dir.resolve("app-%d{yyyy-MM-dd-HH-mm-ss}-%i.log.gz") + "\"";
        try (Rig rig = new Rig(Rig.rolling(pattern, "<TimeBasedTriggeringPolicy/>", ""))) {
            final Instant start = Instant.now();
            await().until(() -> Instant.now().isAfter(start.plusMillis(1_100)));
            rig.logger().info("first");
            rig.stop();

            assertEquals(List.of(), rig.errors());
        }

        assertEquals(1, Archives.names(dir).size());
        assertEquals(List.of("first"), Archives.lines(dir));
    }

    /** Log4j names a file of direct write by the clock, and counts such files by the time of events. */
    @ParameterizedTest
    @ValueSource(strings = {"", "<SizeBasedTriggeringPolicy size=\"1\"/>"})
    void shouldLoseNoFileOfDirectWriteThatIsNamedLaterThanItsEventsAre(final String bySize) {
        final String pattern = "filePattern=\"" + dir.resolve("app-%d{yyyy-MM-dd-HH-mm-ss}-%i.log.gz") + "\"";
        final String policies = "<Policies><TimeBasedTriggeringPolicy/>" + bySize + "</Policies>";
        try (Rig rig = new Rig(Rig.rolling(pattern, policies, ""))) {
            final Instant start = Instant.now();
            await().until(() -> Instant.now().isAfter(start.plusMillis(1_100)));
            rig.rolling(0).append(at(start, "a"));
            rig.rolling(0).append(at(start, "b"));
            rig.rolling(0).append(at(start, "c"));
            rig.logger().info("d");
            rig.logger().info("e");
            rig.stop();

            assertEquals(List.of(), rig.errors());
        }

        assertEquals(List.of("a", "b", "c", "d", "e"), Archives.lines(dir));
    }

    @Test
    void shouldGoOnJudgingWhenDirectWriteComesBackToTheSameFile() {
        final String pattern = "filePattern=\"" + dir.resolve("app-%d{yyyy}.log") + "\"";
        final List<String> expected = new ArrayList<>();
        try (Rig rig = new Rig(Rig.rolling(pattern, SIZE.formatted(9), ""))) {
            for (int i = 0; i < 5; i++) {
                rig.logger().info("event-{}--", i);
                expected.add("event-" + i + "--");
            }
            rig.stop();

            assertEquals(List.of(), rig.errors());
        }

        assertEquals(1, Archives.names(dir).size());
        assertEquals(expected, Archives.lines(dir));
    }

    @Test
    void shouldEndAFileByWhicheverOfSeveralPoliciesIsFirst() {
        final String both = "<TimeBasedTriggeringPolicy/>" + SIZE.formatted(15);
        final Instant now = Instant.now();
        try (Rig rig = new Rig(Rig.rolling(attributes("app-%d{yyyyMMddHHmmss}-%i.log"), both, ""))) {
            rig.rolling(0).append(at(now, "123456789"));
            rig.rolling(0).append(at(now, "full now"));
            rig.rolling(0).append(at(now, "by size"));
            await().until(() -> Instant.now().isAfter(now.plusSeconds(2)));
            rig.rolling(0).append(at(now.plusSeconds(2), "by time"));
        }

        assertEquals(3, Archives.names(dir).size(), Archives.names(dir).toString());
        assertEquals("by time\n", Rig.text(file));
        assertEquals(List.of("123456789", "full now", "by size", "by time"), Archives.lines(dir));
    }

    @Test
    void shouldEndAFileWhenTheClockSaysSoWithoutAnEvent() {
        final String everySecond = "<CronTriggeringPolicy schedule=\"* * * * * ?\"/>";
        try (Rig rig = new Rig(Rig.rolling(attributes("app-%d{yyyyMMdd-HHmmss}.log"), everySecond, ""))) {
            rig.logger().info("first");
            await().until(() -> Archives.names(dir).size() == 2 && Files.size(file) == 0);
            rig.logger().info("second");
        }

        assertEquals(List.of("first", "second"), Archives.lines(dir));
    }

    @Test
    void shouldBeginANewFileWithTheJvmIfToldTo() throws Exception {
        Files.writeString(file, "of the run before\n");
        // Log4j compares whole seconds.
        final long second = (Files.getLastModifiedTime(file).to(TimeUnit.MILLISECONDS) + 500) / 1000 * 1000;
        await().pollDelay(Duration.ZERO).until(() -> System.currentTimeMillis() > second);

        Startup.inAnotherJvm(attributes("app-%i.log"));
        assertEquals("of the run before\n", Rig.text(dir.resolve("app-1.log")));
        assertEquals("BEGIN\nof the new run\nEND\n", Rig.text(file));
    }

    /** Logs one event in a JVM of its own. */
    static final class Startup {
        private Startup() {}

        static void inAnotherJvm(final String attributes) throws Exception {
            final Process process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            System.getProperty("java.class.path"),
                            Startup.class.getName(),
                            attributes)
                    .inheritIO()
                    .start();
            assertTrue(process.waitFor(50, TimeUnit.SECONDS));
            assertEquals(0, process.exitValue());
        }

        public static void main(final String[] arguments) {
            final String element = Rig.rolling(arguments[0], "<OnStartupTriggeringPolicy/>", KEEP_ALL)
                    .replace("%m%n\"", "%m%n\" header=\"BEGIN%n\" footer=\"END%n\"");
            try (Rig rig = new Rig(element)) {
                rig.logger().info("of the new run");
            }
        }
    }

    /** Rolls before an event that would make the file too large, and remembers what it was shown. */
    private static final class BeforeTooLarge extends AbstractTriggeringPolicy {
        private final List<LogEvent> shown = new CopyOnWriteArrayList<>();
        private final List<Thread> threads = new CopyOnWriteArrayList<>();
        private RollingFileManager manager;

        @Override
        public void initialize(final RollingFileManager given) {
            manager = given;
        }

        @Override
        public boolean isTriggeringEvent(final LogEvent event) {
            shown.add(event.toImmutable());
            threads.add(Thread.currentThread());
            return manager.getFileSize() + ((JudgedEvent) event).getLength() > 20;
        }
    }

    private RollingIoUringFileAppender build(final AbstractTriggeringPolicy policy) {
        final RollingIoUringFileAppender appender = RollingIoUringFileAppender.newBuilder()
                .setName("custom")
                .setFileName(file.toString())
                .setFilePattern(dir.resolve("app-%i.log").toString())
                .setPolicy(policy)
                .setLayout(PatternLayout.newBuilder().setPattern("%m%n").build())
                .build();
        appender.start();
        return appender;
    }

    @Test
    void shouldShowAPolicyOfOnesOwnTheTimeAndTheLengthOnTheWritersThread() {
        final BeforeTooLarge policy = new BeforeTooLarge();
        final RollingIoUringFileAppender appender = build(policy);
        final Instant time = Instant.ofEpochSecond(1_234_567_890);
        appender.append(at(time, "123456789"));
        appender.append(at(time, "fits just"));
        appender.append(at(time, "no more"));
        appender.stop();

        assertEquals("123456789\nfits just\n", Rig.text(dir.resolve("app-1.log")));
        assertEquals("no more\n", Rig.text(file));
        assertEquals(3, policy.shown.size());
        assertEquals(time, Instant.ofEpochMilli(policy.shown.get(0).getTimeMillis()));
        assertEquals("", policy.shown.get(0).getMessage().getFormattedMessage());
        assertEquals(Level.OFF, policy.shown.get(0).getLevel());
        assertTrue(policy.threads.stream().noneMatch(Thread.currentThread()::equals));
    }

    /** Calls the manager instead of answering. */
    private static final class RollsByItself extends AbstractTriggeringPolicy {
        private RollingFileManager manager;

        @Override
        public void initialize(final RollingFileManager given) {
            manager = given;
        }

        @Override
        public boolean isTriggeringEvent(final LogEvent event) {
            if (event.getTimeMillis() == 2) {
                manager.rollover();
            }
            return false;
        }
    }

    @Test
    void shouldRollForAPolicyThatCallsTheManagerItself() {
        final RollingIoUringFileAppender appender = build(new RollsByItself());
        appender.append(at(Instant.ofEpochMilli(1), "before"));
        appender.append(at(Instant.ofEpochMilli(2), "after"));
        appender.stop();

        assertEquals("before\n", Rig.text(dir.resolve("app-1.log")));
        assertEquals("after\n", Rig.text(file));
    }

    /** Throws up at every other event. */
    private static final class Broken extends AbstractTriggeringPolicy {
        private int count;

        @Override
        public void initialize(final RollingFileManager manager) {}

        @Override
        public boolean isTriggeringEvent(final LogEvent event) {
            if (count++ % 2 == 0) {
                throw new IllegalStateException("broken policy");
            }
            return false;
        }
    }

    @Test
    void shouldWriteEveryEventThoughThePolicyThrows() {
        final List<String> expected = new ArrayList<>();
        final RollingIoUringFileAppender appender = build(new Broken());
        for (int i = 0; i < 10; i++) {
            appender.append(at(Instant.now(), "event " + i));
            expected.add("event " + i);
        }
        appender.stop();

        assertEquals(expected, Rig.lines(file));
    }

    @Test
    void shouldRollAfterWhatWasLoggedBeforeAProgramSaysSo() {
        try (Rig rig = new Rig(Rig.rolling(attributes("app-%i.log"), SIZE.formatted(1_000_000), KEEP_ALL))) {
            for (int i = 1; i <= 5; i++) {
                rig.logger().info("event {}", i);
                rig.rolling(0).getManager().rollover();

                assertEquals("event " + i + "\n", Rig.text(dir.resolve("app-" + i + ".log")));
                assertEquals(0, rig.rolling(0).getManager().getFileSize());
            }
            assertEquals(List.of(), rig.errors());
        }
    }

    @Test
    void shouldTellAProgramTheSizeWithWhatIsOnItsWay() {
        try (Rig rig =
                new Rig(Rig.rolling(attributes("app-%i.log") + " maxDelay=\"1 min\"", SIZE.formatted(1_000_000), ""))) {
            rig.logger().info("123456789");

            assertEquals(10, rig.rolling(0).getManager().getFileSize());
            assertEquals(file.toString(), rig.rolling(0).getFileName());
            assertEquals(dir.resolve("app-%i.log").toString(), rig.rolling(0).getFilePattern());
        }
    }
}
