package dev.uringlog.log4j2;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.apache.logging.log4j.core.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rolling under eight threads at full speed: each event is in one file, whole, once, in the order of its thread. */
@Timeout(120)
class RollingLoadTest {
    private static final int THREADS = 8;
    private static final String FILLER = "-".repeat(100);
    private static final String KEEP_ALL = "<DefaultRolloverStrategy fileIndex=\"nomax\"/>";

    @TempDir
    Path dir;

    private String attributes(final String pattern) {
        return "fileName=\"" + dir.resolve("z-app.log") + "\" filePattern=\"" + dir.resolve(pattern) + "\"";
    }

    /** Eight threads that log numbered events until told to stop. */
    private static final class Crowd {
        private final AtomicIntegerArray logged = new AtomicIntegerArray(THREADS);
        private final AtomicBoolean isOver = new AtomicBoolean();
        private final List<Thread> threads = new ArrayList<>();

        Crowd(final Logger logger, final int eventsMax) {
            for (int i = 0; i < THREADS; i++) {
                final int id = i;
                threads.add(new Thread(() -> {
                    while (!isOver.get() && logged.get(id) < eventsMax) {
                        logger.info("{} {} {}", id, logged.get(id), FILLER);
                        logged.incrementAndGet(id);
                    }
                }));
            }
            threads.forEach(Thread::start);
        }

        void awaitProgress() {
            final int before = logged.get(0);
            await().pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(1))
                    .until(() -> logged.get(0) > before || !threads.get(0).isAlive());
        }

        void join(final boolean atOnce) throws InterruptedException {
            isOver.set(atOnce);
            for (final Thread thread : threads) {
                thread.join(TimeUnit.SECONDS.toMillis(100));
            }
        }

        void assertAllThereIn(final List<String> lines) {
            final int[] next = new int[THREADS];
            for (final String line : lines) {
                final String[] words = line.split(" ");
                assertEquals(3, words.length, line);
                final int id = Integer.parseInt(words[0]);
                assertEquals(next[id]++, Integer.parseInt(words[1]), line);
                assertEquals(FILLER, words[2]);
            }
            for (int i = 0; i < THREADS; i++) {
                assertEquals(logged.get(i), next[i]);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "MEMORY, app-%05i.log, 20000",
        "MEMORY, app-%05i.log.gz, 2000",
        "KERNEL, app-%05i.log, 2000",
        "DISK, app-%05i.log, 300"
    })
    void shouldLoseTearAndDoubleNothing(final String durability, final String pattern, final int events)
            throws InterruptedException {
        // 64 KiB at full speed: a roll every few hundred µs to few ms.
        final String attributes = attributes(pattern) + " ringSize=\"256 KiB\" durability=\"" + durability + "\"";
        final Crowd crowd;
        try (Rig rig = new Rig(Rig.rolling(attributes, "<SizeBasedTriggeringPolicy size=\"64 KB\"/>", KEEP_ALL))) {
            crowd = new Crowd(rig.logger(), events);
            crowd.join(false);
            rig.stop();
            assertEquals(List.of(), rig.errors());
        }

        crowd.assertAllThereIn(Archives.lines(dir));
        final long expected = (long) THREADS * events * 105 / (65 << 10);
        assertTrue(Archives.names(dir).size() >= expected, Archives.names(dir).size() + " files");
    }

    @Test
    void shouldLoseTearAndDoubleNothingWithDirectWrite() throws InterruptedException {
        final String pattern = "filePattern=\"" + dir.resolve("app-%05i.log") + "\" ";
        final String strategy = "<DirectWriteRolloverStrategy maxFiles=\"100000\"/>";
        final Crowd crowd;
        try (Rig rig = new Rig(Rig.rolling(pattern, "<SizeBasedTriggeringPolicy size=\"64 KB\"/>", strategy))) {
            crowd = new Crowd(rig.logger(), 10_000);
            crowd.join(false);
        }

        crowd.assertAllThereIn(Archives.lines(dir));
    }

    @Test
    void shouldLoseTearAndDoubleNothingWhileAProgramRollsAndReconfigures() throws InterruptedException {
        // Log4j lists the directory for each roll: not too many files.
        final String policy = "<SizeBasedTriggeringPolicy size=\"%d KB\"/>";
        final Crowd crowd;
        try (Rig rig = new Rig(Rig.rolling(attributes("app-%05i.log"), policy.formatted(1000), KEEP_ALL))) {
            crowd = new Crowd(rig.logger(), Integer.MAX_VALUE);
            for (int i = 0; i < 6; i++) {
                crowd.awaitProgress();
                rig.rolling(0).getManager().rollover();
                crowd.awaitProgress();
                rig.reconfigure(Rig.xml(Rig.rolling(attributes("app-%05i.log"), policy.formatted(900 + i), KEEP_ALL)));
            }
            crowd.join(true);
            rig.stop();
            assertEquals(List.of(), rig.errors());
        }

        crowd.assertAllThereIn(Archives.lines(dir));
    }

    @Test
    void shouldLogOnWhileTheClockRolls() throws InterruptedException {
        final String everySecond = "<CronTriggeringPolicy schedule=\"* * * * * ?\"/>";
        final Crowd crowd;
        try (Rig rig = new Rig(Rig.rolling(attributes("app-%d{HHmmss}.log"), everySecond, KEEP_ALL))) {
            crowd = new Crowd(rig.logger(), Integer.MAX_VALUE);
            await().pollInterval(Duration.ofMillis(5))
                    .until(() -> Archives.names(dir).size() > 2);
            crowd.join(true);
        }

        assertTrue(Files.exists(dir.resolve("z-app.log")));
        crowd.assertAllThereIn(Archives.lines(dir));
    }
}
