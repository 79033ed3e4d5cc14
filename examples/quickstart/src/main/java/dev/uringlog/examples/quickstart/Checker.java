package dev.uringlog.examples.quickstart;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.LongStream;

/**
 * Reads a log file from its first byte to its last and compares it with what was logged. Each record belongs to a
 * thread and must be that thread's next event, whole. So a lost, doubled, swapped, torn or altered event ends the check
 * there. Only one window of the file is in memory.
 */
final class Checker {
    private static final String DATE = "dddd-dd-dd dd:dd:dd.ddd";
    private static final int THREAD_DIGIT = DATE.length() + " INFO  [worker-".length();
    private static final int SNIPPET = 160;

    /**
     * The result of the check.
     *
     * @param perThread how many events of each thread, from its first on
     * @param bytes how many bytes of the file were right
     * @param problem what was wrong after those, or null
     * @param isTorn whether the only problem is that the file ends before its last record does
     */
    record Verdict(long[] perThread, long bytes, String problem, boolean isTorn) {
        long events() {
            return LongStream.of(perThread).sum();
        }
    }

    private final Workload workload;
    private final Framework framework;
    private final long[] next;
    private final Bytes expected = new Bytes();
    private final byte[] window = new byte[1 << 20];
    private int start;
    private int end;
    private long offset;
    private boolean isTorn;

    private Checker(final Workload workload, final Framework framework, final int threads) {
        this.workload = workload;
        this.framework = framework;
        next = new long[threads];
    }

    static Verdict check(final Path file, final Workload workload, final Framework framework, final int threads)
            throws IOException {
        final Checker checker = new Checker(workload, framework, threads);
        try (InputStream in = Files.newInputStream(file)) {
            final String problem = checker.problem(in);
            return new Verdict(checker.next, checker.offset, problem, checker.isTorn);
        }
    }

    private String problem(final InputStream in) throws IOException {
        while (fill(in, THREAD_DIGIT + 1)) {
            final String problem = nextRecord(in);
            if (problem != null) {
                return "at byte " + offset + ": " + problem;
            }
        }
        isTorn |= start < end;
        return start == end ? null : "at byte " + offset + ": the file ends in " + snippet();
    }

    private String nextRecord(final InputStream in) throws IOException {
        final int thread = window[start + THREAD_DIGIT] - '0';
        if (!isDate() || thread < 0 || thread >= next.length) {
            return "no record begins here: " + snippet();
        }
        workload.expect(framework, thread, Math.toIntExact(next[thread]), expected);
        final int length = DATE.length() + expected.length();
        fill(in, length);
        final int from = start + DATE.length();
        final int difference =
                Arrays.mismatch(window, from, Math.min(end, start + length), expected.array(), 0, expected.length());
        if (difference >= 0) {
            isTorn = start + length > end && difference == end - from;
            return "worker-" + thread + " event " + next[thread] + " differs at its byte "
                    + (DATE.length() + difference) + "; expected "
                    + quote(expected.array(), Math.max(0, difference - SNIPPET / 2), expected.length()) + ", found "
                    + quote(window, Math.max(start, from + difference - SNIPPET / 2), end);
        }
        next[thread]++;
        start += length;
        offset += length;
        return null;
    }

    private boolean isDate() {
        for (int i = 0; i < DATE.length(); i++) {
            final byte b = window[start + i];
            final char wanted = DATE.charAt(i);
            if (wanted == 'd' ? b < '0' || b > '9' : b != wanted) {
                return false;
            }
        }
        return true;
    }

    /** Makes the window hold {@code count} bytes from {@code start}; false if the file ends before. */
    private boolean fill(final InputStream in, final int count) throws IOException {
        if (count > window.length) {
            throw new EOFException("a record of " + count + " bytes is longer than the checker's window");
        }
        if (end - start >= count) {
            return true;
        }
        System.arraycopy(window, start, window, 0, end - start);
        end -= start;
        start = 0;
        end += in.readNBytes(window, end, window.length - end);
        return end >= count;
    }

    private String snippet() {
        return quote(window, start, end);
    }

    private static String quote(final byte[] bytes, final int from, final int to) {
        final String text = new String(bytes, from, Math.min(SNIPPET, to - from), StandardCharsets.UTF_8);
        return '"' + text.replace("\r", "\\r").replace("\n", "\\n").replace("\t", "\\t") + '"';
    }
}
