package dev.uringlog.append;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class AppendLogTest {
    @TempDir
    Path directory;

    private Thread flusher;

    private static byte[] ascii(final String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Test
    void shouldWriteEveryEventOfEveryThreadInItsOrder() throws Exception {
        final Path file = directory.resolve("a.log");
        final int threads = 4;
        final int each = 100_000;
        try (AppendLog log = AppendLog.builder(file).ringSize(64 << 10).open()) {
            final Thread[] all = new Thread[threads];
            for (int t = 0; t < threads; t++) {
                final int me = t;
                all[t] = new Thread(() -> {
                    for (int i = 0; i < each; i++) {
                        log.append(ascii(me + " " + i + "\n"));
                    }
                });
                all[t].start();
            }
            for (final Thread thread : all) {
                thread.join();
            }
            log.flush();
            final AppendStatistics statistics = log.statistics();
            assertEquals(threads * each, statistics.written());
            assertEquals(Files.size(file), statistics.bytes());
            assertTrue(statistics.flushes() <= threads * each / 100, statistics.toString());
        }
        final int[] next = new int[threads];
        final List<String> lines = Files.readAllLines(file);
        for (final String line : lines) {
            final int space = line.indexOf(' ');
            final int me = Integer.parseInt(line.substring(0, space));
            assertEquals(next[me]++, Integer.parseInt(line.substring(space + 1)));
        }
        assertEquals(threads * each, lines.size());
    }

    @Test
    void shouldReturnEndPositionsAndConsumeTheBuffer() throws Exception {
        final Path file = directory.resolve("p.log");
        try (AppendLog log = AppendLog.builder(file).open()) {
            assertEquals(3, log.append(ascii("ab\n")));
            final ByteBuffer heap = ByteBuffer.wrap(ascii("xcd\n")).position(1);
            assertEquals(6, log.append(heap));
            assertEquals(0, heap.remaining());
            final ByteBuffer direct =
                    ByteBuffer.allocateDirect(2).put(ascii("e\n")).flip();
            assertEquals(8, log.append(direct));
            assertEquals(8, log.append(new byte[0]), "an empty event is none");
            assertThrows(IndexOutOfBoundsException.class, () -> log.append(new byte[2], 1, 2, OverflowPolicy.BLOCK));
        }
        assertEquals("ab\ncd\ne\n", Files.readString(file));
    }

    @Test
    void shouldBringALoneEventToTheFileWithoutBeingAsked() throws Exception {
        final Path file = directory.resolve("lone.log");
        try (AppendLog log =
                AppendLog.builder(file).threadFactory(this::newFlusher).open()) {
            for (int i = 1; i <= 3; i++) {
                log.append(ascii("lone\n"));
                final long size = 5L * i;
                await().atMost(Duration.ofSeconds(5)).until(() -> Files.size(file) == size);
                awaitParked();
            }
        }
    }

    @Test
    void shouldParkWithoutATimerWhenIdle() throws Exception {
        try (AppendLog log = AppendLog.builder(directory.resolve("idle.log"))
                .threadFactory(this::newFlusher)
                .open()) {
            log.append(ascii("one\n"));
            awaitParked();
        }
    }

    private Thread newFlusher(final Runnable work) {
        flusher = new Thread(work, "flusher of AppendLogTest");
        return flusher;
    }

    private void awaitParked() {
        await().atMost(Duration.ofSeconds(5)).until(() -> flusher.getState() == Thread.State.WAITING);
    }

    @Test
    void shouldWriteAnEventLongerThanTheRingWholeAndInOrder() throws Exception {
        final Path file = directory.resolve("large.log");
        final byte[] large = new byte[16 << 20];
        java.util.Arrays.fill(large, (byte) 'x');
        try (AppendLog log = AppendLog.builder(file).ringSize(4096).open()) {
            log.append(ascii("before\n"));
            log.append(large);
            log.append(ascii("\nafter\n"));
        }
        final byte[] expected = new byte[large.length + 14];
        System.arraycopy(ascii("before\n"), 0, expected, 0, 7);
        System.arraycopy(large, 0, expected, 7, large.length);
        System.arraycopy(ascii("\nafter\n"), 0, expected, 7 + large.length, 7);
        assertArrayEquals(expected, Files.readAllBytes(file));
    }

    @Test
    void shouldMendATornTailAtOpen() throws Exception {
        final Path file = directory.resolve("torn.log");
        Files.writeString(file, "whole\ntor");
        try (AppendLog log = AppendLog.builder(file).open()) {
            assertEquals(9, log.initialSize());
            log.append(ascii("next\n"));
        }
        assertEquals("whole\ntor\nnext\n", Files.readString(file));
        try (AppendLog log = AppendLog.builder(file).open()) {
            log.append(ascii("again\n"));
        }
        assertEquals("whole\ntor\nnext\nagain\n", Files.readString(file));
    }

    @Test
    void shouldLeaveATailAloneWhenToldThatTheLogIsNotMadeOfLines() throws Exception {
        final Path file = directory.resolve("wal");
        Files.writeString(file, "abc");
        try (AppendLog log = AppendLog.builder(file).mendTornTail(false).open()) {
            log.append(ascii("def"));
        }
        assertEquals("abcdef", Files.readString(file));
    }

    @Test
    void shouldEmptyTheFileWhenNotAppending() throws Exception {
        final Path file = directory.resolve("fresh.log");
        Files.writeString(file, "old\n");
        try (AppendLog log = AppendLog.builder(file).append(false).open()) {
            assertEquals(0, log.initialSize());
            log.append(ascii("new\n"));
        }
        assertEquals("new\n", Files.readString(file));
    }

    @Test
    void shouldNotAllocatePerEvent() throws Exception {
        final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        final byte[] event = ascii("an event of some forty bytes, all told..\n");
        final int count = 200_000;
        try (AppendLog log = AppendLog.builder(directory.resolve("alloc.log")).open()) {
            final AtomicReference<Long> allocated = new AtomicReference<>();
            final Thread producer = new Thread(() -> {
                for (int i = 0; i < count; i++) {
                    log.append(event);
                }
                final long before = threads.getCurrentThreadAllocatedBytes();
                for (int i = 0; i < count; i++) {
                    log.append(event);
                }
                allocated.set(threads.getCurrentThreadAllocatedBytes() - before);
            });
            producer.start();
            producer.join();
            assertTrue(allocated.get() < count / 10, allocated + " bytes for " + count + " events");
        }
    }
}
