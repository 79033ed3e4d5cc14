package dev.uringlog.commit;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.uringlog.append.MemorySink;
import dev.uringlog.flush.FlushOptions;
import dev.uringlog.flush.Reporter;
import dev.uringlog.ring.EventRing;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A caller who waits, behind one who has claimed and not published. */
@Timeout(60)
class GroupCommitHoleTest {
    private final EventRing ring = new EventRing(4096, 0);
    private final MemorySink sink = new MemorySink();
    private final Flusher flusher = new Flusher(
            ring,
            sink,
            new Reporter((level, message, cause) -> {}, "test"),
            null,
            position -> {},
            null,
            new FlushOptions(1_000_000, true, true, -1, false, true, 1_000_000_000));

    @BeforeEach
    void start() {
        flusher.start(Thread::new);
    }

    @AfterEach
    void close() {
        ring.close();
        flusher.close(null, 1_000_000_000);
        assertTrue(flusher.join(10_000_000_000L));
    }

    private Thread waiter(final long position, final AtomicReference<Object> outcome) {
        final Thread thread = new Thread(() -> {
            try {
                outcome.set(flusher.commit().await(position, true, null));
            } catch (final Exception e) {
                outcome.set(e);
            }
        });
        thread.start();
        return thread;
    }

    @Test
    void shouldWaitUntilWhatWasClaimedBeforeIsPublished() throws Exception {
        final long hole = ring.tryClaim(3);
        final long position = ring.publish(ring.tryClaim(5), 5);
        final AtomicReference<Object> outcome = new AtomicReference<>();
        final Thread thread = waiter(position, outcome);
        await().until(() -> thread.getState() == Thread.State.TIMED_WAITING);
        assertEquals(0, sink.size());
        ring.publish(hole, 3);
        thread.join();
        assertEquals(true, outcome.get());
        assertEquals(8, sink.size());
        assertEquals(1, sink.synced);
        assertEquals(8, ring.releasedPosition());
    }

    @Test
    void shouldStepOverWhatWasClaimedBeforeAndAbandoned() throws Exception {
        final long hole = ring.tryClaim(3);
        final long position = ring.publish(ring.tryClaim(5), 5);
        final AtomicReference<Object> outcome = new AtomicReference<>();
        final Thread thread = waiter(position, outcome);
        await().until(() -> thread.getState() == Thread.State.TIMED_WAITING);
        ring.abandon(hole, 3);
        thread.join();
        assertEquals(true, outcome.get());
        assertEquals(5, sink.size());
        assertEquals(1, flusher.counters().failed);
    }

    @Test
    void shouldServeOthersWhileALeaderWaitsForAHole() throws Exception {
        final long early = ring.publish(ring.tryClaim(2), 2);
        final long hole = ring.tryClaim(3);
        final long late = ring.publish(ring.tryClaim(5), 5);
        final AtomicReference<Object> outcome = new AtomicReference<>();
        final Thread thread = waiter(late, outcome);
        assertTrue(flusher.commit().await(early, true, null));
        assertFalse(flusher.commit().await(late, true, 1_000_000, false));
        ring.publish(hole, 3);
        thread.join();
        assertEquals(true, outcome.get());
    }
}
