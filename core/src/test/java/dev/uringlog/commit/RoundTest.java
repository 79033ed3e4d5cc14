package dev.uringlog.commit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.uringlog.append.MemorySink;
import dev.uringlog.file.CurrentFile.Fate;
import dev.uringlog.flush.Drain;
import dev.uringlog.flush.FlushOptions;
import dev.uringlog.flush.Reporter;
import dev.uringlog.flush.Waiters.Waiter;
import dev.uringlog.ring.EventRing;
import dev.uringlog.ring.RingConsumer;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class RoundTest {
    private final EventRing ring = new EventRing(4096, 0);
    private final RingConsumer cursor = ring.consumer();
    private final MemorySink sink = new MemorySink();
    private final Drain drain = new Drain(
            ring,
            sink,
            new Reporter((level, message, cause) -> {}, "log"),
            null,
            position -> {},
            null,
            new FlushOptions(0, true, false, -1, false, true, 0));
    private final Round round = new Round(drain);

    private Waiter waiter(final boolean isDurable) {
        final long claim = ring.tryClaim(2);
        ring.copy(claim, new byte[] {'x', '\n'}, 0, 2);
        final Waiter waiter = new Waiter(ring.publish(claim, 2), isDurable);
        drain.audience.callers.push(waiter);
        return waiter;
    }

    @Test
    void shouldSyncOnlyWhereACallerWaitsForIt() {
        final Waiter own = waiter(false);
        round.go(cursor, own, false);
        assertTrue(own.isDone());
        assertEquals(0, sink.synced);
        final Waiter durable = waiter(true);
        round.go(cursor, durable, false);
        assertTrue(durable.isDone());
        assertEquals(1, sink.synced);
    }

    @Test
    void shouldLeaveToTheFlusherWhatTheFileDoesNotTake() {
        final Waiter own = waiter(false);
        final IOException full = new IOException("full");
        sink.plan(MemorySink.fail(full));
        round.go(cursor, own, false);
        assertTrue(round.takeHeld());
        assertFalse(round.isHeld(), "once it is taken");
        assertEquals(full, own.failure());
        round.go(cursor, null, true);
        assertEquals("x\n", sink.text());
    }

    @Test
    void shouldLeaveToTheFlusherAPathThatLeadsToAnotherFile() {
        final Waiter own = waiter(false);
        sink.fate = Fate.REPLACED;
        round.go(cursor, own, false);
        assertTrue(round.isHeld());
        assertEquals("", sink.text(), "it is written where the path leads");
        sink.fate = Fate.IN_PLACE;
    }
}
