package dev.uringlog.append.full;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.uringlog.append.AppendLog;
import dev.uringlog.append.AppendStatistics;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Far more producers than processors, and a ring so small that most of them meet it full. */
@Timeout(120)
class ManyProducersTest {
    private static final int RING_SIZE = 16 << 10;

    @TempDir
    Path directory;

    @Test
    void shouldServeManyMoreThreadsThanProcessors() throws Exception {
        final int producers = 64;

        final AppendStatistics statistics = produce(Executors.newFixedThreadPool(producers), producers, 5_000);

        assertTrue(statistics.blocked() > 0, "the ring was never full: " + statistics);
    }

    @Test
    void shouldServeTenThousandVirtualThreadsWithoutPinningACarrier() throws Exception {
        assumeTrue(Runtime.version().feature() >= 21, "virtual threads");
        final Path file = directory.resolve("pinned.jfr");
        try (Recording recording = new Recording()) {
            recording.enable("jdk.VirtualThreadPinned").withThreshold(Duration.ZERO);
            recording.start();
            final ExecutorService virtual = (ExecutorService)
                    Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);

            produce(virtual, 10_000, 20);

            recording.stop();
            recording.dump(file);
        }
        for (final RecordedEvent pinned : RecordingFile.readAllEvents(file)) {
            final boolean isOurs = pinned.getStackTrace() != null
                    && pinned.getStackTrace().getFrames().stream()
                            .anyMatch(frame ->
                                    frame.getMethod().getType().getName().startsWith("dev.uringlog."));
            assertFalse(isOurs, pinned::toString);
        }
    }

    /** Each producer's events must be there, once, in its order, and nothing else. */
    private AppendStatistics produce(final ExecutorService executor, final int producers, final int each)
            throws Exception {
        final Path file = directory.resolve("many.log");
        final AppendStatistics statistics;
        try (AppendLog log = AppendLog.builder(file).ringSize(RING_SIZE).open()) {
            final List<Future<?>> all = new ArrayList<>();
            for (int p = 0; p < producers; p++) {
                final int producer = p;
                all.add(executor.submit(() -> {
                    for (int i = 0; i < each; i++) {
                        log.append((producer + " " + i + "\n").getBytes(StandardCharsets.US_ASCII));
                    }
                }));
            }
            for (final Future<?> future : all) {
                future.get();
            }
            executor.shutdown();
            log.flush();
            statistics = log.statistics();
        }
        assertEquals((long) producers * each, statistics.written());
        assertEquals((long) producers * each, inOrder(file, producers));
        return statistics;
    }

    private static long inOrder(final Path file, final int producers) throws IOException {
        final int[] next = new int[producers];
        try (Stream<String> lines = Files.lines(file)) {
            return lines.peek(line -> {
                        final int space = line.indexOf(' ');
                        final int producer = Integer.parseInt(line.substring(0, space));
                        assertEquals(next[producer]++, Integer.parseInt(line.substring(space + 1)), line);
                    })
                    .count();
        }
    }
}
