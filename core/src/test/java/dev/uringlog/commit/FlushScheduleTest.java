package dev.uringlog.commit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class FlushScheduleTest {
    private static final long DELAY_NS = 2_000_000;
    private static final long NEVER = Long.MAX_VALUE;
    private static final int CAPACITY = 4 << 20;
    private static final int BATCH = 128 << 10;

    private final FlushSchedule schedule = new FlushSchedule(DELAY_NS, false, CAPACITY);

    private long next(final long waiting) {
        return schedule.next(waiting, false, false, false, NEVER);
    }

    @Test
    void shouldWriteAnEventAfterOneDelayAndAFullBatchAtOnce() {
        schedule.begin();
        assertEquals(DELAY_NS, next(1));
        assertEquals(FlushSchedule.NOW, next(1));
        schedule.begin();
        assertEquals(DELAY_NS, next(BATCH - 1));
        schedule.begin();
        assertEquals(FlushSchedule.NOW, next(BATCH));
    }

    @Test
    void shouldCountAQuarterOfASmallRingAsAFullBatch() {
        final FlushSchedule small = new FlushSchedule(DELAY_NS, false, 4096);
        small.begin();
        assertEquals(DELAY_NS, small.next(1023, false, false, false, NEVER));
        small.begin();
        assertEquals(FlushSchedule.NOW, small.next(1024, false, false, false, NEVER));
    }

    @Test
    void shouldParkAfterSomeDelaysWithoutAnEventAndDelayAgainAfterIt() {
        schedule.begin();
        for (int i = 0; i < FlushSchedule.IDLE_DELAYS; i++) {
            assertEquals(DELAY_NS, next(0));
        }
        assertEquals(FlushSchedule.PARK, next(0));
        assertEquals(DELAY_NS, next(1), "the event that ended the park waits for others as any other does");
    }

    @Test
    void shouldNeverDelayWithoutADelay() {
        final FlushSchedule prompt = new FlushSchedule(0, false, CAPACITY);
        prompt.begin();
        assertEquals(FlushSchedule.NOW, prompt.next(1, false, false, false, NEVER));
        assertEquals(FlushSchedule.PARK, prompt.next(0, false, false, false, NEVER));
    }

    @Test
    void shouldParkAtOnceWhereCallersWriteForEachOther() {
        final FlushSchedule onDemand = new FlushSchedule(DELAY_NS, true, CAPACITY);
        onDemand.begin();
        assertEquals(FlushSchedule.PARK, onDemand.next(0, false, false, false, NEVER));
    }

    @Test
    void shouldNotLetACallerWaitForRoomOrForSomethingUrgentOrATimer() {
        schedule.begin();
        assertEquals(FlushSchedule.NOW, schedule.next(1, false, true, false, NEVER));
        schedule.begin();
        assertEquals(FlushSchedule.NOW, schedule.next(0, false, false, true, NEVER));
        schedule.begin();
        assertEquals(FlushSchedule.NOW, schedule.next(0, false, false, false, 0));
    }

    @Test
    void shouldNotDelayBeyondATimer() {
        schedule.begin();
        assertEquals(DELAY_NS - 1, schedule.next(0, false, false, false, DELAY_NS - 1));
        assertEquals(FlushSchedule.CLAIM_POLL_NS, schedule.next(0, false, false, false, 1));
    }

    @Test
    void shouldHoldAFullBatchWhileAsManySyncsAreInFlightAsMayBe() {
        schedule.begin();
        assertEquals(FlushSchedule.FULL_POLL_NS, schedule.next(BATCH, true, false, false, NEVER));
        assertEquals(FlushSchedule.NOW, schedule.next(BATCH, true, false, true, NEVER));
    }

    @Test
    void shouldHaveAProducerEndADelayOnlyOnceTheRingIsHalfFull() {
        final int eighth = CAPACITY / 8;
        assertFalse(schedule.isSoonFull(eighth, 100, 0), "it is not half full");
        assertFalse(schedule.isSoonFull(CAPACITY / 2 + eighth / 2, 100, 0), "no eighth has been filled by this event");
        assertTrue(schedule.isSoonFull(CAPACITY / 2, 100, 0));
        assertFalse(schedule.isSoonFull(CAPACITY / 2, 100, 1));
    }
}
