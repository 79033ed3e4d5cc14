package dev.uringlog.examples.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class OpenLoopTest {
    @TempDir
    Path dir;

    @Test
    void shouldMeasureEachContenderAndLoseNothing() throws IOException, InterruptedException {
        final OpenLoop loop = new OpenLoop(dir, 0.1, 1);
        for (final int rate : new int[] {5_000, 0}) {
            final String table = loop.compare(new OpenLoop.Load(2, rate));
            assertEquals(3, table.lines().filter(line -> line.contains("(")).count(), table);
            assertTrue(table.contains("in turn") && table.contains("16 in flight"), table);
        }
    }
}
