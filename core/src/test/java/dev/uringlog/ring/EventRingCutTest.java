package dev.uringlog.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Events that carry their time, and a consumer who says where a batch ends. */
class EventRingCutTest {
    private static final int CAPACITY = EventRing.CAPACITY_MIN;

    private final EventRing ring = new EventRing(CAPACITY, 0, true);
    private final List<String> asked = new ArrayList<>();

    private long claim(final int length) {
        final long claim = ring.tryClaim(length);
        assertTrue(claim >= 0);
        return claim;
    }

    private void append(final int length, final long time) {
        ring.publish(claim(length), length, time);
    }

    private long poll(final Cut cut) {
        return ring.consumer().poll(cut, CAPACITY);
    }

    /** Ends the batch before the first event of this time or later. */
    private Cut before(final long end) {
        return (position, time, length) -> {
            asked.add(position + "+" + length + "@" + time);
            return time >= end;
        };
    }

    @Test
    void shouldEndABatchBeforeTheEventThatTheCutNames() {
        append(3, 10);
        append(4, 20);
        append(5, 30);
        assertEquals(7, poll(before(30)));
        assertEquals(2, ring.consumer().count());
        assertEquals(List.of("0+3@10", "3+4@20", "7+5@30"), asked);
        ring.consumer().release();
        assertEquals(0, poll(before(30)), "it stays there for as long as the cut says so");
        assertEquals(5, poll(before(31)));
    }

    @Test
    void shouldGiveEachEventItsTimeHoweverPublicationIsOrdered() {
        final long first = claim(1);
        final long second = claim(1);
        ring.publish(second, 1, 2);
        ring.publish(first, 1, 1);
        poll(before(99));
        assertEquals(List.of("0+1@1", "1+1@2"), asked);
    }

    @Test
    void shouldGiveEachEventItsTimeLapAfterLap() {
        for (int i = 0; i < 1_000; i++) {
            append(100, i);
            asked.clear();
            assertEquals(100, poll(before(9_999)));
            assertEquals(List.of(i * 100L + "+100@" + i), asked);
            ring.consumer().release();
        }
    }

    @Test
    void shouldAskAboutAnEventLongerThanTheRingOnceItIsAlone() {
        append(3, 1);
        final long claim = claim(CAPACITY + 1);
        ring.copyOversized(claim, java.nio.ByteBuffer.allocate(CAPACITY + 1));
        ring.publish(claim, CAPACITY + 1, 2);
        assertEquals(3, poll(before(2)));
        assertEquals(List.of("0+3@1"), asked);
        ring.consumer().release();
        assertEquals(0, poll(before(2)));
        assertEquals(CAPACITY + 1, poll(before(3)));
    }

    @Test
    void shouldNotAskAboutWhatWasAbandoned() {
        ring.abandon(claim(3), 3);
        append(4, 1);
        assertEquals(0, poll(before(9)));
        assertTrue(ring.consumer().pollAbandoned());
        ring.consumer().advance();
        assertEquals(4, poll(before(9)));
        assertEquals(List.of("3+4@1"), asked);
    }
}
