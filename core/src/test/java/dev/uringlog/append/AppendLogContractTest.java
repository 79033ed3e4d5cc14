package dev.uringlog.append;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.uringlog.testing.ChildJvm;
import dev.uringlog.testing.Host;
import dev.uringlog.write.Strategy;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What a log keeps on the kernel that runs this: by either strategy, on every file system. */
@Timeout(120)
class AppendLogContractTest {
    @TempDir
    Path directory;

    /** A strategy and a place to write. */
    record Case(Strategy strategy, Host.Place place) {
        @Override
        public String toString() {
            return strategy.label() + " on " + place;
        }

        AppendLogBuilder builder() {
            if (strategy == Strategy.IOURING) {
                Host.requireIoUring();
            }
            return AppendLog.builder(path()).strategy(strategy).listener(new Heard());
        }

        Path path() {
            return place.directory().resolve("log");
        }
    }

    static Stream<Case> cases() throws IOException {
        final List<Case> cases = new ArrayList<>();
        for (final Strategy strategy : List.of(Strategy.WRITEV, Strategy.IOURING)) {
            Host.places().forEach(place -> cases.add(new Case(strategy, place)));
        }
        return cases.stream();
    }

    private static byte[] ascii(final String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void shouldWriteEveryEventOfEveryThreadOnceAndInItsOrder(final Case c) throws Exception {
        final int threads = 4;
        final int each = 20_000;
        try (AppendLog log = c.builder().ringSize(64 << 10).open()) {
            final Thread[] all = new Thread[threads];
            for (int t = 0; t < threads; t++) {
                final int me = t;
                all[t] = new Thread(() -> {
                    for (int i = 0; i < each; i++) {
                        log.append(ascii(me + " " + i + "x".repeat(i % 97) + "\n"));
                    }
                });
                all[t].start();
            }
            for (final Thread thread : all) {
                thread.join();
            }
            log.flush();
            assertEquals(
                    threads * each, log.statistics().written(), log.statistics().toString());
            assertEquals(Files.size(c.path()), log.statistics().bytes());
        }
        final int[] next = new int[threads];
        try (Stream<String> lines = Files.lines(c.path())) {
            lines.forEach(line -> {
                final int me = line.charAt(0) - '0';
                final int i = next[me]++;
                assertEquals(me + " " + i + "x".repeat(i % 97), line);
            });
        }
        for (final int count : next) {
            assertEquals(each, count);
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void shouldReturnFromEachCallWithItsEventInTheFileAndDurable(final Case c) throws Exception {
        final int threads = 4;
        final int each = 200;
        try (AppendLog log = c.builder().durability(Durability.DISK).open()) {
            final List<Thread> all = new ArrayList<>();
            final AtomicInteger early = new AtomicInteger();
            for (int t = 0; t < threads; t++) {
                final int me = t;
                all.add(new Thread(() -> {
                    for (int i = 0; i < each; i++) {
                        final long position = log.append(ascii(me + " " + i + "\n"));
                        if (log.durablePosition() < position
                                || c.path().toFile().length() < position) {
                            early.incrementAndGet();
                        }
                    }
                }));
            }
            all.forEach(Thread::start);
            for (final Thread thread : all) {
                thread.join();
            }
            assertEquals(0, early.get());
            assertEquals(threads * each, log.statistics().written());
            assertTrue(
                    log.statistics().syncs() <= threads * each, log.statistics().toString());
        }
        assertEquals(threads * each, Files.readAllLines(c.path()).size());
    }

    @ParameterizedTest
    @MethodSource("cases")
    void shouldCarryEventsOfEverySizeWholeTheLargerThanTheRingToo(final Case c) throws Exception {
        final StringBuilder expected = new StringBuilder();
        try (AppendLog log = c.builder().ringSize(4096).open()) {
            for (final int size : new int[] {1, 4095, 4096, 4097, 10, 300_000, 1, 5_000_000, 7}) {
                final byte[] event = new byte[size];
                Arrays.fill(event, (byte) ('a' + size % 26));
                log.append(event);
                expected.append(new String(event, StandardCharsets.US_ASCII));
            }
        }
        assertArrayEquals(ascii(expected.toString()), Files.readAllBytes(c.path()));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void shouldGoOnBehindWhatIsThereAndMendATornTail(final Case c) throws Exception {
        Files.writeString(c.path(), "whole\ntorn");
        try (AppendLog log = c.builder().open()) {
            log.append(ascii("next\n"));
        }
        assertEquals("whole\ntorn\nnext\n", Files.readString(c.path()));
    }

    /** Logs 30,000 events of 100 bytes and prints the counters. */
    static final class Logs {
        private Logs() {}

        public static void main(final String[] arguments) throws IOException {
            final AppendLog log = AppendLog.builder(Path.of(arguments[0]))
                    .strategy(Strategy.valueOf(arguments[1]))
                    .shutdownTimeout(Duration.ofSeconds(Integer.parseInt(arguments[2])))
                    .listener(new Heard())
                    .open();
            final byte[] event = ascii("z".repeat(99) + "\n");
            for (int i = 0; i < 30_000; i++) {
                log.append(event);
            }
            log.close();
            final AppendStatistics s = log.statistics();
            System.out.println("accepted " + s.accepted() + ", waiting " + s.waiting());
            System.out.println("written " + s.written());
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Strategy.class,
            names = {"WRITEV", "IOURING"})
    void shouldCountWhatAFileSizeLimitKeepsOut(final Strategy strategy) throws Exception {
        if (strategy == Strategy.IOURING) {
            Host.requireIoUring();
        }
        final Path file = directory.resolve("limited");
        // 2048 blocks of 512 or 1024 bytes, as this shell counts: less than the events need either way.
        final ChildJvm.Outcome outcome =
                ChildJvm.run("ulimit -f 2048", List.of(), Logs.class, file.toString(), strategy.name(), "3");
        assertEquals(0, outcome.exitCode(), outcome.output());
        assertTrue(outcome.output().contains("accepted 30000, waiting 0"), outcome.output());
        final long written = Files.size(file) / 100;
        assertTrue(written > 0 && written < 30_000, "written " + written);
        assertTrue(
                outcome.output().contains("written " + written), outcome.output() + " but " + written + " in the file");
    }

    @ParameterizedTest
    @EnumSource(
            value = Strategy.class,
            names = {"AUTO", "WRITEV"})
    void shouldLogWhereARingMayNotBeHad(final Strategy strategy) throws Exception {
        final Path file = directory.resolve("unlimited");
        final ChildJvm.Outcome outcome =
                ChildJvm.run("ulimit -l 0", List.of(), Logs.class, file.toString(), strategy.name(), "30");
        assertEquals(0, outcome.exitCode(), outcome.output());
        assertEquals(3_000_000, Files.size(file));
    }
}
