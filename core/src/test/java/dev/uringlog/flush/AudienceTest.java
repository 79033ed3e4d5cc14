package dev.uringlog.flush;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.uringlog.flush.Waiters.Waiter;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class AudienceTest {
    private final Parts parts = new Parts();
    private final Audience audience = parts.audience;
    private final Waiter early = new Waiter(1, false);
    private final Waiter late = new Waiter(3, false);
    private final Waiter durable = new Waiter(1, true);
    private final IOException cause = new IOException("broken");

    @Test
    void shouldTellOnlyThoseWhosePositionIsNotReached() {
        audience.callers.push(early);
        audience.guests.push(late);
        parts.marks.written(2);
        audience.fail(cause);
        assertTrue(early.isDone());
        assertNull(early.failure());
        assertSame(cause, late.failure());
        assertFalse(audience.isThere());
    }

    @Test
    void shouldTellOfAFailedSyncOnlyThoseThatWaitForOneAndAreWritten() {
        final Waiter unwritten = new Waiter(3, true);
        audience.callers.push(late);
        audience.callers.push(durable);
        audience.callers.push(unwritten);
        parts.marks.written(2);
        assertTrue(audience.wantsSync());
        audience.failDurable(cause);
        assertSame(cause, durable.failure());
        assertFalse(late.isDone());
        assertFalse(unwritten.isDone());
        assertFalse(audience.wantsSync());
    }

    @Test
    void shouldRememberWhatKeptEventsFromBeingWrittenUntilTheNextTurnBegins() {
        audience.fail(cause);
        assertSame(cause, audience.failure());
        audience.begin();
        assertNull(audience.failure());
    }

    @Test
    void shouldLeaveNoCallerAtTheEnd() {
        audience.callers.push(early);
        audience.guests.push(durable);
        audience.over();
        assertTrue(early.isDone() && durable.isDone());
        assertEquals(0, audience.callers.count());
    }
}
