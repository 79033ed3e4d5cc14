package dev.uringlog.append;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Threads that log numbered lines until told to stop, and the check of what a file has of them. */
public final class NumberedLines {
    /** All of a line but its newline can be worked out from its two numbers. */
    private static final Pattern LINE = Pattern.compile("(\\d+) (\\d+) .*");

    private static final Pattern TORN_EARLY = Pattern.compile("\\d+( \\d*)?");

    private static final int PAD_MAX = 97;
    private static final String PAD = "abcdefghijklmnopqrstuvwxyz".repeat(4);

    private final Supplier<AppendLog> log;

    /** Whether another log follows one that is closed. */
    private final boolean isSuccessive;

    private final OverflowPolicy whenFull;
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicInteger interrupted = new AtomicInteger();
    private volatile boolean isOver;
    private volatile boolean isRefused;

    private NumberedLines(final Supplier<AppendLog> log, final boolean isSuccessive, final OverflowPolicy whenFull) {
        this.log = log;
        this.isSuccessive = isSuccessive;
        this.whenFull = whenFull;
    }

    /** Starts so many threads; each ends by itself when the log is closed. */
    public static NumberedLines into(final AppendLog log, final int threadCount, final OverflowPolicy whenFull) {
        return start(new NumberedLines(() -> log, false, whenFull), threadCount);
    }

    /** Starts threads that log into whichever log is the current one, until they are stopped. */
    public static NumberedLines intoEach(
            final Supplier<AppendLog> current, final int threadCount, final OverflowPolicy whenFull) {
        return start(new NumberedLines(current, true, whenFull), threadCount);
    }

    private static NumberedLines start(final NumberedLines lines, final int threadCount) {
        for (int t = 0; t < threadCount; t++) {
            final int me = t;
            lines.threads.add(new Thread(() -> lines.run(me), "producer-" + t));
        }
        lines.threads.forEach(Thread::start);
        return lines;
    }

    private void run(final int me) {
        for (long i = 0; !isOver && (isSuccessive || !isRefused); i++) {
            final byte[] line = line(me, i);
            try {
                log.get().append(line, 0, line.length, whenFull);
            } catch (final LogClosedException e) {
                isRefused = true;
                Thread.yield();
            } catch (final UncheckedIOException e) {
                continue; // The caller is told that its event is not there; the next may be.
            }
        }
        interrupted.addAndGet(Thread.currentThread().isInterrupted() ? 1 : 0);
    }

    public static byte[] line(final int thread, final long sequence) {
        return (text(thread, sequence) + "\n").getBytes(StandardCharsets.US_ASCII);
    }

    private static String text(final long thread, final long sequence) {
        return thread + " " + sequence + " " + PAD.substring(0, (int) ((sequence * 31 + thread) % PAD_MAX));
    }

    public List<Thread> threads() {
        return threads;
    }

    /** Whether the log was closed before this was. */
    public boolean isRefused() {
        return isRefused;
    }

    /** How many threads ended with their interrupt flag set. */
    public int interrupted() {
        return interrupted.get();
    }

    /** Ends the threads, which must not take long. */
    public void stop() throws InterruptedException {
        isOver = true;
        awaitEnd();
    }

    /** Waits until the threads have ended, which they do when the log is closed. */
    public void awaitEnd() throws InterruptedException {
        for (final Thread thread : threads) {
            thread.join(TimeUnit.SECONDS.toMillis(20));
            assertTrue(!thread.isAlive(), () -> thread.getName() + " hangs");
        }
    }

    /**
     * What files hold, one after the other.
     *
     * @param whole lines that are as they were logged
     * @param torn lines that break off, which nothing completed
     */
    public record Found(long whole, long torn) {}

    /** Which lines there are in files, whichever of them has one, or more than one. */
    public static final class Distinct {
        private final Map<Long, BitSet> sequences = new HashMap<>();

        private void add(final long thread, final long sequence) {
            sequences.computeIfAbsent(thread, each -> new BitSet()).set(Math.toIntExact(sequence));
        }

        long count() {
            return sequences.values().stream().mapToLong(BitSet::cardinality).sum();
        }
    }

    /** Reads them. Fails the test if a line is out of its thread's order, or doubled, or from no thread. */
    public static Found in(final Path... files) throws IOException {
        return in(new Distinct(), files);
    }

    /** Reads them; notes which lines there are. */
    public static Found in(final Distinct distinct, final Path... files) throws IOException {
        final Map<Long, Long> last = new HashMap<>();
        long whole = 0;
        long torn = 0;
        for (final Path file : files) {
            try (BufferedReader reader = Files.newBufferedReader(file, StandardCharsets.US_ASCII)) {
                for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                    final Matcher matcher = LINE.matcher(line);
                    if (!matcher.matches()) {
                        assertTrue(TORN_EARLY.matcher(line).matches(), file + " has a line of no thread: " + line);
                        torn++;
                        continue;
                    }
                    final long thread = Long.parseLong(matcher.group(1));
                    final long sequence = Long.parseLong(matcher.group(2));
                    final long before = last.getOrDefault(thread, -1L);
                    assertTrue(sequence > before, file + ": " + line + " after " + before);
                    final String expected = text(thread, sequence);
                    if (line.equals(expected)) {
                        last.put(thread, sequence);
                        distinct.add(thread, sequence);
                        whole++;
                    } else {
                        assertTrue(expected.startsWith(line), file + " has a line of no thread: " + line);
                        torn++;
                    }
                }
            }
        }
        return new Found(whole, torn);
    }

    /** That everything is accounted for, and the files agree. */
    public static void assertHolds(final AppendStatistics s, final Path... files) throws IOException {
        Accounts.assertSettled(s);
        final Found found = in(files);
        assertTrue(found.whole() >= s.written(), () -> found + ", " + s);
        // An event that has failed may lack nothing but its newline, which the next one brought.
        assertTrue(found.whole() + found.torn() <= s.written() + s.failed(), () -> found + ", " + s);
    }
}
