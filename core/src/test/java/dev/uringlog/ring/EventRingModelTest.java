package dev.uringlog.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Any interleaving of claims, publications in any order and consumption, against a queue that is plainly right. */
class EventRingModelTest {
    private static final int CAPACITY = EventRing.CAPACITY_MIN;
    private static final int STEPS = 20_000;

    private enum State {
        CLAIMED,
        PUBLISHED,
        ABANDONED
    }

    private static final class Event {
        final byte[] bytes;
        final long claim;
        State state = State.CLAIMED;

        Event(final byte[] bytes, final long claim) {
            this.bytes = bytes;
            this.claim = claim;
        }
    }

    private final EventRing ring = new EventRing(CAPACITY, 0);
    private final Deque<Event> model = new ArrayDeque<>();
    private final List<Event> pending = new ArrayList<>();
    /** Written, and perhaps to be written again. */
    private final Deque<Event> kept = new ArrayDeque<>();

    private long claimed;
    private long written;
    private long released;
    private byte next;

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 20261123, -1})
    void shouldConsumeExactlyWhatAQueueWould(final long seed) {
        final Random random = new Random(seed);
        for (int step = 0; step < STEPS; step++) {
            final int dice = random.nextInt(100);
            if (dice < 40) {
                claim(random);
            } else if (dice < 80) {
                publish(random);
            } else if (dice < 83) {
                ring.consumer().replaceBytes();
                settle();
            } else if (dice < 84) {
                beginAnew();
            } else if (dice < 90) {
                release();
            } else {
                consume();
            }
            assertEquals(claimed, ring.claimedPosition());
        }
        settle();
        while (!model.isEmpty()) {
            consume();
        }
        release();
        assertEquals(ring.claimedPosition(), ring.releasedPosition());
        assertEquals(ring.claimedCount(), ring.consumer().sequence());
    }

    private void claim(final Random random) {
        final int length = 1 + random.nextInt(random.nextInt(50) == 0 ? 2 * CAPACITY : 300);
        final byte[] bytes = new byte[length];
        java.util.Arrays.fill(bytes, next++);
        final long claim = ring.tryClaim(length);
        final long used = claimed - released;
        final boolean fits = length > CAPACITY ? used <= CAPACITY : used + length <= CAPACITY;
        assertEquals(
                fits && model.size() + kept.size() < CAPACITY / 64,
                claim >= 0,
                () -> "used " + used + ", length " + length);
        if (claim >= 0) {
            claimed += length;
            final Event event = new Event(bytes, claim);
            model.add(event);
            pending.add(event);
        }
    }

    private void publish(final Random random) {
        if (!pending.isEmpty()) {
            publish(pending.remove(random.nextInt(pending.size())), random.nextInt(10) == 0);
        }
    }

    private void publish(final Event event, final boolean abandon) {
        final int length = event.bytes.length;
        if (abandon && length <= CAPACITY) {
            ring.abandon(event.claim, length);
            event.state = State.ABANDONED;
            return;
        }
        if (length > CAPACITY) {
            ring.copyOversized(event.claim, ByteBuffer.wrap(event.bytes));
        } else {
            ring.copy(event.claim, event.bytes, 0, length);
        }
        ring.publish(event.claim, length);
        event.state = State.PUBLISHED;
    }

    /** Publishes all that is pending and lets a move to fresh memory finish. */
    private void settle() {
        while (!pending.isEmpty()) {
            publish(pending.remove(0), false);
        }
        assertTrue(ring.consumer().replaceBytes());
    }

    private void consume() {
        final long bytes = ring.consumer().poll();
        if (bytes == 0) {
            int abandoned = 0;
            while (!model.isEmpty() && model.peek().state == State.ABANDONED) {
                keep(model.poll());
                abandoned++;
            }
            for (int i = 0; i < abandoned; i++) {
                assertTrue(ring.consumer().pollAbandoned());
                ring.consumer().advance();
            }
            assertFalse(ring.consumer().pollAbandoned());
            return;
        }
        final ByteArrayOutputStream expected = new ByteArrayOutputStream();
        final int count = ring.consumer().count();
        for (int i = 0; i < count; i++) {
            final Event event = model.poll();
            assertEquals(State.PUBLISHED, event.state);
            expected.writeBytes(event.bytes);
            kept.add(event);
        }
        final ByteArrayOutputStream actual = new ByteArrayOutputStream();
        for (final ByteBuffer part : ring.consumer().parts(written)) {
            final byte[] copy = new byte[part.remaining()];
            part.get(copy);
            actual.writeBytes(copy);
        }
        org.junit.jupiter.api.Assertions.assertArrayEquals(expected.toByteArray(), actual.toByteArray());
        written += bytes;
        ring.consumer().advance();
        assertEquals(written, ring.consumer().position());
        assertEquals(released, ring.releasedPosition());
        assertEquals(
                kept.stream().filter(event -> event.state == State.PUBLISHED).count(),
                ring.consumer().keptCount());
    }

    private void keep(final Event event) {
        written += event.bytes.length;
        kept.add(event);
    }

    private void release() {
        if (written == ring.consumer().end()) {
            ring.consumer().release(ring.consumer().position(), ring.consumer().sequence());
            released = written;
            kept.clear();
            assertEquals(released, ring.releasedPosition());
        }
    }

    private void beginAnew() {
        ring.consumer().rewind();
        written = released;
        while (!kept.isEmpty()) {
            model.addFirst(kept.removeLast());
        }
    }
}
