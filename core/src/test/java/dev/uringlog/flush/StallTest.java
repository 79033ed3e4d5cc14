package dev.uringlog.flush;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class StallTest {
    private final Parts parts = new Parts();
    private final Stall stall = new Stall(parts.counters, parts.reporter, false);

    @Test
    void shouldBeOneFromTheFirstFailureUntilTheFileTakesBytes() {
        stall.met(new IOException("full"));
        stall.met(new IOException("full"));
        assertTrue(stall.isOn());
        assertEquals(1, parts.counters.stalls);
        stall.over();
        assertFalse(stall.isOn());
        stall.met(new IOException("full"));
        assertEquals(2, parts.counters.stalls);
    }

    @Test
    void shouldSayAtItsEndWhatWasLostSinceItBegan() {
        parts.counters.failed = 5;
        stall.met(new IOException("full"));
        parts.counters.discarded.add(2);
        parts.counters.dropped = 1;
        stall.over();
        stall.over();
        assertEquals(2, parts.heard.size(), parts.heard::toString);
        assertTrue(parts.heard.get(1).contains("3 events were lost"), parts.heard.get(1));
    }
}
