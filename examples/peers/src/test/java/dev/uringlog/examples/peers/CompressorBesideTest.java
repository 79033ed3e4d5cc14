package dev.uringlog.examples.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class CompressorBesideTest {
    private static final int SIZE = 100_000;

    @TempDir
    private Path dir;

    @Test
    void shouldCompressAFileForEachThatIsFull() throws IOException {
        final AtomicLong logged = new AtomicLong(SIZE + SIZE / 2);
        final String text = "x".repeat(78);
        try (CompressorBeside beside = new CompressorBeside(dir.resolve("log"), SIZE, text, logged::get)) {
            beside.start();
            awaitFiles(beside, 1);
            logged.addAndGet(SIZE / 2);
            awaitFiles(beside, 2);

            assertEquals(
                    new Lines(Files.readAllLines(dir.resolve("log.beside")).size(), 0),
                    Lines.of(dir.resolve("log.beside.gz")));
        }
        try (Stream<Path> left = Files.list(dir)) {
            assertEquals(0, left.count());
        }
    }

    @Test
    void shouldTellOfWhatCannotBeCompressed() throws IOException {
        final CompressorBeside beside = new CompressorBeside(dir.resolve("log"), SIZE, "", () -> SIZE);
        Files.delete(dir.resolve("log.beside"));
        beside.start();
        awaitFiles(beside, 1);

        assertThrows(IOException.class, beside::close);
    }

    private static void awaitFiles(final CompressorBeside beside, final long files) {
        while (beside.files() < files) {
            LockSupport.parkNanos(1_000_000);
        }
    }
}
