package dev.uringlog.commit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class RegroupingTest {
    private final Regrouping regrouping = new Regrouping();

    @Test
    void shouldNeverWaitAtOneCaller() {
        assertEquals(1, regrouping.expected());
        regrouping.released(1, 0);
        assertEquals(1, regrouping.expected());
    }

    @Test
    void shouldExpectThoseReleasedAndThoseWhoHaveComeSince() {
        regrouping.released(3, 2);
        assertEquals(5, regrouping.expected());
    }

    @Test
    void shouldWaitNoLongerThanASyncTakesAndIsBearable() {
        regrouping.synced(150_000);
        assertEquals(150_000, regrouping.patienceNanos());
        regrouping.synced(20_000_000);
        assertEquals(Regrouping.PATIENCE_NS_MAX, regrouping.patienceNanos());
    }

    @Test
    void shouldWaitLessAndLessOftenIfNoCallerComesBack() {
        int waits = 0;
        for (int batch = 0; batch < 1000; batch++) {
            regrouping.released(1, 1);
            if (regrouping.expected() > 1) {
                waits++;
                regrouping.came(1);
            }
        }
        assertTrue(waits < 30, waits + " waits in vain");
    }

    @Test
    void shouldGoOnWaitingWhereMostComeBack() {
        for (int batch = 0; batch < 100; batch++) {
            regrouping.released(10, 0);
            assertEquals(10, regrouping.expected());
            regrouping.came(7);
        }
    }
}
