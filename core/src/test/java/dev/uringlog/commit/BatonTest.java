package dev.uringlog.commit;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.uringlog.flush.Waiters;
import dev.uringlog.flush.Waiters.Waiter;
import dev.uringlog.ring.EventRing;
import dev.uringlog.ring.RingConsumer;
import org.junit.jupiter.api.Test;

class BatonTest {
    private final RingConsumer cursor = new EventRing(4096, 0, false).consumer();
    private final Baton baton = new Baton(cursor);

    @Test
    void shouldGiveTheCursorToOneHolderAtATime() {
        assertSame(cursor, baton.tryTake());
        assertTrue(baton.isHeldByCurrentThread());
        assertNull(baton.tryTake());
        baton.free();
        assertFalse(baton.isHeldByCurrentThread());
        assertSame(cursor, baton.tryTake());
    }

    @Test
    void shouldBelongToNoThreadBetweenTwoCallers() {
        baton.tryTake();
        final Waiters callers = new Waiters();
        assertFalse(baton.passTo(callers), "none waits");
        assertTrue(baton.isHeldByCurrentThread());
        final Waiter caller = new Waiter(1, false);
        callers.push(caller);
        assertTrue(baton.passTo(callers));
        assertTrue(caller.isLeading());
        assertFalse(baton.isHeldByCurrentThread());
        assertNull(baton.tryTake(), "it is promised");
        assertSame(cursor, baton.receive());
        assertTrue(baton.isHeldByCurrentThread());
    }

    @Test
    void shouldWaitForTheFlusherOnceItIsGranted() {
        baton.tryTake();
        baton.grant(Thread.currentThread());
        assertTrue(baton.isGranted());
        assertNull(baton.tryTake());
        assertSame(cursor, baton.acquire());
        assertFalse(baton.isGranted() || baton.isWanted());
    }
}
