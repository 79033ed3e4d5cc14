package dev.uringlog.flush;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.uringlog.ring.EventRing;
import org.junit.jupiter.api.Test;

class WindowTest {
    private static final int CAPACITY = 4096;
    private static final int FILLING = CAPACITY / Window.PARTS;

    private final EventRing ring = new EventRing(CAPACITY, 0);

    private void publish(final int length) {
        ring.publish(ring.tryClaim(length), length);
    }

    private void write() {
        ring.consumer().poll();
        ring.consumer().advance();
    }

    @Test
    void shouldBeOneUntilTheRingFillsAndThenAllThereAre() {
        final Window window = new Window(ring, 16, false);
        assertEquals(1, window.size());
        publish(FILLING - 1);
        assertEquals(1, window.size());
        publish(1);
        assertEquals(16, window.size());
    }

    @Test
    void shouldBeNoneUntilTheRingFillsWhereTheThreadThatWritesSyncsInTurn() {
        final Window window = new Window(ring, 16, true);
        publish(FILLING - 1);
        assertEquals(0, window.size());
        publish(1);
        assertEquals(16, window.size());
    }

    @Test
    void shouldCountWhatIsWrittenUntilItIsReleased() {
        final Window window = new Window(ring, 16, false);
        publish(FILLING - 1);
        write();
        publish(1);
        assertEquals(16, window.size(), "what is written is in the ring until it is durable");
        ring.consumer().release(FILLING - 1, 1);
        assertEquals(1, window.size());
    }

    @Test
    void shouldBeNoneWithoutSlots() {
        final Window window = new Window(ring, 0, false);
        assertEquals(0, window.size());
        publish(CAPACITY);
        assertEquals(0, window.size());
    }
}
