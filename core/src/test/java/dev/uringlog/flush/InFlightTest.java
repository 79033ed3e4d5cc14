package dev.uringlog.flush;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class InFlightTest {
    private final InFlight inFlight = new InFlight(3);

    private void takeOldest(final long position) {
        assertTrue(inFlight.takeOldest());
        assertEquals(position, inFlight.position());
    }

    @Test
    void shouldKnowASlotThatIsUsedAgainFromTheOneDoneBefore() {
        inFlight.begun(0, 10, 1);
        inFlight.begun(1, 20, 2);
        assertTrue(inFlight.completed(1));
        inFlight.begun(1, 30, 3);
        assertTrue(inFlight.isFull());
        assertTrue(inFlight.completed(1));
        assertFalse(inFlight.takeOldest(), "the first is still to come");
        assertTrue(inFlight.completed(0));
        takeOldest(10);
        takeOldest(20);
        takeOldest(30);
        assertFalse(inFlight.takeOldest());
    }
}
