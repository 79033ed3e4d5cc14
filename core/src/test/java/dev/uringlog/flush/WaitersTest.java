package dev.uringlog.flush;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.uringlog.flush.Waiters.Waiter;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** Waiting callers, as the baton's holder sees them. */
class WaitersTest {
    private final Waiters waiters = new Waiters();

    @Test
    void shouldForgetAtTheEndThoseWhoWaitAndThoseWhoHaveLeft() {
        final IOException cause = new IOException("closed");
        final Waiter waiting = new Waiter(1, false);
        final Waiter left = new Waiter(2, true);
        waiters.push(waiting);
        waiters.push(left);
        assertTrue(left.leave());
        waiters.giveUp(cause);
        assertTrue(waiters.isEmpty());
        assertEquals(0, waiters.count());
        assertSame(cause, waiting.failure());
        assertTrue(waiting.isDone());
    }
}
