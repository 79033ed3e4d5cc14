package dev.uringlog.ring;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WaitingLineTest {
    private static final int CAPACITY = EventRing.CAPACITY_MIN;

    private final EventRing ring = new EventRing(CAPACITY, 0);
    private final AtomicInteger claimed = new AtomicInteger();
    private final AtomicInteger tries = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();

    /** Claims, publishes, and goes. */
    private Thread caller(final int length) {
        final Thread thread = new Thread(() -> {
            final WaitingLine.Place place = ring.line().join(length);
            long claim = place.tryClaim();
            while (claim == EventRing.FULL) {
                LockSupport.park(this);
                tries.incrementAndGet();
                claim = place.tryClaim();
            }
            if (claim >= 0) {
                ring.publish(claim, length);
                claimed.incrementAndGet();
            } else {
                refused.incrementAndGet();
            }
            ring.line().leave(place);
        });
        thread.start();
        await().until(() -> thread.getState() == Thread.State.WAITING);
        return thread;
    }

    private void fill(final int length) {
        for (int i = 0; i < CAPACITY / length; i++) {
            ring.publish(ring.tryClaim(length), length);
        }
    }

    @Test
    void shouldCallTheFirstAndWithEachThatLeavesTheNextWhileThereIsRoom() throws Exception {
        fill(1024);
        final List<Thread> callers = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            callers.add(caller(512));
        }
        ring.consumer().poll(null, 1024);
        ring.consumer().release();
        callers.get(0).join();
        callers.get(1).join();
        await().until(() -> callers.get(2).getState() == Thread.State.WAITING);
        assertEquals(2, claimed.get());
        assertEquals(2, tries.get(), "the third was woken in vain");
        ring.consumer().poll();
        ring.consumer().release();
        callers.get(2).join();
        assertTrue(ring.line().isEmpty());
    }

    @Test
    void shouldCallNoneWhereThereIsTooLittleRoom() throws Exception {
        fill(1024);
        final Thread large = caller(2048);
        ring.consumer().poll(null, 1024);
        ring.consumer().release();
        assertFalse(ring.line().isEmpty());
        assertEquals(0, tries.get());
        ring.consumer().poll(null, 1024);
        ring.consumer().release();
        large.join();
        assertEquals(1, tries.get());
    }

    @Test
    void shouldCallAllWhenTheRingIsClosed() throws Exception {
        fill(1024);
        final List<Thread> callers = List.of(caller(64), caller(64), caller(64));
        ring.close();
        for (final Thread caller : callers) {
            caller.join();
        }
        assertEquals(3, refused.get());
        assertTrue(ring.line().isEmpty());
    }

    /** Every caller but the consumer sleeps at some time: one wake-up that is lost, and this never ends. */
    @Test
    void shouldLoseNoWakeUp() throws Exception {
        final int events = 20_000;
        final int length = 1500;
        final AtomicLong done = new AtomicLong();
        final List<Thread> callers = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            final Thread thread = new Thread(() -> {
                while (done.incrementAndGet() <= events) {
                    final WaitingLine.Place place = ring.line().join(length);
                    long claim = place.tryClaim();
                    while (claim == EventRing.FULL) {
                        LockSupport.park(this);
                        claim = place.tryClaim();
                    }
                    ring.publish(claim, length);
                    ring.line().leave(place);
                }
            });
            callers.add(thread);
            thread.start();
        }
        for (long consumed = 0; consumed < (long) events * length; ) {
            final long bytes = ring.consumer().poll();
            ring.consumer().release();
            consumed += bytes;
            if (bytes == 0) {
                Thread.yield();
            }
        }
        for (final Thread caller : callers) {
            caller.join();
        }
        assertTrue(ring.line().isEmpty());
    }
}
