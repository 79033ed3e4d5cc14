package dev.uringlog.log4j2;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.IntStream;
import org.apache.logging.log4j.core.Logger;
import org.apache.logging.log4j.core.appender.AbstractManager;
import org.apache.logging.log4j.core.impl.Log4jLogEvent;
import org.apache.logging.log4j.message.SimpleMessage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One file under several appenders: of one configuration, and of one that follows another. */
class SharingTest {
    private static final String EVENTS = "<PatternLayout pattern=\"%m%n\" header=\"BEGIN%n\" footer=\"END%n\"/>";

    @TempDir
    Path dir;

    private Path file;

    @BeforeEach
    void nameFile() {
        file = dir.resolve("app.log");
    }

    private String element(final String kind, final String attributes) {
        return Rig.element(kind, file, attributes, EVENTS);
    }

    @Test
    void shouldShareAFileBetweenTwoAppendersUntilTheLastStops() {
        try (Rig rig = new Rig(element("IoUringFile", ""), element("IoUringFile", ""))) {
            rig.logger().info("both");
            rig.appender(0).stop();
            rig.appender(0).stop(0, TimeUnit.MILLISECONDS);
            rig.appender(1)
                    .append(Log4jLogEvent.newBuilder()
                            .setMessage(new SimpleMessage("one"))
                            .build());

            assertEquals(List.of(), rig.warnings());
        }

        assertEquals("BEGIN\nboth\nboth\none\nEND\n", Rig.text(file));
        assertFalse(AbstractManager.hasManager(file.toString()));
    }

    @Test
    void shouldSayWhichAttributesOfASecondAppenderComeTooLate() {
        final String first = element("IoUringFile", "ringSize=\"64 KiB\" maxDelay=\"2 ms\"");
        final String second = element("IoUringFile", "ringSize=\"128 KiB\" syncInterval=\"1 s\" append=\"false\"");
        try (Rig rig = new Rig(first, second)) {
            final String told =
                    "IoUringFile " + file + ": %s cannot change while the file is open: it stays %s, not %s";

            assertEquals(
                    List.of(
                            told.formatted("append", "\"true\"", "\"false\""),
                            told.formatted("maxDelay", "\"PT0.002S\"", "\"PT0.001S\""),
                            told.formatted("ringSize", "\"65536\"", "\"131072\""),
                            told.formatted("syncInterval", "the default", "\"PT1S\"")),
                    rig.warnings());
        }
    }

    @Test
    void shouldTakeWhatIsWrittenInAnotherWayForTheSame() {
        final String second = "append=\"TRUE\" ringSize=\"4096 KiB\" maxDelay=\"1000 us\" durability=\"memory\""
                + " filePermissions=\"rw-------\" overflow=\"DISCARD\"";
        try (Rig rig = new Rig(element("IoUringFile", ""), element("IoUringFile", second))) {
            assertEquals(List.of(), rig.warnings());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"File", "RandomAccessFile", "RollingFile"})
    void shouldRefuseAFileThatAnotherKindOfAppenderHas(final String kind) {
        final String other = kind.equals("RollingFile")
                ? element(kind, "filePattern=\"" + file + ".%i\"")
                        .replace(EVENTS, EVENTS + "<OnStartupTriggeringPolicy/>")
                : element(kind, "");
        try (Rig rig = new Rig(other, element("IoUringFile", ""))) {
            rig.logger().info("theirs");

            assertNull(rig.appender(1));
            assertTrue(
                    rig.errors()
                            .get(0)
                            .contains("IoUringFile \"a1\" does not start: fileName \"" + file + "\" is in use"),
                    rig.errors().toString());
        }

        assertTrue(Rig.text(file).contains("theirs\n"));
        assertFalse(AbstractManager.hasManager(file.toString()), "its reference was given back");
    }

