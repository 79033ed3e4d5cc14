package dev.uringlog.log4j2;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.uringlog.append.AppendStatistics;
import dev.uringlog.append.Durability;
import dev.uringlog.log4j2.Disk.Trouble;
import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.MarkerManager;
import org.apache.logging.log4j.core.LoggerContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls that wait inside an appender whose file takes nothing: what ends them, and what comes of their events. */
@Timeout(60)
class BlockedCallerTest {
    private static final int CALLERS = 3;
    private static final Duration STOP_MAX = Duration.ofSeconds(20);
    private static final int TERMINATED = 128 + 15;
    private static final String ATTRIBUTES = "ringSize=\"4 KiB\" shutdownTimeout=\"1 s\" ";
    private static final String LINE = "x".repeat(100);

    @TempDir
    Path dir;

    private final List<Thread> callers = new ArrayList<>();
    private final AtomicBoolean isEnough = new AtomicBoolean();

    @AfterEach
    void awaitCallers() throws InterruptedException {
        for (final Thread caller : callers) {
            caller.join();
        }
    }

    private static String appender(final boolean isRolling, final Path file, final String attributes) {
        return isRolling
                ? Rig.rolling(
                        "fileName=\"" + file + "\" filePattern=\"" + file + ".%i\" " + attributes,
                        "<SizeBasedTriggeringPolicy size=\"100 MB\"/>",
                        "")
                : Rig.lines(file, attributes);
    }

    private static AppendStatistics statistics(final AbstractIoUringAppender appender) {
        return appender.statistics();
    }

    private void block(final Rig rig, final AbstractIoUringAppender appender) {
        for (int i = 0; i < CALLERS; i++) {
            final Thread caller = new Thread(() -> {
                while (rig.logger().isInfoEnabled()) {
                    rig.logger().info(LINE);
                }
            });
            callers.add(caller);
            caller.start();
        }
        await().until(() -> statistics(appender).blocked() >= CALLERS);
    }

    private static void assertSettled(final AppendStatistics s) {
        assertEquals(s.accepted(), s.written() + s.dropped() + s.failed(), s.toString());
    }

    private static Stream<Object[]> everyTroubleOfEachAppender() {
        return Stream.of(Trouble.values()).flatMap(t -> Stream.of(new Object[] {t, false}, new Object[] {t, true}));
    }

    @ParameterizedTest
    @MethodSource("everyTroubleOfEachAppender")
    void shouldEndWhenTheContextIsStopped(final Trouble trouble, final boolean isRolling) throws Exception {
        try (Disk disk = new Disk(dir, trouble)) {
            final Path file = disk.file();
            final Rig rig = new Rig(appender(isRolling, file, ATTRIBUTES));
            final AbstractIoUringAppender appender = rig.configuration().getAppender("a0");
            rig.logger().info("before");
            appender.flush();
            disk.befall();
            block(rig, appender);
            final long start = System.nanoTime();
            rig.stop();
            assertTrue(System.nanoTime() - start < STOP_MAX.toNanos(), "it took too long");
            awaitCallers();
            final AppendStatistics s = statistics(appender);
            assertSettled(s);
            assertTrue(s.failed() > 0, s.toString());
            assertTrue(s.discarded() >= CALLERS, s.toString());
            final String told = rig.errors().toString() + rig.warnings();
            assertTrue(told.contains(s.failed() + " events"), told + s);
            assertTrue(told.contains("discarded"), told);
            if (trouble == Trouble.HUNG) {
                disk.recover();
            }
            rig.close();
        }
    }

    @Test
    void shouldEndWhenTheContextIsStoppedWithATimeoutOfItsOwn() throws Exception {
        try (Disk disk = new Disk(dir, Trouble.FULL);
                Rig rig = new Rig(Rig.lines(disk.file(), ATTRIBUTES))) {
            final IoUringFileAppender appender = rig.appender(0);
            disk.befall();
            block(rig, appender);
            final long start = System.nanoTime();
            rig.stop(Duration.ofSeconds(1));
            assertTrue(System.nanoTime() - start < STOP_MAX.toNanos(), "it took too long");
            awaitCallers();
            assertSettled(statistics(appender));
            assertTrue(statistics(appender).failed() > 0);
        }
    }

    /** Each call before the last fails at once, and leaves its event in the ring. */
    @ParameterizedTest
    @EnumSource(
            value = Durability.class,
            names = {"KERNEL", "DISK"})
    void shouldEndWhenTheContextIsStoppedAlsoWhereCallsWaitForTheirEvents(final Durability durability)
            throws Exception {
        try (Disk disk = new Disk(dir, Trouble.FULL);
                Rig rig = new Rig(Rig.lines(disk.file(), ATTRIBUTES + "durability=\"" + durability + '"'))) {
            final IoUringFileAppender appender = rig.appender(0);
            disk.befall();
            block(rig, appender);
            final long start = System.nanoTime();
            rig.stop();
            assertTrue(System.nanoTime() - start < STOP_MAX.toNanos(), "it took too long");
            awaitCallers();
            assertSettled(statistics(appender));
            assertTrue(statistics(appender).discarded() >= CALLERS);
        }
    }

