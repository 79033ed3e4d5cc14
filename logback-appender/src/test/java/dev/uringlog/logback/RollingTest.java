package dev.uringlog.logback;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.rolling.DefaultTimeBasedFileNamingAndTriggeringPolicy;
import ch.qos.logback.core.rolling.FixedWindowRollingPolicy;
import ch.qos.logback.core.rolling.TimeBasedRollingPolicy;
import ch.qos.logback.core.util.FileSize;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Logback's policies, each with what it promises: which event is in which file, and which files stay. */
class RollingTest {
    private static final LocalDate DAY = LocalDate.of(2021, 7, 1);

    @TempDir
    Path directory;

    private final Rig rig = new Rig();

    @AfterEach
    void stop() {
        rig.context.stop();
    }

    private Path path(final String name) {
        return directory.resolve(name);
    }

    private RollingIoUringFileAppender<String> strings(final String file) {
        return rig.rolling(file == null ? null : path(file), new TestEncoder<>(TestEncoder::utf8));
    }

    private static long noon(final LocalDate day) {
        return day.atTime(LocalTime.NOON).toInstant(ZoneOffset.UTC).toEpochMilli();
    }

    private ILoggingEvent event(final String message, final long timeMillis) {
        final LoggingEvent event =
                new LoggingEvent("test", rig.context.getLogger("test"), Level.INFO, message, null, null);
        event.setInstant(Instant.ofEpochMilli(timeMillis));
        return event;
    }

    private void assertFiles(final String... namesAndTexts) throws Exception {
        final List<String> expected = IntStream.range(0, namesAndTexts.length / 2)
                .mapToObj(i -> namesAndTexts[2 * i])
                .toList();
        assertEquals(expected, RollingPolicies.names(directory));
        for (int i = 0; i < namesAndTexts.length; i += 2) {
            assertEquals(namesAndTexts[i + 1], RollingPolicies.text(path(namesAndTexts[i])), namesAndTexts[i]);
        }
        assertEquals(List.of(), rig.errors());
    }

    @Test
    void shouldRollExactlyWhereAFileIsFull() throws Exception {
        final RollingIoUringFileAppender<String> appender = strings("a.log");
        RollingPolicies.inAWindow(appender, path("a.%i.log"), 3, 20);
        appender.start();
        for (int i = 0; i < 9; i++) {
            appender.doAppend("event " + i + "  \n"); // 10 bytes.
        }
        appender.stop();
        assertFiles(
                "a.1.log",
                "event 6  \nevent 7  \n",
                "a.2.log",
                "event 4  \nevent 5  \n",
                "a.3.log",
                "event 2  \nevent 3  \n",
                "a.log",
                "event 8  \n");
    }

    @Test
    void shouldCountWhatAFileHeldBefore() throws Exception {
        Files.writeString(path("a.log"), "a line of 19 chars\n");
        final RollingIoUringFileAppender<String> appender = strings("a.log");
        RollingPolicies.inAWindow(appender, path("a.%i.log"), 3, 20);
        appender.start();
        appender.doAppend("x\n");
        appender.doAppend("y\n");
        appender.stop();
        assertFiles("a.1.log", "a line of 19 chars\nx\n", "a.log", "y\n");
    }

    @Test
    void shouldGiveEachEventToThePeriodOfItsOwnTime() throws Exception {
        startAt(DAY);
        final RollingIoUringFileAppender<ILoggingEvent> appender = rig.rolling(path("a.log"), rig.pattern("%msg%n"));
        RollingPolicies.byTime(appender, path("a.%d{yyyy-MM-dd, UTC}.log"), policy -> {});
        appender.start();
        for (int day = 0; day < 3; day++) { // All are appended by the time that the first is written, or nearly.
            appender.doAppend(event("early " + day, noon(DAY.plusDays(day))));
            appender.doAppend(event(
                    "late " + day,
                    noon(DAY.plusDays(day)) + Duration.ofHours(11).toMillis()));
        }
        appender.doAppend(event("straggler", noon(DAY)));
        appender.stop();
        assertFiles(
                "a.2021-07-01.log",
                "early 0\nlate 0\n",
                "a.2021-07-02.log",
                "early 1\nlate 1\n",
                "a.log",
                "early 2\nlate 2\nstraggler\n");
    }

