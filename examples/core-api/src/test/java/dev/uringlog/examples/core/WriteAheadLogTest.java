package dev.uringlog.examples.core;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WriteAheadLogTest {
    private static final int HEADER = 8;
    /** Held, for the platform forgets the level of a logger that nobody holds. */
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
            records.forEach(log::append);
            log.commit();
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