    /** Ends by itself, or is to be ended, while a call waits for room. */
    static final class LogsToAFullDisk {
        private LogsToAFullDisk() {}

        public static void main(final String[] arguments) {
            final LoggerContext context = (LoggerContext) LogManager.getContext(false);
            final Thread caller = new Thread(() -> {
                while (context.getRootLogger().isInfoEnabled()) {
                    context.getRootLogger().info(LINE);
                }
            });
            caller.start();
            final IoUringFileAppender appender = context.getConfiguration().getAppender("a0");
            await().until(() -> caller.getState() == Thread.State.TIMED_WAITING
                    && statistics(appender).blocked() > 0);
            System.out.println("blocked");
            if (arguments[0].equals("exit")) {
                System.exit(0);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"exit,disable", "exit,enable", "signal,disable", "signal,enable"})
    void shouldNotKeepTheJvmFromItsEnd(final String end, final String hook) throws Exception {
        try (Disk disk = new Disk(dir, Trouble.FULL)) {
            disk.befall();
            final Path configuration = dir.resolve("log4j2.xml");
            final String xml = Rig.xml(Rig.lines(disk.file(), ATTRIBUTES))
                    .replace("<Configuration>", "<Configuration status=\"OFF\" shutdownHook=\"" + hook + "\">");
            Files.writeString(configuration, xml);
            final Process child = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Dlog4j2.configurationFile=" + configuration,
                            "-cp",
                            System.getProperty("java.class.path"),
                            LogsToAFullDisk.class.getName(),
                            end)
                    .redirectErrorStream(true)
                    .start();
            try (BufferedReader output = child.inputReader()) {
                assertEquals(
                        "blocked",
                        output.lines().filter("blocked"::equals).findFirst().orElse(null));
                if (end.equals("signal")) {
                    child.destroy();
                }
                assertTrue(child.waitFor(STOP_MAX.toSeconds(), TimeUnit.SECONDS));
                assertEquals(end.equals("signal") ? TERMINATED : 0, child.exitValue());
            } finally {
                child.destroyForcibly();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldEndWhenTheContextIsReconfiguredAndTheNewOneGoesOn(final boolean isRolling) throws Exception {
        try (Disk disk = new Disk(dir, Trouble.FULL)) {
            final Path file = disk.file();
            final String xml = Rig.xml(appender(isRolling, file, ATTRIBUTES));
            try (Rig rig = new Rig(new LoggerContext("blocked"), xml)) {
                final AbstractIoUringAppender appender = rig.configuration().getAppender("a0");
                disk.befall();
                final Thread caller = new Thread(() -> {
                    for (int i = 0; i < 100 && statistics(appender).discarded() == 0; i++) {
                        rig.logger().info(LINE);
                    }
                });
                caller.start();
                await().until(() -> statistics(appender).blocked() > 0);
                final long start = System.nanoTime();
                rig.reconfigure(xml);
                assertTrue(System.nanoTime() - start < STOP_MAX.toNanos(), "it took too long");
                caller.join();
                disk.recover();
                rig.logger().info("after");
                final AbstractIoUringAppender next = rig.configuration().getAppender("a0");
                await().until(() -> {
                    next.flush();
                    return Rig.text(file).endsWith("after\n");
                });
                assertEquals(1, statistics(next).discarded());
            }
        }
    }

    /** The log's own thread hangs in the kernel here; a caller that does, because it writes for all, cannot be called back. */
    @Test
    void shouldEndAlsoWhereTheCallWaitsForStableStorage() throws Exception {
        try (Disk disk = new Disk(dir, Trouble.HUNG)) {
            final Path file = disk.file();
            final Rig rig = new Rig(Rig.lines(file, "shutdownTimeout=\"1 s\" durableMarker=\"AUDIT\""));
            final IoUringFileAppender appender = rig.appender(0);
            rig.logger().info("before");
            appender.flush();
            disk.befall();
            rig.logger().info("hangs");
            await().until(() -> statistics(appender).systemCalls() == 2);
            final Thread caller = new Thread(() -> rig.logger().info(MarkerManager.getMarker("AUDIT"), "pay"));
            callers.add(caller);
            caller.start();
            await().until(() -> statistics(appender).accepted() == 3);
            rig.stop();
            caller.join();
            assertTrue(
                    rig.errors().toString().contains("gave up waiting"),
                    rig.errors().toString());
            disk.recover();
            rig.close();
        }
    }

    private static String failover(final Path file, final Path spare, final String attributes) {
        return "<Configuration><Appenders>"
                + Rig.lines(file, "name=\"primary\" ignoreExceptions=\"false\" " + ATTRIBUTES + attributes)
                + "<File name=\"spare\" fileName=\"" + spare + "\"><PatternLayout pattern=\"%m%n\"/></File>"
                + "<Failover name=\"failover\" primary=\"primary\" retryIntervalSeconds=\"1\"><Failovers>"
                + "<AppenderRef ref=\"spare\"/></Failovers></Failover></Appenders><Loggers><Root level=\"info\">"
                + "<AppenderRef ref=\"failover\"/></Root></Loggers></Configuration>";
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "overflow=\"BLOCK\""})
    void shouldHandEachEventToTheFallbackOrToTheFileAndNoneToBoth(final String attributes) throws Exception {
        final int events = 1_000;
        final Path spare = dir.resolve("spare.log");
        final Path file;
        try (Disk disk = new Disk(dir, Trouble.FULL)) {
            file = disk.file();
            try (Rig rig = new Rig(new LoggerContext("failover"), failover(file, spare, attributes))) {
                final IoUringFileAppender primary = rig.configuration().getAppender("primary");
                disk.befall();
                rig.logger().info("0");
                await().until(() -> statistics(primary).stalls() == 1);
                for (int i = 1; i < events; i++) {
                    rig.logger().info("{}", i);
                }
                assertFalse(Rig.lines(spare).isEmpty());
                disk.recover();
                await().until(() -> statistics(primary).waiting() == 0);
                // After its retry interval the fallback is not needed any more.
                await().pollDelay(1, TimeUnit.SECONDS).until(() -> {
                    rig.logger().info("back");
                    primary.flush();
                    return Rig.lines(file).contains("back");
                });
                assertEquals(0, statistics(primary).discarded());
            }
            final List<String> both = new ArrayList<>(Rig.lines(file));
            both.addAll(Rig.lines(spare));
            both.removeIf("back"::equals);
            assertEquals(events, both.size());
            assertEquals(events, both.stream().distinct().count());
        }
    }

    @Test
    void shouldHaveOneEventInBothAtMostWhereCallsWaitForTheirEvents() throws Exception {
        final int events = 100;
        final Path spare = dir.resolve("spare.log");
        try (Disk disk = new Disk(dir, Trouble.FULL)) {
            final Path file = disk.file();
            final String xml = failover(file, spare, "durability=\"KERNEL\"")
                    .replace("retryIntervalSeconds=\"1\"", "retryIntervalSeconds=\"0\"");
            try (Rig rig = new Rig(new LoggerContext("failover"), xml)) {
                disk.befall();
                for (int i = 0; i < events; i++) {
                    rig.logger().info("{}", i);
                }
                disk.recover();
            }
            assertEquals(List.of("0"), Rig.lines(file));
            assertEquals(events, Rig.lines(spare).size());
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Durability.class,
            names = {"KERNEL", "DISK"})
    void shouldNeverDiscardWhatACallWaitsFor(final Durability durability) throws Exception {
        final Path file = dir.resolve("app.log");
        final int events = 2_000;
        try (Rig rig =
                new Rig(Rig.lines(file, "ringSize=\"4 KiB\" overflow=\"DISCARD\" durability=\"" + durability + '"'))) {
            for (int k = 0; k < CALLERS; k++) {
                final Thread caller = new Thread(() -> {
                    for (int i = 0; i < events / 10; i++) {
                        rig.logger().info("x".repeat(1000));
                    }
                });
                callers.add(caller);
                caller.start();
            }
            awaitCallers();
            assertEquals(0, rig.appender(0).statistics().discarded());
        }
        assertEquals(CALLERS * (events / 10), Rig.lines(file).size());
    }

    @Test
    void shouldNeverDiscardADurableEventAmongOthersThatAre() throws Exception {
        final Path file = dir.resolve("app.log");
        final int audits = 100;
        try (Rig rig = new Rig(Rig.lines(
                file, "ringSize=\"4 KiB\" overflow=\"DISCARD\" durableMarker=\"AUDIT\" ignoreExceptions=\"false\""))) {
            for (int k = 0; k < CALLERS; k++) {
                final Thread caller = new Thread(() -> {
                    while (!isEnough.get()) {
                        rig.logger().info("flood flood flood flood");
                    }
                });
                callers.add(caller);
                caller.start();
            }
            for (int i = 0; i < audits; i++) {
                rig.logger().info(MarkerManager.getMarker("AUDIT"), "pay");
            }
            isEnough.set(true);
            awaitCallers();
            assertTrue(rig.appender(0).statistics().discarded() > 0);
        }
        assertEquals(audits, Rig.lines(file).stream().filter("pay"::equals).count());
    }
}