    @ParameterizedTest
    @CsvSource({"false, PT30S", "false, P3650D", "true, PT30S", "true, P3650D"})
    void shouldGoOnRollingAfterAnEventWhoseClockIsAhead(final boolean isBySize, final Duration ahead) throws Exception {
        final RollingIoUringFileAppender<ILoggingEvent> appender = rig.rolling(path("a.log"), rig.pattern("%msg%n"));
        if (isBySize) {
            RollingPolicies.bySizeAndTime(appender, path("a.%d{yyyy-MM-dd-HH-mm-ss, UTC}.%i.log"), 1_000_000);
        } else {
            RollingPolicies.byTime(appender, path("a.%d{yyyy-MM-dd-HH-mm-ss, UTC}.log"), policy -> {});
        }
        appender.start();
        appender.doAppend(event("before", System.currentTimeMillis()));
        appender.doAppend(event("ahead", System.currentTimeMillis() + ahead.toMillis()));
        Awaitility.await().until(() -> {
            appender.doAppend(event("after", System.currentTimeMillis()));
            return RollingPolicies.names(directory).size() >= 4;
        });
        appender.stop();
        final String now = "a."
                + DateTimeFormatter.ofPattern("yyyy-MM-dd-HH-mm-ss")
                        .withZone(ZoneOffset.UTC)
                        .format(Instant.now());
        for (final String name : RollingPolicies.names(directory)) {
            assertTrue(name.equals("a.log") || name.compareTo(now) <= 0, name);
        }
        assertEquals(List.of(), rig.errors());
    }

    /** Logback takes the period to be that in which the file was written last. */
    private void startAt(final LocalDate day) throws Exception {
        assertTrue(Files.createFile(path("a.log")).toFile().setLastModified(noon(day)));
    }

    @Test
    void shouldRollAFileOfAnEarlierPeriodAtTheFirstEvent() throws Exception {
        final Path file = Files.writeString(path("a.log"), "old\n");
        assertTrue(file.toFile().setLastModified(noon(LocalDate.of(2020, 2, 29))));
        final RollingIoUringFileAppender<String> appender = strings("a.log");
        RollingPolicies.byTime(appender, path("a.%d{yyyy-MM-dd, UTC}.log"), policy -> {});
        appender.start();
        appender.doAppend("new\n");
        appender.stop();
        assertFiles("a.2020-02-29.log", "old\n", "a.log", "new\n");
    }

    @Test
    void shouldNameTheFileByThePatternWhereNoFileIsSet() throws Exception {
        final RollingIoUringFileAppender<String> appender = strings(null);
        final TimeBasedRollingPolicy<String> policy =
                RollingPolicies.byTime(appender, path("a.%d{yyyy-MM-dd, UTC}.log"), RollingTest::stopTheClock);
        appender.start();
        appender.doAppend("one\n");
        policy.getTimeBasedFileNamingAndTriggeringPolicy().setCurrentTime(noon(DAY.plusDays(1)));
        appender.doAppend("two\n");
        appender.flush();
        assertEquals(path("a.2021-07-02.log").toString(), appender.getFile());
        appender.stop();
        assertFiles("a.2021-07-01.log", "one\n", "a.2021-07-02.log", "two\n");
    }

    @Test
    void shouldTellTimeByTheClockThatATestHasSet() throws Exception {
        final RollingIoUringFileAppender<String> appender = strings("a.log");
        final TimeBasedRollingPolicy<String> policy =
                RollingPolicies.byTime(appender, path("a.%d{yyyy-MM-dd, UTC}.log"), RollingTest::stopTheClock);
        appender.start();
        for (int day = 0; day < 3; day++) {
            policy.getTimeBasedFileNamingAndTriggeringPolicy().setCurrentTime(noon(DAY.plusDays(day)));
            appender.doAppend("day " + day + "\n");
        }
        appender.stop();
        assertFiles("a.2021-07-01.log", "day 0\n", "a.2021-07-02.log", "day 1\n", "a.log", "day 2\n");
    }

