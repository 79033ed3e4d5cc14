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
        for (final ByteBuffer part : ring.parts(ring.releasedPosition())) {
            text.append(StandardCharsets.US_ASCII.decode(part));
        }
        return text.toString();
    }

    private String consume() {
        ring.poll();
        final String text = batch();
        ring.release();
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
        assertEquals(11, ring.poll());
        assertEquals(2, ring.batchCount());
        assertEquals("firstsecond", batch());
    }

    @Test
    void shouldEndABatchWithTheEventThatReachesWhatWasAskedFor() {
        append("abc");
        append("defg");
        append("hi");
        assertEquals(7, ring.poll(null, 4));
        assertEquals(7, ring.poll(null, 7), "and it stays there");
        assertEquals("abcdefg", batch());
        ring.release();
        assertEquals(2, ring.poll(null, 4));
        assertEquals("hi", batch());
    }

    @Test
    void shouldGatherAsTwoPartsAtTheWrap() {
        append("x".repeat(CAPACITY - 3));
        consume();
        append("abcdef");
        ring.poll();
        final ByteBuffer[] parts = ring.parts(ring.releasedPosition());
        assertEquals(3, parts[0].remaining());
        assertEquals(3, parts[1].remaining());
        assertEquals("abcdef", batch());
    }

    @Test
    void shouldResumeThePartsInsideABatch() {
        append("x".repeat(CAPACITY - 3));
        consume();
        append("abcdef");
        ring.poll();
        final ByteBuffer[] parts = ring.parts(ring.releasedPosition() + 4);
        assertEquals("ef", StandardCharsets.US_ASCII.decode(parts[0]).toString());
        assertEquals(0, parts[1].remaining());
    }

    @Test
    void shouldHoldBackWhatWasClaimedLaterUntilTheEarlierIsPublished() {
        final long first = ring.tryClaim(1);
        final long second = ring.tryClaim(1);
        ring.copy(second, new byte[] {'2'}, 0, 1);
        ring.publish(second, 1);
        assertEquals(0, ring.poll());
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
        ring.poll();
        assertFalse(ring.skipAbandoned(), "the batch is not empty");
        assertEquals("before", consume());
        assertEquals(0, ring.poll());
        assertTrue(ring.skipAbandoned());
        assertFalse(ring.skipAbandoned());
        ring.release();
        assertEquals("after", consume());
        assertEquals(ring.claimedPosition(), ring.releasedPosition());
        assertEquals(3, ring.batchSequence());
    }

    @Test
    void shouldCarryAnEventLongerThanTheRingAloneAndWhole() {
        append("before");
        final byte[] large = "L".repeat(3 * CAPACITY).getBytes(StandardCharsets.US_ASCII);
        final long claim = ring.tryClaim(large.length);
        ring.copyOversized(claim, ByteBuffer.wrap(large));
        ring.publish(claim, large.length);
        assertEquals(EventRing.FULL, ring.tryClaim(1), "nobody claims while the ring is more than full");
        assertEquals("before", consume());
        assertEquals(large.length, ring.poll());
        assertEquals(1, ring.batchCount());
        assertEquals("L".repeat(3 * CAPACITY), batch());
        ring.release();
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
        ring.poll();
        assertEquals(0, ring.countThrough(2));
        assertEquals(1, ring.countThrough(3));
        assertEquals(1, ring.countThrough(4));
        assertEquals(2, ring.countThrough(5));
        assertEquals(3, ring.countThrough(6));
        assertEquals(0, ring.boundary(0));
        assertEquals(5, ring.boundary(5));
        assertEquals(3, ring.boundary(4));
    }

    @Test
    void shouldGatherAnewWhatIsBehindTheEndOfABatchThatIsCut() {
        append("abc");
        append("de");
        append("f");
        ring.poll();
        ring.endBatch(ring.boundary(4));
        assertEquals(1, ring.batchCount());
        ring.release();
        assertEquals("def", consume());
        assertEquals(3, ring.batchSequence());
    }

    @Test
    void shouldGoOnInFreshMemoryWhenTheKernelMayStillReadTheOld() {
        append("sent");
        ring.poll();
        final ByteBuffer old = ring.parts(0)[0];
        append("waits");
        final long pending = ring.tryClaim(1);
        assertFalse(ring.replaceBytes(), "a claim is not published yet");
        assertEquals(EventRing.FULL, ring.tryClaim(1), "nobody is let in meanwhile");
        ring.copy(pending, new byte[] {'!'}, 0, 1);
        ring.publish(pending, 1);
        assertTrue(ring.replaceBytes());
        ring.release();
        assertEquals("waits!", consume());
        append("x".repeat(CAPACITY));
        assertEquals(
                "sent", StandardCharsets.US_ASCII.decode(old).toString(), "nobody writes where the kernel may read");
    }

    @Test
    void shouldKeepWhatIsWrittenUntilItIsReleased() {
        append("first");
        ring.poll();
        ring.advance();
        final long position = ring.batchPosition();
        final long sequence = ring.batchSequence();
        append("second");
        assertEquals(6, ring.poll());
        assertEquals(1, ring.batchCount());
        assertEquals("second", batchText());
        ring.advance();
        assertEquals(2, ring.keptCount());
        assertEquals(0, ring.releasedPosition());
        ring.release(position, sequence);
        assertEquals(5, ring.releasedPosition());
        assertEquals(1, ring.keptCount());
    }

    private String batchText() {
        final StringBuilder text = new StringBuilder();
        for (final ByteBuffer part : ring.parts(ring.batchPosition())) {
            text.append(StandardCharsets.US_ASCII.decode(part));
        }
        return text.toString();
    }

    @Test
    void shouldBeginAnewWithWhatIsKeptButForWhatWasAbandoned() {
        append("one");
        ring.poll();
        ring.advance();
        append("two");
        append("lost");
        ring.poll();
        ring.abandonAfter(6);
        ring.advance();
        append("three");
        ring.poll();
        ring.advance();
        assertEquals(3, ring.keptCount());
        ring.rewind();
        ring.poll();
        assertEquals("onetwo", batchText());
        ring.advance();
        assertEquals(0, ring.poll());
        assertTrue(ring.skipAbandoned());
        ring.poll();
        assertEquals("three", batchText());
        ring.release();
        assertEquals(ring.claimedPosition(), ring.releasedPosition());
        assertEquals(ring.claimedCount(), ring.batchSequence());
    }

    @Test
    void shouldKeepAnOversizedEventToo() {
        append("before");
        ring.poll();
        ring.advance();
        final byte[] large = "L".repeat(2 * CAPACITY).getBytes(StandardCharsets.US_ASCII);
        final long claim = ring.tryClaim(large.length);
        ring.copyOversized(claim, ByteBuffer.wrap(large));
        ring.publish(claim, large.length);
        assertEquals(large.length, ring.poll());
        ring.advance();
        ring.rewind();
        assertEquals(6, ring.poll());
        ring.advance();
        assertEquals(large.length, ring.poll());
        assertEquals("L".repeat(2 * CAPACITY), batchText());
        ring.release();
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
            assertEquals(10, late.poll());
            late.release();
            assertEquals(first + 10L * (i + 1), late.claimedPosition());
        }
    }
}
