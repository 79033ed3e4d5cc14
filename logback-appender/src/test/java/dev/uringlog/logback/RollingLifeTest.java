package dev.uringlog.logback;

import static dev.uringlog.logback.TestEncoder.utf8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.core.rolling.FixedWindowRollingPolicy;
import ch.qos.logback.core.rolling.RolloverFailure;
import ch.qos.logback.core.rolling.TriggeringPolicyBase;
import ch.qos.logback.core.spi.LifeCycle;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The rolling appender's life, and what others' policies and encoders may do to it. */
@Timeout(60)
class RollingLifeTest {
    @TempDir
    Path directory;

    private final Rig rig = new Rig();

    /** How far a roll that waits for the test has come. */
    private final CountDownLatch isRolling = new CountDownLatch(1);

    private final CountDownLatch mayRoll = new CountDownLatch(1);

    @AfterEach
    void stop() {
        mayRoll.countDown();
        rig.context.stop();
    }

    private Path path(final String name) {
        return directory.resolve(name);
    }

    private RollingIoUringFileAppender<String> strings() {
        return rig.rolling(path("a.log"), new TestEncoder<>(TestEncoder::utf8));
    }

    private List<String> errors(final int count) {
        final List<String> errors = rig.errors();
        assertEquals(count, errors.size(), errors::toString);
        return errors;
    }

    /** Everything in the window's files, oldest first. */
    private String allText() throws Exception {
        final StringBuilder text = new StringBuilder();
        for (int i = 20; i >= 1; i--) {
            if (Files.exists(path("a." + i + ".log"))) {
                text.append(Files.readString(path("a." + i + ".log")));
            }
        }
        return text.append(Files.readString(path("a.log"))).toString();
    }

    private static String numbers(final int from, final int to) {
        final StringBuilder text = new StringBuilder();
        for (int i = from; i < to; i++) {
            text.append(i).append('\n');
        }
        return text.toString();
    }

    private void install(
            final RollingIoUringFileAppender<String> appender, final FixedWindowRollingPolicy policy, final long size) {
        RollingPolicies.inAWindow(appender, path("a.%i.log"), 20, size);
        policy.setContext(rig.context);
        policy.setParent(appender);
        policy.setMaxIndex(20);
        policy.setFileNamePattern(path("a.%i.log").toString());
        policy.start();
        appender.setRollingPolicy(policy);
    }

    /** A policy that takes as long to rename a file as the test wants it to. */
    private FixedWindowRollingPolicy slow() {
        return new FixedWindowRollingPolicy() {
            @Override
            public void rollover() {
                isRolling.countDown();
                try {
                    assertTrue(mayRoll.await(30, TimeUnit.SECONDS));
                } catch (final InterruptedException e) {
                    throw new AssertionError(e);
                }
                super.rollover();
            }
        };
    }

    @Test
    void shouldGoOnTakingEventsWhileAFileIsRolled() throws Exception {
        final RollingIoUringFileAppender<String> appender = strings();
        install(appender, slow(), 20_000);
        appender.start();
        appender.doAppend("x".repeat(20_000) + "\n");
        appender.doAppend(numbers(0, 1));
        assertTrue(isRolling.await(30, TimeUnit.SECONDS));
        for (int i = 1; i < 1_000; i++) {
            appender.doAppend(i + "\n");
        }
        assertEquals(1_001, appender.statistics().accepted());
        assertFalse(Files.exists(path("a.1.log")));
        mayRoll.countDown();
        appender.stop();
        assertEquals(numbers(0, 1_000), Files.readString(path("a.log")));
        errors(0);
    }

    @Test
    void shouldStopDuringARollAndLoseNothing() throws Exception {
        final RollingIoUringFileAppender<String> appender = strings();
        install(appender, slow(), 2);
        appender.start();
        appender.doAppend("0\n");
        appender.doAppend("1\n");
        assertTrue(isRolling.await(30, TimeUnit.SECONDS));
        final Thread stopping = new Thread(appender::stop);
        stopping.start();
        while (appender.isStarted()) {
            Thread.onSpinWait();
        }
        mayRoll.countDown();
        stopping.join(30_000);
        assertFalse(stopping.isAlive());
        assertEquals("0\n", Files.readString(path("a.1.log")));
        assertEquals("1\n", Files.readString(path("a.log")));
        errors(0);
    }