    private static <E> void stopTheClock(final TimeBasedRollingPolicy<E> policy) {
        final DefaultTimeBasedFileNamingAndTriggeringPolicy<E> clock =
                new DefaultTimeBasedFileNamingAndTriggeringPolicy<E>();
        clock.setCurrentTime(noon(DAY));
        policy.setTimeBasedFileNamingAndTriggeringPolicy(clock);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".gz", ".zip"})
    void shouldRollBySizeWithinAPeriodAndRestartCountingInTheNext(final String suffix) throws Exception {
        startAt(DAY);
        final RollingIoUringFileAppender<ILoggingEvent> appender = rig.rolling(path("a.log"), rig.pattern("%msg%n"));
        RollingPolicies.bySizeAndTime(appender, path("a.%d{yyyy-MM-dd, UTC}.%i.log" + suffix), 10);
        appender.start();
        for (int i = 0; i < 5; i++) {
            appender.doAppend(event("today " + i, noon(DAY))); // 8 bytes.
        }
        for (int i = 0; i < 3; i++) {
            appender.doAppend(event("tomorrow " + i, noon(DAY.plusDays(1))));
        }
        appender.stop();
        Awaitility.await()
                .untilAsserted(() -> assertFiles( // Logback compresses on threads of its own.
                        "a.2021-07-01.0.log" + suffix,
                        "today 0\ntoday 1\n",
                        "a.2021-07-01.1.log" + suffix,
                        "today 2\ntoday 3\n",
                        "a.2021-07-01.2.log" + suffix,
                        "today 4\n",
                        "a.2021-07-02.0.log" + suffix,
                        "tomorrow 0\n",
                        "a.2021-07-02.1.log" + suffix,
                        "tomorrow 1\n",
                        "a.log",
                        "tomorrow 2\n"));
    }

    @ParameterizedTest
    @ValueSource(strings = {".gz", ".zip"})
    void shouldCompressInAWindow(final String suffix) throws Exception {
        final RollingIoUringFileAppender<String> appender = strings("a.log");
        RollingPolicies.inAWindow(appender, path("a.%i.log" + suffix), 2, 1);
        appender.start();
        for (int i = 0; i < 4; i++) {
            appender.doAppend("event " + i + "\n");
        }
        appender.stop();
        assertFiles("a.1.log" + suffix, "event 2\n", "a.2.log" + suffix, "event 1\n", "a.log", "event 3\n");
    }

    @Test
    void shouldEndEachFileWithTheFooterAndBeginEachWithTheHeader() throws Exception {
        final RollingIoUringFileAppender<String> appender = rig.rolling(
                path("a.log"),
                new TestEncoder<String>(TestEncoder::utf8).header("head\n").footer("foot\n"));
        RollingPolicies.inAWindow(appender, path("a.%i.log"), 5, 9);
        appender.start();
        for (int i = 0; i < 5; i++) {
            appender.doAppend(i + "\n");
        }
        appender.stop();
        assertFiles("a.1.log", "head\n2\n3\nfoot\n", "a.2.log", "head\n0\n1\nfoot\n", "a.log", "head\n4\nfoot\n");
    }

    /** A day and a file each; the clock is a test's, and each call returns when its roll is done. */
    private void logDays(final int days, final String pattern, final int history, final long cap) throws Exception {
        final RollingIoUringFileAppender<String> appender = strings("a.log");
        appender.setDurability("KERNEL");
        final TimeBasedRollingPolicy<String> policy = RollingPolicies.byTime(appender, path(pattern), p -> {
            stopTheClock(p);
            p.setMaxHistory(history);
            if (cap > 0) {
                p.setTotalSizeCap(new FileSize(cap));
            }
        });
        appender.start();
        for (int day = 0; day < days; day++) {
            policy.getTimeBasedFileNamingAndTriggeringPolicy().setCurrentTime(noon(DAY.plusDays(day)));
            appender.doAppend("day " + day + "\n");
            settle();
        }
        appender.stop();
        settle();
    }

    /** Logback removes archives on threads of its own, and not one after the other. */
    private void settle() {
        final ThreadPoolExecutor executor = (ThreadPoolExecutor) rig.context.getExecutorService();
        Awaitility.await()
                .until(() ->
                        executor.getActiveCount() == 0 && executor.getQueue().isEmpty());
    }

    @Test
    void shouldKeepAsManyPeriodsAsMaxHistorySays() throws Exception {
        logDays(8, "a.%d{yyyy-MM-dd, UTC}.log", 3, 0);
        assertFiles(
                "a.2021-07-05.log",
                "day 4\n",
                "a.2021-07-06.log",
                "day 5\n",
                "a.2021-07-07.log",
                "day 6\n",
                "a.log",
                "day 7\n");
    }

    @Test
    void shouldKeepNoMoreThanTotalSizeCapSays() throws Exception {
        logDays(8, "a.%d{yyyy-MM-dd, UTC}.log", 7, 12);
        assertFiles("a.2021-07-06.log", "day 5\n", "a.2021-07-07.log", "day 6\n", "a.log", "day 7\n");
    }

    @Test
    void shouldCleanHistoryOnStartWhereToldSo() throws Exception {
        Files.writeString(path("a.2021-06-20.log"), "stale\n");
        Files.writeString(path("a.2021-06-30.log"), "fresh\n");
        final RollingIoUringFileAppender<String> appender = strings("a.log");
        RollingPolicies.byTime(appender, path("a.%d{yyyy-MM-dd, UTC}.log"), policy -> {
            stopTheClock(policy);
            policy.setMaxHistory(3);
            policy.setCleanHistoryOnStart(true);
        });
        appender.start();
        appender.doAppend("x\n");
        appender.stop();
        Awaitility.await().untilAsserted(() -> assertFiles("a.2021-06-30.log", "fresh\n", "a.log", "x\n"));
    }

    @Test
    void shouldRollWhenAskedTo() throws Exception {
        final RollingIoUringFileAppender<String> appender = strings("a.log");
        final FixedWindowRollingPolicy policy = RollingPolicies.inAWindow(appender, path("a.%i.log"), 3, 1_000);
        appender.start();
        for (int i = 0; i < 3; i++) {
            appender.doAppend(i + "\n");
            appender.rollover();
            assertEquals(i + "\n", Files.readString(path("a.1.log")), "it is done on return");
        }
        appender.stop();
        assertFiles("a.1.log", "2\n", "a.2.log", "1\n", "a.3.log", "0\n", "a.log", "");
        assertFalse(policy.isStarted());
    }

    @Test
    void shouldRollWhenAskedToWithinAPeriodThatHasRoomForIt() throws Exception {
        startAt(DAY);
        final RollingIoUringFileAppender<String> appender = strings("a.log");
        RollingPolicies.bySizeAndTime(appender, path("a.%d{yyyy-MM, UTC}.%i.log"), 1_000)
                .getTimeBasedFileNamingAndTriggeringPolicy()
                .setCurrentTime(noon(DAY));
        appender.start();
        for (int i = 0; i < 3; i++) {
            appender.doAppend(i + "\n");
            appender.rollover();
        }
        appender.stop();
        assertFiles("a.2021-07.0.log", "0\n", "a.2021-07.1.log", "1\n", "a.2021-07.2.log", "2\n", "a.log", "");
    }

    @Test
    void shouldNotReplaceAnArchiveBecauseItIsAskedToRoll() throws Exception {
        Files.writeString(path("a.2021-07-01.log"), "of this very day\n");
        final RollingIoUringFileAppender<String> appender = strings("a.log");
        RollingPolicies.byTime(appender, path("a.%d{yyyy-MM-dd, UTC}.log"), RollingTest::stopTheClock);
        appender.start();
        appender.doAppend("0\n");
        appender.rollover();
        appender.doAppend("1\n");
        appender.stop();
        final List<String> errors = rig.errors();
        assertEquals(1, errors.size(), errors::toString);
        assertTrue(errors.get(0).contains("fileNamePattern with an index"), errors::toString);
        assertEquals("of this very day\n", Files.readString(path("a.2021-07-01.log")));
        assertEquals("0\n1\n", Files.readString(path("a.log")));
    }

    @Test
    void shouldRollWhenAskedToAfterAPeriodWithoutEvents() throws Exception {
        final RollingIoUringFileAppender<String> appender = strings("a.log");
        final TimeBasedRollingPolicy<String> policy =
                RollingPolicies.byTime(appender, path("a.%d{yyyy-MM-dd, UTC}.log"), RollingTest::stopTheClock);
        appender.start();
        appender.doAppend("0\n");
        policy.getTimeBasedFileNamingAndTriggeringPolicy().setCurrentTime(noon(DAY.plusDays(1)));
        appender.rollover();
        assertFiles("a.2021-07-01.log", "0\n", "a.log", "");
        appender.stop();
    }

    /** The policy says once that a period is over. */
    @Test
    void shouldTryAgainToRollWhereTheFooterCouldNotBeMade() throws Exception {
        final AtomicInteger footers = new AtomicInteger();
        final RollingIoUringFileAppender<String> appender =
                rig.rolling(path("a.log"), new TestEncoder<String>(TestEncoder::utf8) {
                    @Override
                    public byte[] footerBytes() {
                        if (footers.getAndIncrement() == 0) {
                            throw new IllegalStateException("not yet");
                        }
                        return TestEncoder.utf8("foot\n");
                    }
                });
        final TimeBasedRollingPolicy<String> policy =
                RollingPolicies.byTime(appender, path("a.%d{yyyy-MM-dd, UTC}.log"), RollingTest::stopTheClock);
        appender.start();
        appender.doAppend("day\n");
        policy.getTimeBasedFileNamingAndTriggeringPolicy().setCurrentTime(noon(DAY.plusDays(1)));
        Awaitility.await().until(() -> {
            appender.doAppend("next\n");
            return footers.get() > 1;
        });
        appender.stop();
        final String first = Files.readString(path("a.2021-07-01.log"));
        assertTrue(first.startsWith("day\nnext\n") && first.endsWith("next\nfoot\n"), first);
        assertEquals(3, footers.get());
        assertEquals(1, rig.errors().size(), rig.errors()::toString);
    }
}
