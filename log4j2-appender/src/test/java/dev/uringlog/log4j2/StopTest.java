package dev.uringlog.log4j2;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Date;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.logging.log4j.core.appender.AbstractManager;
import org.apache.logging.log4j.core.appender.rolling.AbstractRolloverStrategy;
import org.apache.logging.log4j.core.appender.rolling.RollingFileManager;
import org.apache.logging.log4j.core.appender.rolling.RolloverDescription;
import org.apache.logging.log4j.core.appender.rolling.SizeBasedTriggeringPolicy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A rolling file whose writer hangs: in a write to a dead device, or behind a long compression. Here it is a strategy. */
@Timeout(60)
class StopTest {
    private static final String EACH = "<SizeBasedTriggeringPolicy size=\"9\"/>";
    private static final Duration AMPLE = Duration.ofSeconds(20);

    @TempDir
    Path dir;

    private final HangingStrategy hanging = new HangingStrategy();
    private Rig rig;

    /** Does not come back before it is told to. */
    private static final class HangingStrategy extends AbstractRolloverStrategy {
        private final CountDownLatch reached = new CountDownLatch(1);
        private final CountDownLatch goOn = new CountDownLatch(1);

        HangingStrategy() {
            super(null);
        }

        @Override
        public RolloverDescription rollover(final RollingFileManager manager) {
            reached.countDown();
            boolean isInterrupted = false;
            for (; ; ) {
                try {
                    goOn.await();
                    break;
                } catch (final InterruptedException e) {
                    isInterrupted = true;
                }
            }
            if (isInterrupted) {
                Thread.currentThread().interrupt();
            }
            return null;
        }
    }

    @BeforeEach
    void start(final TestInfo info) throws Exception {
        rig = new Rig(xml(EACH, info.getTags().contains("patient") ? "30 s" : "500 ms"));
        rig.rolling(0).getManager().setRolloverStrategy(hanging);
        rig.logger().info("event-0--");
        rig.logger().info("event-1--");
        assertTrue(hanging.reached.await(20, TimeUnit.SECONDS));
        rig.logger().info("event-2--");
    }

    @AfterEach
    void end() {
        hanging.goOn.countDown();
        rig.close();
    }

    private String xml(final String policies) {
        return xml(policies, "500 ms");
    }

    private String xml(final String policies, final String timeout) {
        return Rig.rolling(
                "fileName=\"" + dir.resolve("app.log") + "\" filePattern=\"" + dir + "/app-%i.log\" shutdownTimeout=\""
                        + timeout + "\"",
                policies,
                "");
    }

    /** An appender of Log4j's own, in a context of its own: its manager needs the lock that all managers share. */
    private void startAndStopAnother() {
        final Path file = dir.resolve("another.log");
        try (Rig another = new Rig(Rig.element("File", file, "", "<PatternLayout pattern=\"%m%n\"/>"))) {
            another.logger().info("unrelated");
        }
    }

    /** On a thread of its own: on two processors the common pool of JDK 25 has one, where calls would wait for each other. */
    private static CompletableFuture<Void> begin(final Runnable call) {
        return CompletableFuture.runAsync(call, task -> new Thread(task, "call").start());
    }

    private static void assertEnds(final CompletableFuture<Void> call) throws Exception {
        call.get(AMPLE.toSeconds(), TimeUnit.SECONDS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"nothing", "reconfiguration", "cron", "rollover"})
    void shouldStopWithinItsTimeoutWhateverElseWaitsForAWriterThatHangs(final String other) throws Exception {
        final RollingIoUringFileManager manager = rig.rolling(0).getManager();
        final CompletableFuture<Void> waiting = begin(() -> {
            switch (other) {
                case "reconfiguration" -> rig.reconfigure(Rig.xml(xml("<SizeBasedTriggeringPolicy size=\"10\"/>")));
                case "cron" -> manager.rollover(new Date(), new Date());
                case "rollover" -> manager.rollover();
                default -> {
                    return;
                }
            }
        });
        if (other.equals("reconfiguration")) {
            assertEnds(waiting);
        }
        assertEnds(begin(rig::stop));
        assertEnds(waiting);
        assertEquals(2, manager.statistics().failed());
        assertTrue(
                rig.errors().stream().anyMatch(line -> line.contains("2 events were not written")),
                rig.errors().toString());
    }

    @Test
    @Tag("patient")
    void shouldHoldNoLockOfLog4jsWhileItStopsOrIsReconfigured() throws Exception {
        final CompletableFuture<Void> reconfiguring =
                begin(() -> rig.reconfigure(Rig.xml(xml("<SizeBasedTriggeringPolicy size=\"10\"/>"))));
        assertEnds(begin(this::startAndStopAnother));
        assertEnds(reconfiguring);
        final CompletableFuture<Void> stopping = begin(() -> rig.rolling(0).stop());
        assertEnds(begin(this::startAndStopAnother));
        assertFalse(stopping.isDone());
        hanging.goOn.countDown();
        assertEnds(stopping);
    }

    @Test
    @Tag("patient")
    void shouldWriteWhatAnotherContextLogsToTheFileBehindWhatTheOneBeforeStillWrites() throws Exception {
        final Path file = dir.resolve("app.log");
        final CompletableFuture<Void> stopping = begin(() -> rig.rolling(0).stop());
        await().until(() -> !AbstractManager.hasManager(file.toString()));
        final CompletableFuture<Void> another = begin(() -> {
            try (Rig next = new Rig(Rig.lines(file, "shutdownTimeout=\"30 s\""))) {
                next.logger().info("next");
            }
        });
        hanging.goOn.countDown();
        assertEnds(stopping);
        assertEnds(another);
        assertEquals("event-0--\nevent-1--\nevent-2--\nnext\n", Rig.text(file));
    }

    /** Nothing waits for the change here: the first event to come finds the new policy, and is judged by it. */
    @Test
    void shouldJudgeTheFirstEventBehindAReconfigurationByTheNewPolicy() throws Exception {
        hanging.goOn.countDown();
        rig.rolling(0).flush();
        for (int i = 0; i < 50; i++) {
            final Path file = dir.resolve("many-" + i + ".log");
            final String attributes = "fileName=\"" + file + "\" filePattern=\"" + file + ".%i\"";
            final String never = Rig.rolling(attributes, "<SizeBasedTriggeringPolicy size=\"1 GB\"/>", "");
            try (Rig own = new Rig(never)) {
                own.logger().info("one");
                final RollingIoUringFileManager manager = own.rolling(0).getManager();
                manager.log().change(() -> manager.setTriggeringPolicy(SizeBasedTriggeringPolicy.createPolicy("1")));
                own.logger().info("two");
                own.stop();
                assertEquals(List.of(), own.errors());
            }
            assertEquals("two\n", Rig.text(file));
        }
    }

    @Test
    void shouldReconfigureAWriterThatHangsOnceItGoesOn() throws Exception {
        rig.reconfigure(Rig.xml(xml("<SizeBasedTriggeringPolicy size=\"1 MB\"/>")));
        assertFalse(rig.rolling(0).getManager().getTriggeringPolicy().toString().contains("1048576"));
        hanging.goOn.countDown();
        rig.logger().info("event-3--");
        rig.rolling(0).flush();
        assertTrue(rig.rolling(0).getManager().getTriggeringPolicy().toString().contains("1048576"));
        rig.stop();
        assertEquals("event-0--\nevent-1--\nevent-2--\nevent-3--\n", Rig.text(dir.resolve("app.log")));
    }
}
