package dev.uringlog.append;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LineLimitTest {
    @Test
    void shouldLetOneLineASecondThroughAndCountTheOthers() {
        final long start = System.nanoTime();
        final LineLimit limit = new LineLimit();
        assertEquals(1, limit.take());
        final AtomicLong keptBack = new AtomicLong();
        await().until(() -> {
            final long taken = limit.take();
            if (taken == 0) {
                keptBack.incrementAndGet();
            } else {
                assertEquals(keptBack.get() + 1, taken);
            }
            return taken > 0;
        });
        assertTrue(System.nanoTime() - start >= 1_000_000_000, "not before a second was over");
    }

    @Test
    void shouldTellHowManyWereKeptBack() {
        assertEquals("", LineLimit.more(1));
        assertEquals(" (and 2 more since the last such message)", LineLimit.more(3));
    }
}
