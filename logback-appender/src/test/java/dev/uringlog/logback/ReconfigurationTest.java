package dev.uringlog.logback;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.core.Appender;
import dev.uringlog.append.AppendStatistics;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What scan does when logback.xml has changed, while threads log. */
class ReconfigurationTest {
    private static final int THREADS = 4;
    private static final int ROUNDS = 20;

    @TempDir
    Path directory;

    private final Rig rig = new Rig();
    private final List<Supplier<AppendStatistics>> statistics = new ArrayList<>();

    /** The number of each thread's last event whose call has returned. */
    private final AtomicIntegerArray returned = new AtomicIntegerArray(THREADS);

    private volatile boolean isOver;

    @AfterEach
    void stop() {
        isOver = true;
        rig.context.stop();
    }

    private void configure(final boolean isRolling, final int round) throws Exception {
        final String rolling = isRolling ? """
                    <rollingPolicy class="ch.qos.logback.core.rolling.SizeAndTimeBasedRollingPolicy">
                      <fileNamePattern>%s/a.%%d{yyyy-MM}.%%i.log</fileNamePattern>
                      <maxFileSize>16KB</maxFileSize>
                    </rollingPolicy>
                """.formatted(directory) : "";
        rig.configure("""
                <configuration>
                  <appender name="FILE" class="dev.uringlog.logback.%sIoUringFileAppender">
                    <file>%s</file>
                    %s
                    <ringSize>%d KiB</ringSize>
                    <encoder><pattern>%%msg ----------------------------------------%%n</pattern></encoder>
                  </appender>
                  <root level="DEBUG"><appender-ref ref="FILE"/></root>
                </configuration>
                """.formatted(isRolling ? "Rolling" : "", directory.resolve("a.log"), rolling, 4 << round % 3));
        final Appender<?> appender =
                rig.context.getLogger(Logger.ROOT_LOGGER_NAME).getAppender("FILE");
        assertTrue(appender.isStarted(), rig.errors()::toString);
        statistics.add(
                appender instanceof RollingIoUringFileAppender<?> rolls
                        ? rolls::statistics
                        : ((IoUringFileAppender<?>) appender)::statistics);
    }

    private int[] snapshot() {
        final int[] counts = new int[THREADS];
        for (int t = 0; t < THREADS; t++) {
            counts[t] = returned.get(t);
        }
        return counts;
    }

    private void log(final int thread) {
        final Logger logger = rig.context.getLogger("test." + thread);
        for (int i = 1; !isOver; i++) {
            logger.info("{} {}", thread, i);
            returned.set(thread, i);
        }
    }

    /**
     * While Logback resets a context no appender is attached, and its loggers drop what comes; outside those windows, each
     * of which begins at {@code dropFrom} and ends at {@code dropTo}, nothing may be missing.
     */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldLoseTearAndRepeatNothingWhileFourThreadsLog(final boolean isRolling) throws Exception {
        final List<int[]> dropFrom = new ArrayList<>();
        final List<int[]> dropTo = new ArrayList<>();
        configure(isRolling, 0);
        final Thread[] threads = new Thread[THREADS];
        final CountDownLatch go = new CountDownLatch(1);
        for (int t = 0; t < THREADS; t++) {
            final int me = t;
            threads[t] = new Thread(() -> log(me));
            threads[t].start();
        }
        go.countDown();
        for (int round = 1; round <= ROUNDS; round++) {
            awaitProgress();
            dropFrom.add(snapshot());
            rig.context.reset();
            configure(isRolling, round);
            dropTo.add(snapshot());
        }
        awaitProgress();
        isOver = true;
        for (final Thread thread : threads) {
            thread.join();
        }
        rig.context.stop();
        verify(dropFrom, dropTo);
    }

    private void awaitProgress() {
        final int[] before = snapshot();
        Awaitility.await().pollInterval(java.time.Duration.ofMillis(5)).until(() -> {
            final int[] now = snapshot();
            for (int t = 0; t < THREADS; t++) {
                if (now[t] - before[t] < 200) {
                    return false;
                }
            }
            return true;
        });
    }

    private void verify(final List<int[]> dropFrom, final List<int[]> dropTo) throws Exception {
        final int[] last = new int[THREADS];
        final List<String> lines = new ArrayList<>();
        for (final Path file : RollingPolicies.inOrder(directory)) {
            lines.addAll(Files.readAllLines(file));
        }
        for (final String line : lines) {
            final String[] words = line.split(" ");
            assertEquals("----------------------------------------", words[2], "whole lines");
            final int thread = Integer.parseInt(words[0]);
            final int event = Integer.parseInt(words[1]);
            assertTrue(event > last[thread], () -> "once, in order: " + line);
            for (int missing = last[thread] + 1; missing < event; missing++) {
                assertTrue(isDropped(thread, missing, dropFrom, dropTo), thread + " " + missing + " is missing");
            }
            last[thread] = event;
        }
        for (int t = 0; t < THREADS; t++) {
            assertEquals(returned.get(t), last[t], "the last event of each thread is there");
        }
        final long accepted =
                statistics.stream().mapToLong(s -> s.get().accepted()).sum();
        assertEquals(accepted, lines.size());
        assertEquals(List.of(), rig.errors());
    }

    /** Whether an event was under way between a snapshot before a reset and one after the configuration. */
    private static boolean isDropped(
            final int thread, final int event, final List<int[]> dropFrom, final List<int[]> dropTo) {
        for (int round = 0; round < dropFrom.size(); round++) {
            if (event > dropFrom.get(round)[thread] && event <= dropTo.get(round)[thread] + 1) {
                return true;
            }
        }
        return false;
    }
}
