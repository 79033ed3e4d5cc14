package dev.uringlog.flush;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WatermarksTest {
    private final List<Long> told = new ArrayList<>();
    private final Watermarks marks = new Watermarks(10, told::add);

    @Test
    void shouldOnlyGrow() {
        marks.written(12);
        marks.written(11);
        assertEquals(12, marks.written());
        assertTrue(marks.isReached(12, false));
        assertEquals(10, marks.durable());
    }

    @Test
    void shouldTellTheListenerOfEachDurablePositionOnce() {
        marks.tell();
        marks.durable(12);
        marks.tell();
        marks.tell();
        assertEquals(List.of(12L), told);
    }

    @Test
    void shouldTellAFailedSyncOnlyToACallerThatWantsStableStorage() {
        final IOException cause = new IOException("broken");
        marks.failed(10, 12, true, cause);
        assertNull(marks.failure(12, false));
        assertSame(cause, marks.failure(12, true));
        assertNull(marks.failure(10, true), "it ended before");
        assertNull(marks.failure(13, true), "it ended behind");
    }

    @Test
    void shouldForgetNoFailureHoweverManyThereAre() {
        for (int i = 0; i < 100; i++) {
            marks.failed(10 + 2 * i, 11 + 2 * i, false, new IOException("failure " + i));
        }
        for (int i = 0; i < 100; i++) {
            assertNotNull(marks.failure(11 + 2 * i, false), "failure " + i);
        }
    }
}
