package dev.uringlog.append;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
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
    void shouldSayALineWithTheCountOfThoseThatItLeftOut() {
        final LineLimit limit = new LineLimit();
        final List<String> said = new ArrayList<>();
        limit.say(said::add);
        assertEquals(List.of(""), said);
        final AtomicLong calls = new AtomicLong();
        await().until(() -> {
            calls.incrementAndGet();
            limit.say(said::add);
            return said.size() > 1;
        });
        assertEquals(List.of("", LineLimit.more(calls.get())), said);
    }

    @Test
    void shouldTellHowManyWereKeptBack() {
        assertEquals("", LineLimit.more(1));
        assertEquals(" (and 2 more since the last such message)", LineLimit.more(3));
    }
}
