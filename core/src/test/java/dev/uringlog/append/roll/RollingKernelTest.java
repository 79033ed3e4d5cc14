package dev.uringlog.append.roll;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.uringlog.append.AppendLog;
import dev.uringlog.append.AppendStatistics;
import dev.uringlog.append.Durability;
import dev.uringlog.append.MemorySink;
import dev.uringlog.append.NumberingRoller;
import dev.uringlog.append.Way;
import dev.uringlog.testing.Host;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rolling while many threads log, on every file system there is. */
@Timeout(120)
class RollingKernelTest {
    private static final int PRODUCERS = 8;
    private static final int FILE_SIZE_MAX = 64 << 10;
    private static final long FILE_MILLIS = 3;

    /** Every few milliseconds by the events' own time, and by size; asked on whichever thread gathers. */
    private static NumberingRoller roller() {
        final AtomicLong next = new AtomicLong();
        return new NumberingRoller((time, length, size) -> {
                    final boolean isDue = time >= next.get() || size + length > FILE_SIZE_MAX;
                    if (isDue) {
                        next.set(time + FILE_MILLIS);
                    }
                    return isDue;
                })
                .framed();
    }

    @ParameterizedTest
    @CsvSource({
        "WRITEV, MEMORY, 20000",
        "WRITEV, KERNEL, 2000",
        "WRITEV, DISK, 150",
        "IOURING, MEMORY, 20000",
        "IOURING, DISK, 150",
        "JAVA, MEMORY, 20000",
        "JAVA, DISK, 150"
    })
    void shouldLoseTearAndDuplicateNothingWhileItRollsEveryFewMilliseconds(
            final Way way, final Durability durability, final int each) throws Exception {
        for (final Host.Place place : Host.places()) {
            final Path path = place.directory().resolve("log");
            final NumberingRoller roller = roller();
            final int asked;
            try (AppendLog log = way.builder(path)
                    .ringSize(64 << 10)
                    .durability(durability)
                    .roller(roller)
                    .open()) {
                asked = produce(log, each);
                log.flush();
                final AppendStatistics s = log.statistics();
                assertEquals((long) PRODUCERS * each, s.written(), place + ": " + s);
            }
            final List<Path> files = new ArrayList<>(roller.done);
            files.add(path);
            assertTrue(asked > 0 && files.size() > asked + 3, place + ": " + files.size() + " files, asked " + asked);
            assertEquals((long) PRODUCERS * each, check(files), place.toString());
        }
    }

    /** Returns how often a thread beside the producers had it roll. */
    private static int produce(final AppendLog log, final int each) throws Exception {
        final AtomicReference<Throwable> trouble = new AtomicReference<>();
        final CountDownLatch rolledOnce = new CountDownLatch(1);
        final List<Thread> threads = new ArrayList<>();
        for (int p = 0; p < PRODUCERS; p++) {
            final int producer = p;
            threads.add(new Thread(() -> {
                for (int i = 0; i < each; i++) {
                    log.append((producer + " " + i + "\n").getBytes(StandardCharsets.US_ASCII));
                    if (i == each / 2) {
                        MemorySink.awaitUninterruptibly(rolledOnce);
                    }
                }
            }));
        }
        final int[] asked = new int[1];
        final Thread roller = new Thread(() -> {
            try {
                while (!Thread.currentThread().isInterrupted()) {
                    log.roll();
                    asked[0]++;
                    rolledOnce.countDown();
                    LockSupport.parkNanos(5_000_000);
                }
            } catch (final IOException e) {
                trouble.set(e);
            } finally {
                rolledOnce.countDown();
            }
        });
        threads.forEach(Thread::start);
        roller.start();
        for (final Thread thread : threads) {
            thread.join();
        }
        roller.interrupt();
        roller.join();
        assertEquals(null, trouble.get());
        return asked[0];
    }

    /** Each producer's events, whole, each once, in its order from file to file; returns how many. */
    private static long check(final List<Path> files) throws IOException {
        final int[] next = new int[PRODUCERS];
        long count = 0;
        for (int i = 0; i < files.size(); i++) {
            final String text = Files.readString(files.get(i));
            assertTrue(i == 0 || text.startsWith("<\n"), "no header in " + files.get(i));
            assertTrue(i == files.size() - 1 || text.endsWith(">\n"), "no footer in " + files.get(i));
            assertTrue(text.isEmpty() || text.endsWith("\n"), "torn at the end of " + files.get(i));
            for (final String line : text.substring(i == 0 ? 0 : 2).split("\n")) {
                final int space = line.indexOf(' ');
                if (space > 0) {
                    final int producer = Integer.parseInt(line.substring(0, space));
                    assertEquals(next[producer]++, Integer.parseInt(line.substring(space + 1)), line);
                    count++;
                } else {
                    assertTrue(line.isEmpty() || line.equals(">"), line);
                }
            }
        }
        return count;
    }
}
