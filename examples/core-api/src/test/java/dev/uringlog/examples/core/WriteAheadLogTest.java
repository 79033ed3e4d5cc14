package dev.uringlog.examples.core;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WriteAheadLogTest {
    private static final int HEADER = 8;
    /** Held, because the platform forgets the level of a logger without references. */
    private static final Logger LOGGER = Logger.getLogger("dev.uringlog");

    @TempDir
    private Path dir;

    @BeforeAll
    static void keepQuietAboutEachOpening() {
        LOGGER.setLevel(Level.WARNING);
    }

    @AfterAll
    static void speakAgain() {
        LOGGER.setLevel(null);
    }

    @Test
    void shouldRecoverEveryWholeRecordWhereverTheFileIsTorn() throws IOException {
        final Path path = dir.resolve("torn.wal");
        final List<byte[]> records = records(5);
        write(path, records);
        final byte[] whole = Files.readAllBytes(path);
        for (int length = 0; length <= whole.length; length++) {
            Files.write(path, Arrays.copyOf(whole, length));
            assertRecovers(records.subList(0, recordsWithin(records, length)), path);
        }
    }

    @Test
    void shouldStopAtTheFirstRecordWhoseBytesChanged() throws IOException {
        final Path path = dir.resolve("changed.wal");
        final List<byte[]> records = records(3);
        write(path, records);
        final byte[] bytes = Files.readAllBytes(path);
        bytes[HEADER + records.get(0).length + HEADER] ^= 1;
        Files.write(path, bytes);
        assertRecovers(records.subList(0, 1), path);
        assertEquals(HEADER + records.get(0).length, Files.size(path));
    }

    @Test
    void shouldTakeAHoleOfZerosForTheEnd() throws IOException {
        final Path path = dir.resolve("hole.wal");
        final List<byte[]> records = records(2);
        write(path, records);
        final byte[] bytes = Files.readAllBytes(path);
        Files.write(path, Arrays.copyOf(bytes, bytes.length + 4096));
        assertRecovers(records, path);
    }

    @Test
    void shouldRefuseAnEmptyRecord() throws IOException {
        try (WriteAheadLog log = WriteAheadLog.open(dir.resolve("empty.wal"), payload -> {})) {
            assertThrows(IllegalArgumentException.class, () -> log.append(new byte[0]));
        }
    }

    /** Commits one record after another, and says so each time. */
    static final class Committer {
        private Committer() {}

        public static void main(final String[] args) throws IOException {
            final Path path = Path.of(args[0]);
            final int[] recovered = new int[1];
            try (WriteAheadLog log = WriteAheadLog.open(path, payload -> recovered[0]++)) {
                for (int i = recovered[0]; ; i++) {
                    log.commit(log.append(("record " + i).getBytes(StandardCharsets.US_ASCII)));
                    System.out.println(i);
                }
            }
        }
    }

    @Test
    void shouldRecoverEveryCommittedRecordAfterAKill() throws Exception {
        final Path path = dir.resolve("killed.wal");
        final long seed = Long.getLong("kill.seed", System.nanoTime());
        final Random random = new Random(seed);
        for (int kill = 0; kill < 3; kill++) {
            final int committed = commitUntilKilled(path, random.nextInt(300));
            final List<String> recovered = new ArrayList<>();
            WriteAheadLog.open(path, payload -> recovered.add(new String(payload, StandardCharsets.US_ASCII)))
                    .close();
            final List<String> expected = IntStream.range(0, recovered.size())
                    .mapToObj(i -> "record " + i)
                    .toList();
            assertEquals(expected, recovered, "-Dkill.seed=" + seed);
            assertTrue(recovered.size() > committed, recovered.size() + " after " + committed + ", seed " + seed);
        }
    }

    /** Returns the last record that a child said it had committed; kill -9 came some commits later. */
    private static int commitUntilKilled(final Path path, final int commits) throws IOException, InterruptedException {
        final Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Committer.class.getName(),
                        path.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String last = null;
        try (BufferedReader said = process.inputReader()) {
            for (int i = 0; i <= commits; i++) {
                last = said.readLine();
            }
            process.toHandle().destroyForcibly(); // By its handle: what it said can still be read.
            // What it had said before it died counts as well.
            for (String line = said.readLine(); line != null && line.matches("\\d+"); line = said.readLine()) {
                last = line;
            }
        } finally {
            process.destroyForcibly();
        }
        assertTrue(process.waitFor(30, TimeUnit.SECONDS), "kill -9 does not end it");
        return Integer.parseInt(last);
    }

    @Test
    void shouldRefuseToGoOnBesideAFileThatCouldNotBeSynced() throws IOException {
        final Path path = dir.resolve("suspect.wal");
        write(path, records(1));
        final Path suspect = dir.resolve("suspect.wal.suspect-20300101T000000.000Z");
        Files.createFile(suspect);
        final IOException refusal =
                assertThrows(IOException.class, () -> WriteAheadLog.open(path, payload -> fail("not to be trusted")));
        assertTrue(refusal.getMessage().contains(suspect.toString()), refusal.getMessage());
    }

    private static List<byte[]> records(final int count) {
        final Random random = new Random(42);
        final List<byte[]> records = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            final byte[] payload = new byte[1 + random.nextInt(40)];
            random.nextBytes(payload);
            records.add(payload);
        }
        return records;
    }

    private static void write(final Path path, final List<byte[]> records) throws IOException {
        try (WriteAheadLog log = WriteAheadLog.open(path, payload -> {})) {
            long end = 0;
            for (final byte[] payload : records) {
                end = log.append(payload);
            }
            log.commit(end);
        }
    }

    private static int recordsWithin(final List<byte[]> records, final int length) {
        int count = 0;
        for (int end = 0; count < records.size(); count++) {
            end += HEADER + records.get(count).length;
            if (end > length) {
                return count;
            }
        }
        return count;
    }

    private static void assertRecovers(final List<byte[]> expected, final Path path) throws IOException {
        final List<byte[]> recovered = new ArrayList<>();
        WriteAheadLog.open(path, recovered::add).close();
        assertArrayEquals(expected.toArray(), recovered.toArray());
    }
}