    @Test
    void shouldGiveUpAStopThatTakesTooLongForARoll() {
        final RollingIoUringFileAppender<String> appender = strings();
        appender.setShutdownTimeout("100 ms");
        install(appender, slow(), 1);
        appender.start();
        appender.doAppend("0\n");
        appender.doAppend("1\n");
        appender.stop();
        assertFalse(appender.isStarted());
        assertTrue(errors(1).get(0).contains("1 events"), rig.errors()::toString);
        mayRoll.countDown();
        // The roll goes on in the directory that is deleted after the test.
        Awaitility.await().until(() -> Files.exists(path("a.1.log")) && "1\n".equals(Files.readString(path("a.log"))));
    }

    @Test
    void shouldGoOnWithAFileThatCannotBeRenamedForAsMuchAgain() throws Exception {
        Files.createDirectories(path("a.1.log/in the way"));
        final RollingIoUringFileAppender<String> appender = strings();
        RollingPolicies.inAWindow(appender, path("a.%i.log"), 1, 20);
        appender.start();
        for (int i = 0; i < 100; i++) {
            appender.doAppend(i % 10 + "\n");
        }
        appender.stop();
        assertEquals(200, Files.size(path("a.log")));
        final long attempts = rig.warnings().stream()
                .filter(text -> text.startsWith("Failed to rename"))
                .count();
        assertEquals(9, attempts, rig.warnings()::toString);
        errors(0);
    }

    @Test
    void shouldGoOnWhateverAPolicyThrows() throws Exception {
        final AtomicInteger calls = new AtomicInteger();
        final RollingIoUringFileAppender<String> appender = strings();
        install(
                appender,
                new FixedWindowRollingPolicy() {
                    @Override
                    public void rollover() {
                        switch (calls.getAndIncrement()) {
                            case 0 -> throw new IllegalStateException("a bug in it");
                            case 1 -> throw new RolloverFailure("it cannot");
                            default -> super.rollover();
                        }
                    }
                },
                20);
        appender.start();
        for (int i = 0; i < 50; i++) {
            appender.doAppend(i % 10 + "\n");
        }
        appender.stop();
        assertEquals(60, Files.size(path("a.1.log")) + Files.size(path("a.2.log")) - 20, "two rolls in vain, then one");
        assertEquals(numbers(0, 10).repeat(5), allText());
        assertTrue(errors(1).get(0).contains("rolling policy failed"));
    }

    @Test
    void shouldNotRepeatItselfWhereAPolicyFailsEachTime() throws Exception {
        final RollingIoUringFileAppender<String> appender = strings();
        install(
                appender,
                new FixedWindowRollingPolicy() {
                    @Override
                    public void rollover() {
                        throw new IllegalStateException("a bug in it");
                    }
                },
                20);
        appender.start();
        final long start = System.nanoTime();
        for (int i = 0; i < 1_000; i++) {
            appender.doAppend(i % 10 + "\n");
        }
        appender.stop();
        final long seconds = (System.nanoTime() - start) / 1_000_000_000;
        assertTrue(rig.errors().size() <= 1 + seconds, rig.errors()::toString);
        assertTrue(rig.errors().get(0).contains("rolling policy failed"), rig.errors()::toString);
    }

    @Test
    void shouldAskAPolicyThatLooksAtEventsWithTheEvent() throws Exception {
        final RollingIoUringFileAppender<String> appender = strings();
        final List<Long> lengths = new ArrayList<>();
        appender.setTriggeringPolicy(started(new TriggeringPolicyBase<String>() {
            @Override
            public boolean isTriggeringEvent(final File activeFile, final String event) {
                lengths.add(activeFile.length());
                return event.startsWith("chapter");
            }
        }));
        RollingPolicies.inAWindow(appender, path("a.%i.log"), 20);
        appender.start();
        for (final String event : List.of("prologue\n", "chapter 1\n", "text\n", "chapter 2\n", "more\n")) {
            appender.doAppend(event);
        }
        appender.stop();
        assertEquals("prologue\n", Files.readString(path("a.2.log")));
        assertEquals("chapter 1\ntext\n", Files.readString(path("a.1.log")));
        assertEquals("chapter 2\nmore\n", Files.readString(path("a.log")));
        assertEquals(List.of(0L, 9L, 10L, 15L, 10L), lengths, "what waits in the ring is counted");
    }