    @ParameterizedTest
    @ValueSource(strings = {"File", "RandomAccessFile"})
    void shouldKeepItsFileFromAnotherKindOfAppender(final String kind) {
        try (Rig rig = new Rig(element("IoUringFile", ""), element(kind, ""))) {
            rig.logger().info("ours");

            assertTrue(
                    rig.errors()
                            .get(0)
                            .contains("is in use by IoUringFile, and no other kind of appender can share it"),
                    rig.errors().toString());
        }

        assertEquals("BEGIN\nours\nEND\n", Rig.text(file));
    }

    @Test
    void shouldTakeOverTheFileOfTheConfigurationBefore() {
        try (Rig rig = new Rig(element("IoUringFile", "append=\"false\""))) {
            final IoUringFileAppender before = rig.appender(0);
            rig.logger().info("before");
            rig.reconfigure(Rig.xml(element("IoUringFile", "append=\"false\"")));
            rig.logger().info("after");

            assertTrue(before.isStopped());
            assertEquals(before.description(), rig.appender(0).description());
            assertEquals(List.of(), rig.warnings());
        }

        assertEquals("BEGIN\nbefore\nafter\nEND\n", Rig.text(file));
    }

    @Test
    void shouldWriteTheFooterOfTheLayoutThatIsConfiguredLast() {
        try (Rig rig = new Rig(element("IoUringFile", ""))) {
            rig.reconfigure(Rig.xml(element("IoUringFile", "").replace("END", "FIN")));
        }

        assertEquals("BEGIN\nFIN\n", Rig.text(file));
    }

    @Test
    void shouldCloseAFileThatTheNextConfigurationDoesNotName() {
        try (Rig rig = new Rig(element("IoUringFile", ""))) {
            rig.logger().info("only");
            rig.reconfigure(Rig.xml(Rig.lines(dir.resolve("next.log"), "")));

            assertEquals("BEGIN\nonly\nEND\n", Rig.text(file));
        }
    }

    @Test
    void shouldLoseTearAndDoubleNothingWhileItIsReconfigured() throws InterruptedException {
        final int threadCount = 4;
        final AtomicIntegerArray logged = new AtomicIntegerArray(threadCount);
        final String filler = "-".repeat(100);
        try (Rig rig = new Rig(Rig.lines(file, "ringSize=\"64 KiB\""))) {
            final AtomicBoolean isOver = new AtomicBoolean();
            final List<Thread> threads = new ArrayList<>();
            final Logger logger = rig.logger();
            for (int i = 0; i < threadCount; i++) {
                final int id = i;
                threads.add(new Thread(() -> {
                    while (!isOver.get()) {
                        logger.info("{} {} {}", id, logged.get(id), filler);
                        logged.incrementAndGet(id);
                    }
                }));
            }
            threads.forEach(Thread::start);
            for (int i = 0; i < 25; i++) {
                awaitProgress(logged);
                rig.reconfigure(Rig.xml(Rig.lines(file, "ringSize=\"64 KiB\"")));
            }
            isOver.set(true);
            for (final Thread thread : threads) {
                thread.join();
            }
            rig.stop();

            assertEquals(List.of(), rig.errors());
        }

        final Map<Integer, Integer> next = new HashMap<>();
        for (final String line : Rig.lines(file)) {
            final String[] words = line.split(" ");
            final int id = Integer.parseInt(words[0]);
            assertEquals(next.merge(id, 1, Integer::sum) - 1, Integer.parseInt(words[1]));
            assertEquals(filler, words[2]);
        }
        for (int i = 0; i < threadCount; i++) {
            assertEquals(logged.get(i), next.getOrDefault(i, 0));
        }
    }

    /** Each thread logs between one reconfiguration and the next. */
    private static void awaitProgress(final AtomicIntegerArray logged) {
        final int[] before =
                IntStream.range(0, logged.length()).map(logged::get).toArray();
        await().pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .until(() -> IntStream.range(0, before.length).allMatch(i -> logged.get(i) > before[i]));
    }

    @Test
    void shouldLeaveAFileAloneThatOnlyABadAppenderNames() {
        try (Rig rig = new Rig(element("IoUringFile", "ringSize=\"1\""))) {
            rig.logger().info("running");

            assertTrue(Files.notExists(file));
        }
    }
}
