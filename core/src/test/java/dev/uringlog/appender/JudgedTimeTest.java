package dev.uringlog.appender;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class JudgedTimeTest {
    private long now = 1_000;
    private int looks;

    private final JudgedTime times = new JudgedTime(() -> {
        looks++;
        return now;
    });

    @Test
    void shouldShowAnEventsOwnTimeUnlessTheClockIsBehind() {
        assertEquals(900, times.of(900));
        assertEquals(1_000, times.of(5_000));
        now = 6_000;
        assertEquals(5_000, times.of(5_000));
        assertEquals(-1, times.of(-1));
    }

    @Test
    void shouldLookAtTheClockOnlyForAnEventThatSeemsToBeAhead() {
        times.of(1_000);
        for (int i = 0; i < 100; i++) {
            times.of(1_000);
        }
        assertEquals(1, looks);
    }
}
