package dev.uringlog.flush;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class BarriersTest {
    private static final long NO_TIME = 0;

    private final Barriers barriers = new Barriers();

    @Test
    void shouldStandUntilTheLogHasTurnedThoughNoCallerWaitsAnyMore() throws IOException {
        assertFalse(barriers.await(7, true, NO_TIME, () -> {}));
        assertEquals(7, barriers.position());
        assertNull(barriers.reached(6));
        barriers.fail(new IOException("the file takes no bytes"));
        assertNotNull(barriers.reached(7), "a turn that was asked for with a time limit comes all the same");
        barriers.complete(barriers.reached(7), null);
        assertTrue(barriers.isEmpty());
    }

    @Test
    void shouldTellACallerThatWaitsForLongWhatKeepsTheLogFromTurning() {
        final IOException cause = new IOException("the file takes no bytes");
        final IOException told = assertThrows(
                IOException.class, () -> barriers.await(7, true, Long.MAX_VALUE, () -> barriers.fail(cause)));
        assertSame(cause, told.getCause());
        assertTrue(barriers.isEmpty());
    }

    @Test
    void shouldRefuseACallerThatComesAfterTheEnd() {
        barriers.over(new IOException("closed"));
        assertThrows(IOException.class, () -> barriers.await(7, false, NO_TIME, () -> {}));
    }
}
