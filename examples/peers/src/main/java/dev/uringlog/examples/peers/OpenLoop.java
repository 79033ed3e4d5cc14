package dev.uringlog.examples.peers;

import dev.uringlog.write.Strategy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * The contest "lag": producers append at a fixed rate, or as fast as they can, and never wait. It measures how soon an
 * event is on the disk, and how many flushes a second that takes. Contenders take turns in one JVM.
 */
final class OpenLoop {
    private static final int EVENT_SIZE = 250;

    /** Producers sleep through longer gaps than this, except their end, because a thread wakes some 60 µs late. */
    private static final long PARK_NS = 150_000;

    /** At most so many events a second have their lag measured. */
    private static final int SAMPLES_PER_SECOND = 50_000;

    private static final Map<String, AcknowledgedLog.Opener> CONTENDERS = new LinkedHashMap<>();

    static {
        CONTENDERS.put("write and force in turn", InTurnLog::new);
        CONTENDERS.put("AppendLog, writev", (file, durable) -> new OverlappedLog(file, Strategy.WRITEV, 16, durable));
        for (final int depth : ints("depths", "16")) {
            CONTENDERS.put(
                    "AppendLog, auto, " + depth + " in flight",
                    (file, durable) -> new OverlappedLog(file, Strategy.AUTO, depth, durable));
        }
    }

    record Load(int producers, int rate) {
        String label() {
            return producers
                    + (producers == 1 ? " producer, " : " producers, ")
                    + (rate == 0 ? "saturated" : "%,d events/s".formatted(rate));
        }
    }

    private record Run(double eventsPerSecond, double flushesPerSecond, double p50, double p99) {
        Run over(final Run other) {
            return new Run(
                    eventsPerSecond / other.eventsPerSecond,
                    flushesPerSecond / other.flushesPerSecond,
                    p50 / other.p50,
                    p99 / other.p99);
        }
    }

    private final Path file;
    private final double seconds;
    private final int rounds;

    OpenLoop(final Path dir, final double seconds, final int rounds) {
        file = dir.resolve("peers.log");
        this.seconds = seconds;
        this.rounds = rounds;
    }

    /** Runs the contest. System properties: dir, seconds, rounds, threads, rates (0 is saturated), depths. */
    static void run() throws IOException, InterruptedException {
        final Path dir = Path.of(get("dir", System.getProperty("java.io.tmpdir")));
        final OpenLoop loop = new OpenLoop(
                Files.createDirectories(dir),
                Double.parseDouble(get("seconds", "1")),
                Integer.parseInt(get("rounds", "5")));
        System.out.println("Measured on " + Machine.describe(dir) + ". Medians over the rounds; in brackets the median"
                + " of the ratio to the first row within a round.");
        for (final int producers : ints("threads", "1,2,4")) {
            for (final int rate : ints("rates", "5000,20000,100000,0")) {
                System.out.println(loop.compare(new Load(producers, rate)));
            }
        }
    }

    private static String get(final String name, final String otherwise) {
        final String value = System.getProperty(name, "");
        return value.isEmpty() ? otherwise : value;
    }

    private static List<Integer> ints(final String name, final String otherwise) {
        return Stream.of(get(name, otherwise).split(",")).map(Integer::valueOf).toList();
    }

