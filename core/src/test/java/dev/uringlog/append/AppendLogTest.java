package dev.uringlog.append;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AppendLogTest {
    @TempDir
    Path directory;

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
                        log.append((me + " " + i + "\n").getBytes(StandardCharsets.US_ASCII));
                    }
                });
                all[t].start();
            }
            for (final Thread thread : all) {
                thread.join();
            }
            log.flush();
            assertEquals(threads * each, log.statistics().written());
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
}
