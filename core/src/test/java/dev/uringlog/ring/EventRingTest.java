package dev.uringlog.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventRingTest {
    private static final int CAPACITY = EventRing.CAPACITY_MIN;

    private final EventRing ring = new EventRing(CAPACITY, 0);

    private long append(final String event) {
        final byte[] bytes = event.getBytes(StandardCharsets.US_ASCII);
        final long claim = ring.tryClaim(bytes.length);
        assertTrue(claim >= 0);
        ring.copy(claim, bytes, 0, bytes.length);
        return ring.publish(claim, bytes.length);
    }

    private String batch() {
        final StringBuilder text = new StringBuilder();
        for (final ByteBuffer part : ring.consumer().parts(ring.releasedPosition())) {
            text.append(StandardCharsets.US_ASCII.decode(part));
        }
        return text.toString();
    }

    private String consume() {
        ring.consumer().poll();
        final String text = batch();
        ring.consumer().release();
        return text;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3, 2048, 4097, 1 << 31, -4096})
    void shouldRefuseACapacityThatIsNoPowerOfTwoInRange(final int capacity) {
        final Exception e = assertThrows(IllegalArgumentException.class, () -> new EventRing(capacity, 0));
        assertTrue(e.getMessage().contains(String.valueOf(capacity)), e.getMessage());
    }

    @Test
    void shouldLayEventsBackToBack() {
        assertEquals(5, append("first"));
        assertEquals(11, append("second"));
        assertEquals(11, ring.consumer().poll());
        assertEquals(2, ring.consumer().count());
        assertEquals("firstsecond", batch());
    }

    @Test
    void shouldEndABatchWithTheEventThatReachesWhatWasAskedFor() {
        append("abc");
        append("defg");
        append("hi");
        assertEquals(7, ring.consumer().poll(null, 4));
        assertEquals(7, ring.consumer().poll(null, 7), "and it stays there");
        assertEquals("abcdefg", batch());
        ring.consumer().release();
        assertEquals(2, ring.consumer().poll(null, 4));
        assertEquals("hi", batch());
    }

    @Test
    void shouldGatherAsTwoPartsAtTheWrap() {
        append("x".repeat(CAPACITY - 3));
        consume();
        append("abcdef");
        ring.consumer().poll();
        final ByteBuffer[] parts = ring.consumer().parts(ring.releasedPosition());
        assertEquals(3, parts[0].remaining());
        assertEquals(3, parts[1].remaining());
        assertEquals("abcdef", batch());
    }

    @Test
    void shouldResumeThePartsInsideABatch() {
        append("x".repeat(CAPACITY - 3));
        consume();
        append("abcdef");
        ring.consumer().poll();
        final ByteBuffer[] parts = ring.consumer().parts(ring.releasedPosition() + 4);
        assertEquals("ef", StandardCharsets.US_ASCII.decode(parts[0]).toString());
        assertEquals(0, parts[1].remaining());
    }

    @Test
    void shouldHoldBackWhatWasClaimedLaterUntilTheEarlierIsPublished() {
        final long first = ring.tryClaim(1);
        final long second = ring.tryClaim(1);
        ring.copy(second, new byte[] {'2'}, 0, 1);
        ring.publish(second, 1);
        assertEquals(0, ring.consumer().poll());
        ring.copy(first, new byte[] {'1'}, 0, 1);
        ring.publish(first, 1);
        assertEquals("12", consume());
    }

    @Test
    void shouldBeFullWhenTheBytesAre() {
        append("x".repeat(CAPACITY));
        assertEquals(EventRing.FULL, ring.tryClaim(1));
        consume();
        assertTrue(ring.tryClaim(1) >= 0);
    }

    @Test
    void shouldBeFullWhenTheSlotsAre() {
        for (int i = 0; i < CAPACITY / 64; i++) {
            append("e");
        }
        assertEquals(EventRing.FULL, ring.tryClaim(1));
        assertEquals(CAPACITY / 64, consume().length());
        append("e");
        assertEquals("e", consume());
    }

    @Test
    void shouldStepOverAnAbandonedEvent() {
        append("before");
        final long claim = ring.tryClaim(3);
        append("after");
        ring.abandon(claim, 3);
        ring.consumer().poll();
        assertFalse(ring.consumer().pollAbandoned(), "the batch is not empty");
        assertEquals("before", consume());
        assertEquals(0, ring.consumer().poll());
        assertTrue(ring.consumer().pollAbandoned());
        ring.consumer().advance();
        assertFalse(ring.consumer().pollAbandoned());
        ring.consumer().release();
        assertEquals("after", consume());
        assertEquals(ring.claimedPosition(), ring.releasedPosition());
        assertEquals(3, ring.consumer().sequence());
    }

    @Test
    void shouldCarryAnEventLongerThanTheRingAloneAndWhole() {
        append("before");
        final byte[] large = "L".repeat(3 * CAPACITY).getBytes(StandardCharsets.US_ASCII);
        final long claim = ring.tryClaim(large.length);
        ring.copyOversized(claim, ByteBuffer.wrap(large));
        ring.publish(claim, large.length);
        assertEquals(EventRing.FULL, ring.tryClaim(1), "no producer claims while the ring is more than full");
        assertEquals("before", consume());
        assertEquals(large.length, ring.consumer().poll());
        assertEquals(1, ring.consumer().count());
        assertEquals("L".repeat(3 * CAPACITY), batch());
        ring.consumer().release();
        append("after");
        assertEquals("after", consume());
    }

    @Test
    void shouldRefuseClaimsOnceClosedAndKeepWhatWasClaimed() {
        append("kept");
        ring.close();
        assertEquals(EventRing.IS_CLOSED, ring.tryClaim(1));
        assertEquals("kept", consume());
        assertEquals(4, ring.claimedPosition());
        assertEquals(1, ring.claimedCount());
    }

    @Test
    void shouldCountTheEventsThatEndByAPosition() {
        append("abc");
        append("de");
        append("f");
        ring.consumer().poll();
        assertEquals(0, ring.consumer().countThrough(2));
        assertEquals(1, ring.consumer().countThrough(3));
        assertEquals(1, ring.consumer().countThrough(4));
        assertEquals(2, ring.consumer().countThrough(5));
        assertEquals(3, ring.consumer().countThrough(6));
        assertEquals(0, ring.consumer().boundary(0));
        assertEquals(5, ring.consumer().boundary(5));
        assertEquals(3, ring.consumer().boundary(4));
    }

    @Test
    void shouldGatherAgainWhatFollowsACutBatch() {
        append("abc");
        append("de");
        append("f");
        ring.consumer().poll();
        ring.consumer().endAt(ring.consumer().boundary(4));
        assertEquals(1, ring.consumer().count());
        ring.consumer().release();
        assertEquals("def", consume());
        assertEquals(3, ring.consumer().sequence());
    }

    @Test
    void shouldGoOnInFreshMemoryWhenTheKernelMayStillReadTheOld() {
        append("sent");
        ring.consumer().poll();
        final ByteBuffer old = ring.consumer().parts(0)[0];
        append("waits");
        final long pending = ring.tryClaim(1);
        assertFalse(ring.consumer().replaceBytes(), "a claim is not published yet");
        assertEquals(EventRing.FULL, ring.tryClaim(1), "no producer gets in");
        ring.copy(pending, new byte[] {'!'}, 0, 1);
        ring.publish(pending, 1);
        assertTrue(ring.consumer().replaceBytes());
        ring.consumer().release();
        assertEquals("waits!", consume());
        append("x".repeat(CAPACITY));
        assertEquals(
                "sent",
                StandardCharsets.US_ASCII.decode(old).toString(),
                "nothing is written where the kernel may read");
    }

    @Test
    void shouldKeepWhatIsWrittenUntilItIsReleased() {
        append("first");
        ring.consumer().poll();
        ring.consumer().advance();
        final long position = ring.consumer().position();
        final long sequence = ring.consumer().sequence();
        append("second");
        assertEquals(6, ring.consumer().poll());
        assertEquals(1, ring.consumer().count());
        assertEquals("second", batchText());
        ring.consumer().advance();
        assertEquals(2, ring.consumer().keptCount());
        assertEquals(0, ring.releasedPosition());
        ring.consumer().release(position, sequence);
        assertEquals(5, ring.releasedPosition());
        assertEquals(1, ring.consumer().keptCount());
    }

    private String batchText() {
        final StringBuilder text = new StringBuilder();
        for (final ByteBuffer part : ring.consumer().parts(ring.consumer().position())) {
            text.append(StandardCharsets.US_ASCII.decode(part));
        }
        return text.toString();
    }

    @Test
    void shouldRewriteWhatIsKeptExceptWhatWasAbandoned() {
        append("one");
        ring.consumer().poll();
        ring.consumer().advance();
        append("two");
        append("lost");
        ring.consumer().poll();
        ring.consumer().abandonAfter(6);
        ring.consumer().advance();
        append("three");
        ring.consumer().poll();
        ring.consumer().advance();
        assertEquals(3, ring.consumer().keptCount());
        ring.consumer().rewind();
        ring.consumer().poll();
        assertEquals("onetwo", batchText());
        ring.consumer().advance();
        assertEquals(0, ring.consumer().poll());
        assertTrue(ring.consumer().pollAbandoned());
        ring.consumer().advance();
        ring.consumer().poll();
        assertEquals("three", batchText());
        ring.consumer().release();
        assertEquals(ring.claimedPosition(), ring.releasedPosition());
        assertEquals(ring.claimedCount(), ring.consumer().sequence());
    }

    @Test
    void shouldKeepAnOversizedEventToo() {
        append("before");
        ring.consumer().poll();
        ring.consumer().advance();
        final byte[] large = "L".repeat(2 * CAPACITY).getBytes(StandardCharsets.US_ASCII);
        final long claim = ring.tryClaim(large.length);
        ring.copyOversized(claim, ByteBuffer.wrap(large));
        ring.publish(claim, large.length);
        assertEquals(large.length, ring.consumer().poll());
        ring.consumer().advance();
        ring.consumer().rewind();
        assertEquals(6, ring.consumer().poll());
        ring.consumer().advance();
        assertEquals(large.length, ring.consumer().poll());
        assertEquals("L".repeat(2 * CAPACITY), batchText());
        ring.consumer().release();
        append("after");
        assertEquals("after", consume());
    }

    @Test
    void shouldGoOnFromAnyFirstPosition() {
        final long first = (1L << 40) - 5;
        final EventRing late = new EventRing(CAPACITY, first);
        final byte[] event = new byte[10];
        for (int i = 0; i < 1000; i++) {
            final long claim = late.tryClaim(event.length);
            late.copy(claim, event, 0, event.length);
            assertEquals(first + 10L * (i + 1), late.publish(claim, event.length));
            assertEquals(10, late.consumer().poll());
            late.consumer().release();
            assertEquals(first + 10L * (i + 1), late.claimedPosition());
        }
    }
}