    /** Prints one table: each contender under this load. Fails if a contender lost an event. */
    String compare(final Load load) throws IOException, InterruptedException {
        final Map<String, List<Run>> runs = new LinkedHashMap<>();
        final String first = CONTENDERS.keySet().iterator().next();
        for (int round = -1; round < rounds; round++) {
            for (final Map.Entry<String, AcknowledgedLog.Opener> contender : CONTENDERS.entrySet()) {
                final Run run = run(contender.getValue(), load, round < 0 ? seconds / 2 : seconds);
                if (round >= 0) { // The first round gets the code compiled.
                    runs.computeIfAbsent(contender.getKey(), key -> new ArrayList<>())
                            .add(run);
                }
            }
        }
        final StringBuilder table = new StringBuilder("\n### " + load.label()
                + "\n\n| | events/s | flushes/s | lag p50 µs | p99 µs |\n|---|--:|--:|--:|--:|\n");
        runs.forEach((contender, own) -> {
            final List<Run> ratios = new ArrayList<>();
            for (int i = 0; i < rounds; i++) {
                ratios.add(own.get(i).over(runs.get(first).get(i)));
            }
            final Run median = median(own);
            final Run ratio = median(ratios);
            table.append(String.format(
                    Locale.ROOT,
                    "| %s | %,.0f | %,.0f (%.2f) | %,.0f (%.2f) | %,.0f (%.2f) |%n",
                    contender,
                    median.eventsPerSecond,
                    median.flushesPerSecond,
                    ratio.flushesPerSecond,
                    median.p50,
                    ratio.p50,
                    median.p99,
                    ratio.p99));
        });
        return table.toString();
    }

    private static Run median(final List<Run> runs) {
        return new Run(
                median(runs.stream().mapToDouble(Run::eventsPerSecond).toArray()),
                median(runs.stream().mapToDouble(Run::flushesPerSecond).toArray()),
                median(runs.stream().mapToDouble(Run::p50).toArray()),
                median(runs.stream().mapToDouble(Run::p99).toArray()));
    }

    private static double median(final double[] values) {
        Arrays.sort(values);
        final int middle = values.length / 2;
        return values.length % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
    }

    private Run run(final AcknowledgedLog.Opener opener, final Load load, final double duration)
            throws IOException, InterruptedException {
        Files.deleteIfExists(file);
        final Lags lags = new Lags(load.producers);
        final long[] counts = new long[load.producers];
        final Thread[] threads = new Thread[load.producers];
        final double flushes;
        final long nanos;
        try (AcknowledgedLog log = opener.open(file, lags)) {
            log.append(event(0));
            final long begin = System.nanoTime();
            for (int i = 0; i < load.producers; i++) {
                final int index = i;
                threads[i] = new Thread(
                        () -> counts[index] = produce(log, load, index, begin, duration, lags.of(index)),
                        "producer-" + i);
            }
            lags.start();
            final long before = log.syncs();
            for (final Thread thread : threads) {
                thread.start();
            }
            for (final Thread thread : threads) {
                thread.join();
            }
            nanos = System.nanoTime() - begin;
            flushes = log.syncs() - before;
        }
        final long events = Arrays.stream(counts).sum();
        if (Files.size(file) != (events + 1) * EVENT_SIZE) {
            throw new IllegalStateException(events + " events, " + Files.size(file) + " bytes");
        }
        return new Run(
                events * 1e9 / nanos,
                flushes * 1e9 / nanos,
                lags.histogram().getValueAtPercentile(50) / 1e3,
                lags.histogram().getValueAtPercentile(99) / 1e3);
    }

    private static byte[] event(final int producer) {
        final byte[] event = new byte[EVENT_SIZE];
        Arrays.fill(event, (byte) ('a' + producer));
        event[EVENT_SIZE - 1] = '\n';
        return event;
    }

    private static long produce(
            final AcknowledgedLog log,
            final Load load,
            final int index,
            final long begin,
            final double seconds,
            final Lags.Notes notes) {
        final byte[] event = event(index);
        final int stride = load.rate == 0 ? 16 : Math.max(1, load.rate / SAMPLES_PER_SECOND);
        final double interval = load.rate == 0 ? 0 : 1e9 / load.rate;
        final long end = begin + (long) (seconds * 1e9);
        long i = 0;
        for (long now = System.nanoTime(); now < end; now = System.nanoTime(), i++) {
            final long due = begin + (long) ((i * load.producers + index) * interval);
            for (; load.rate > 0 && now < due; now = System.nanoTime()) {
                if (due - now > PARK_NS) {
                    LockSupport.parkNanos(due - now - PARK_NS / 2);
                } else {
                    Thread.yield();
                }
            }
            final long position = log.append(event);
            if (i % stride == 0) {
                notes.add(position, now);
            }
        }
        return i;
    }
}