    private static <P extends LifeCycle> P started(final P policy) {
        policy.start();
        return policy;
    }

    /** Its lines are numbered, from one in each file. */
    @Test
    void shouldHaveAStatefulEncoderSeeEachFilesEventsBetweenItsHeaderAndItsFooter() throws Exception {
        final AtomicInteger line = new AtomicInteger();
        final RollingIoUringFileAppender<String> appender = rig.rolling(
                path("a.log"),
                new TestEncoder<String>(event -> utf8(line.incrementAndGet() + " " + event)) {
                    @Override
                    public byte[] headerBytes() {
                        line.set(0);
                        return utf8("head\n");
                    }

                    @Override
                    public byte[] footerBytes() {
                        return utf8(line.get() + " lines\n");
                    }
                }.stateful());
        RollingPolicies.inAWindow(appender, path("a.%i.log"), 20, 13);
        appender.start();
        for (int i = 0; i < 5; i++) {
            appender.doAppend("x\n");
        }
        appender.stop();
        assertEquals("head\n1 x\n2 x\n2 lines\n", Files.readString(path("a.2.log")));
        assertEquals("head\n1 x\n2 x\n2 lines\n", Files.readString(path("a.1.log")));
        assertEquals("head\n1 x\n1 lines\n", Files.readString(path("a.log")));
        errors(0);
    }

    /** A rolling policy that logs: it runs on the thread that writes, which must not wait for itself. */
    @Test
    void shouldTakeWhatAPolicyLogsWhileItRolls() throws Exception {
        final RollingIoUringFileAppender<String> appender = strings();
        appender.setRingSize("4 KiB");
        appender.setDurability("KERNEL");
        install(
                appender,
                new FixedWindowRollingPolicy() {
                    @Override
                    public void rollover() {
                        super.rollover();
                        appender.doAppend("rolled\n");
                    }
                },
                20);
        appender.start();
        for (int i = 0; i < 30; i++) {
            appender.doAppend(i % 10 + "\n");
        }
        appender.stop();
        final String text = allText();
        assertEquals(numbers(0, 10).repeat(3), text.replace("rolled\n", ""));
        assertTrue(text.contains("rolled\n"), text);
        errors(0);
    }

    @Test
    void shouldRefuseToShareAFileThatItRolls() {
        final RollingIoUringFileAppender<String> appender = strings();
        RollingPolicies.bySizeAndTime(appender, path("a.%d.%i.log"), 100);
        appender.setPrudent(true);
        appender.start();
        assertFalse(appender.isStarted());
        assertTrue(errors(1).get(0).contains("prudent \"true\": allowed is false"), rig.errors()::toString);
        assertFalse(Files.exists(path("a.log")));
    }

    @Test
    void shouldRefuseASecondAppenderOnAFileOrAPatternAndNameTheFirst() {
        final RollingIoUringFileAppender<String> first = strings();
        first.setName("FIRST");
        RollingPolicies.bySizeAndTime(first, path("a.%d.%i.log"), 100);
        first.start();
        final IoUringFileAppender<String> sameFile =
                rig.appender(path("../" + directory.getFileName() + "/a.log"), new TestEncoder<>(TestEncoder::utf8));
        sameFile.start();
        assertFalse(sameFile.isStarted());
        assertTrue(errors(1).get(0).contains("[FIRST] writes it"), rig.errors()::toString);
        final RollingIoUringFileAppender<String> samePattern =
                rig.rolling(path("b.log"), new TestEncoder<>(TestEncoder::utf8));
        RollingPolicies.bySizeAndTime(samePattern, path("a.%d.%i.log"), 100);
        samePattern.start();
        assertFalse(samePattern.isStarted());
        final String error = errors(2).get(1);
        assertTrue(
                error.contains("[FIRST] rolls to it")
                        && error.contains(path("a.%d.%i.log").toString()),
                error);
        first.stop();
        samePattern.start();
        assertTrue(samePattern.isStarted(), "the pattern is free again, and b.log was not kept");
        samePattern.stop();
    }

