package dev.uringlog.flush;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.uringlog.append.MemorySink;
import dev.uringlog.file.LeftFile;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class LeftFilesTest {
    private final Parts parts = new Parts();
    private final LeftFiles left = new LeftFiles();
    private int fileSyncs;
    private int fileCloses;
    private IOException broken;

    private final MemorySink sink = new MemorySink() {
        @Override
        public LeftFile keep() {
            return new LeftFile() {
                @Override
                public void sync() throws IOException {
                    fileSyncs++;
                    if (broken != null) {
                        throw broken;
                    }
                }

                @Override
                public void close() {
                    fileCloses++;
                }
            };
        }
    };

    private void sync() {
        left.sync(parts.marks, parts.counters, parts.reporter);
    }

    @Test
    void shouldSyncAndCloseEachFileThatWasLeft() {
        left.add(sink, 10);
        left.add(sink, 20);
        assertFalse(left.isEmpty());
        sync();
        assertTrue(left.isEmpty());
        assertEquals(2, fileSyncs);
        assertEquals(2, fileCloses);
        assertNull(parts.marks.failure(15, true));
    }

    @Test
    void shouldTellThoseWhoseFileCouldNotBeSynced() {
        left.add(sink, 10);
        broken = new IOException("broken");
        sync();
        assertNotNull(parts.marks.failure(10, true));
        assertNull(parts.marks.failure(10, false), "written it is");
        assertEquals(1, parts.counters.failedSyncs);
    }

    @Test
    void shouldKeepOnlySoManyAndTellThoseOfTheOldest() {
        for (int i = 1; i <= 17; i++) {
            left.add(sink, i);
        }
        assertEquals(1, fileCloses);
        sync();
        assertNotNull(parts.marks.failure(1, true));
        assertNull(parts.marks.failure(2, true));
        assertEquals(16, fileSyncs);
    }

    @Test
    void shouldKeepNothingThatAFileHasNoMoreEventsOf() {
        left.add(sink, 10);
        left.add(sink, 10);
        left.lose(10);
        left.close();
        assertEquals(1, fileCloses);
    }
}
