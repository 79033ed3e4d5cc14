package dev.uringlog.logback;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Rolling every few milliseconds while eight threads log: each event is in one file, whole, once and in its order. */
@Timeout(120)
class RollingLoadTest {
    private static final int THREADS = 8;
    private static final String FILLER = "------------------------------------------------";

    @TempDir
    Path directory;

    private final Rig rig = new Rig();

    @AfterEach
    void stop() {
        rig.context.stop();
    }

    private RollingIoUringFileAppender<ILoggingEvent> appender(final String durability) {
        final RollingIoUringFileAppender<ILoggingEvent> appender =
                rig.rolling(directory.resolve("a.log"), rig.pattern("%msg " + FILLER + "%n"));
        appender.setDurability(durability);
        appender.setRingSize("64 KiB");
        return appender;
    }

    private void bySize(final RollingIoUringFileAppender<ILoggingEvent> appender, final int size) {
        RollingPolicies.bySizeAndTime(appender, directory.resolve("a.%d{yyyy-MM}.%i.log"), size);
    }

    private void log(final RollingIoUringFileAppender<ILoggingEvent> appender, final int events) throws Exception {
        appender.start();
        final Logger logger = rig.context.getLogger("test");
        logger.setAdditive(false);
        logger.addAppender(appender);
        final List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < THREADS; t++) {
            final int me = t;
            threads.add(new Thread(() -> {
                for (int i = 1; i <= events; i++) {
                    logger.info("{} {}", me, i);
                }
            }));
        }
        threads.forEach(Thread::start);
        for (final Thread thread : threads) {
            thread.join();
        }
    }

    /** Stops the appender; returns how many files there are. */
    private int verify(final RollingIoUringFileAppender<ILoggingEvent> appender, final int events) throws Exception {
        appender.stop();
        assertEquals(List.of(), rig.errors());
        assertEquals(List.of(), rig.warnings());
        final int[] last = new int[THREADS];
        final List<Path> files = RollingPolicies.inOrder(directory);
        for (final Path file : files) {
            for (final String line : Files.readAllLines(file)) {
                final String[] words = line.split(" ");
                assertEquals(FILLER, words[2], "whole lines");
                final int thread = Integer.parseInt(words[0]);
                assertEquals(++last[thread], Integer.parseInt(words[1]), () -> "once, in order: " + line);
            }
        }
        for (int t = 0; t < THREADS; t++) {
            assertEquals(events, last[t], "all of them");
        }
        return files.size();
    }

    @Test
    void shouldHaveEachEventInOneFileWhenSizesEndThem() throws Exception {
        final RollingIoUringFileAppender<ILoggingEvent> appender = appender("MEMORY");
        bySize(appender, 16 << 10);
        log(appender, 25_000);
        final int files = verify(appender, 25_000);
        assertTrue(files > 500, () -> files + " files");
        for (final Path file : RollingPolicies.inOrder(directory)) {
            assertTrue(Files.size(file) < (16 << 10) + 80, "full, and not more");
        }
    }

    @Test
    void shouldHaveEachEventInOneFileWhenMillisecondsEndThem() throws Exception {
        final RollingIoUringFileAppender<ILoggingEvent> appender = appender("MEMORY");
        RollingPolicies.byTime(appender, directory.resolve("a.%d{yyyy-MM-dd_HHmmssSSS}.0.log"), policy -> {});
        log(appender, 25_000);
        final int files = verify(appender, 25_000);
        assertTrue(files > 20, () -> files + " files");
    }

    @Test
    void shouldHaveEachEventInOneFileAtDurabilityKernel() throws Exception {
        final RollingIoUringFileAppender<ILoggingEvent> appender = appender("KERNEL");
        bySize(appender, 4 << 10);
        log(appender, 2_500);
        final int files = verify(appender, 2_500);
        assertTrue(files > 200, () -> files + " files");
    }

    @Test
    void shouldHaveEachEventDurableInOneFileAtDurabilityDisk() throws Exception {
        final RollingIoUringFileAppender<ILoggingEvent> appender = appender("DISK");
        bySize(appender, 4 << 10);
        log(appender, 250);
        final int files = verify(appender, 250);
        assertTrue(files > 20, () -> files + " files");
        assertEquals(
                appender.statistics().writtenPosition(), appender.statistics().durablePosition());
    }

    @Test
    void shouldHaveEachEventInOneFileWhenAThreadAsksToRollAllTheTime() throws Exception {
        final RollingIoUringFileAppender<ILoggingEvent> appender = appender("MEMORY");
        bySize(appender, 64 << 10);
        appender.start();
        final Thread asking = new Thread(() -> {
            for (int i = 0; i < 300; i++) {
                appender.rollover();
            }
        });
        asking.start();
        log(appender, 10_000);
        asking.join();
        assertTrue(verify(appender, 10_000) > 300);
    }
}