    @Test
    void shouldNotStartWithABadValueAndLetTheApplicationRun() throws Exception {
        rig.configure("""
                <configuration>
                  <appender name="FILE" class="dev.uringlog.logback.RollingIoUringFileAppender">
                    <file>%1$s/a.log</file>
                    <rollingPolicy class="ch.qos.logback.core.rolling.SizeAndTimeBasedRollingPolicy">
                      <fileNamePattern>%1$s/a.%%d.%%i.log</fileNamePattern>
                      <maxFileSize>1MB</maxFileSize>
                    </rollingPolicy>
                    <durability>sometimes</durability>
                    <ringSize>5</ringSize>
                    <encoder><pattern>%%msg%%n</pattern></encoder>
                  </appender>
                  <root><appender-ref ref="FILE"/></root>
                </configuration>
                """.formatted(directory));
        final String errors = errors(2).toString();
        assertTrue(errors.contains("durability \"sometimes\": allowed is MEMORY, KERNEL, DISK"), errors);
        assertTrue(errors.contains("ringSize \"5\""), errors);
        rig.context.getLogger("test").info("the application runs on");
        assertFalse(Files.exists(path("a.log")));
    }

    @Test
    void shouldNotStartWithoutItsRollingPolicy() {
        final RollingIoUringFileAppender<String> appender = strings();
        RollingPolicies.inAWindow(appender, path("a.%i.log"), 3, 100).stop();
        appender.start();
        assertFalse(appender.isStarted());
        assertTrue(errors(1).get(0).contains("rollingPolicy has not started"), rig.errors()::toString);
    }

    @Test
    void shouldSayWhatLogbackSaysWherePoliciesAreMissing() {
        final RollingIoUringFileAppender<String> appender = strings();
        appender.start();
        assertFalse(appender.isStarted());
        assertTrue(rig.warnings().get(0).startsWith("No TriggeringPolicy was set"), rig.warnings()::toString);
        appender.rollover();
        assertTrue(rig.warnings().toString().contains("nothing to roll"));
        assertEquals("Appender [FILE] is not open yet", appender.description());
    }

    @Test
    void shouldOpenALazyFileAtTheFirstEventAndRollIt() throws Exception {
        final RollingIoUringFileAppender<String> appender =
                rig.rolling(path("a.log"), new TestEncoder<String>(TestEncoder::utf8).header("head\n"));
        appender.setLazy("true");
        RollingPolicies.inAWindow(appender, path("a.%i.log"), 3, 7);
        appender.start();
        assertFalse(Files.exists(path("a.log")));
        appender.doAppend("0\n");
        appender.doAppend("1\n");
        appender.stop();
        assertEquals("head\n0\n", Files.readString(path("a.1.log")));
        assertEquals("head\n1\n", Files.readString(path("a.log")));
    }

    @Test
    void shouldStartAgainOnceItsPoliciesAre() throws Exception {
        final RollingIoUringFileAppender<String> appender = strings();
        final FixedWindowRollingPolicy policy = RollingPolicies.inAWindow(appender, path("a.%i.log"), 9, 2);
        appender.start();
        appender.doAppend("0\n");
        appender.stop();
        assertFalse(policy.isStarted());
        appender.start();
        assertFalse(appender.isStarted(), "as Logback's own");
        policy.start();
        appender.getTriggeringPolicy().start();
        appender.start();
        appender.doAppend("1\n");
        appender.stop();
        assertEquals("0\n1\n", allText());
        assertTrue(Files.exists(path("a.1.log")), "what was there counts");
    }
}
