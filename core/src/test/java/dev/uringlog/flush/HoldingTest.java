package dev.uringlog.flush;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class HoldingTest {
    private final Holding holding = new Holding();

    @Test
    void shouldLastUntilItIsEndedAndForAsLongAsThatSays() {
        assertFalse(holding.isOver());
        holding.endIn(TimeUnit.HOURS.toNanos(1));
        assertFalse(holding.isOver());
        holding.endIn(0);
        assertTrue(holding.isOver());
    }

    @Test
    @Timeout(10)
    void shouldNotPauseAnInterruptedThreadForever() {
        holding.begin();
        Thread.currentThread().interrupt();
        holding.pause(this, new Parts().audience);
        assertFalse(Thread.interrupted(), "with the flag set it could not park");
    }
}
