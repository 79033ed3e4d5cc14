package dev.uringlog.examples.quickstart;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A check that passes is worth what it would have found. */
class CheckerTest {
    private static final int THREADS = 2;
    private static final int EVENTS = 600;

    private final Workload workload = new Workload();
    private final Framework framework = new Log4jFramework();
    private final List<byte[]> records = records();

    @TempDir
    private Path dir;

    @Test
    void shouldCountEachThreadsEventsInAFileThatIsRight() throws IOException {
        final Checker.Verdict verdict = check();
        assertNull(verdict.problem());
        assertArrayEquals(new long[] {EVENTS, EVENTS}, verdict.perThread());
        assertEquals(Files.size(dir.resolve("log")), verdict.bytes());
    }

    @Test
    void shouldFindALostEvent() throws IOException {
        records.remove(500);
        // Where its thread's next event stands: the other thread's between them is right.
        assertFoundAt(501);
    }

    @Test
    void shouldFindADoubledEvent() throws IOException {
        records.add(500, records.get(499));
        assertFoundAt(500);
    }

    @Test
    void shouldFindTwoEventsOfOneThreadInTheWrongOrder() throws IOException {
        Collections.swap(records, 500, 502);
        assertFoundAt(500);
    }

    @Test
    void shouldFindOneByteThatChanged() throws IOException {
        for (final int distance : new int[] {1, 2, 10}) {
            final byte[] record = records.get(500).clone();
            record[record.length - distance] ^= 1;
            final byte[] right = records.set(500, record);
            assertFoundAt(500);
            records.set(500, right);
        }
    }

    @Test
    void shouldFindAStackTraceCutShort() throws IOException {
        final int index = indexOfFailure();
        final byte[] record = records.get(index);
        records.set(index, Arrays.copyOf(record, record.length - 40));
        assertFoundAt(index);
    }

    @Test
    void shouldTellATornEndFromAWrongOne() throws IOException {
        final byte[] last = records.remove(records.size() - 1);
        for (int length = 1; length < last.length; length++) {
            records.add(Arrays.copyOf(last, length));
            final Checker.Verdict verdict = check();
            assertNotNull(verdict.problem());
            assertTrue(verdict.isTorn(), verdict.problem());
            records.remove(records.size() - 1);
        }
        records.add("2026-01-01 00:00:00.000 INFO  [worker-1] other".getBytes(StandardCharsets.US_ASCII));
        assertFalse(check().isTorn());
    }

    private void assertFoundAt(final int record) throws IOException {
        long offset = 0;
        for (int i = 0; i < record; i++) {
            offset += records.get(i).length;
        }
        final Checker.Verdict verdict = check();
        assertNotNull(verdict.problem());
        assertFalse(verdict.isTorn());
        assertEquals(offset, verdict.bytes(), verdict.problem());
    }

    private Checker.Verdict check() throws IOException {
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        records.forEach(bytes::writeBytes);
        final Path file = dir.resolve("log");
        Files.write(file, bytes.toByteArray());
        return Checker.check(file, workload, framework, THREADS);
    }

    private int indexOfFailure() {
        for (int i = 0; i < records.size(); i++) {
            if (new String(records.get(i), StandardCharsets.UTF_8).contains("\tat ")) {
                return i;
            }
        }
        throw new AssertionError("no exception among " + records.size() + " events");
    }

    /** The two threads in turn. */
    private List<byte[]> records() {
        final List<byte[]> all = new ArrayList<>();
        final Bytes rest = new Bytes();
        for (int i = 0; i < EVENTS * THREADS; i++) {
            workload.expect(framework, i % THREADS, i / THREADS, rest);
            final ByteArrayOutputStream record = new ByteArrayOutputStream();
            record.writeBytes("2026-01-01 12:34:56.789".getBytes(StandardCharsets.US_ASCII));
            record.write(rest.array(), 0, rest.length());
            all.add(record.toByteArray());
        }
        return all;
    }
}
