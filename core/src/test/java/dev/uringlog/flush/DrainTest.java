package dev.uringlog.flush;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.uringlog.append.MemorySink;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class DrainTest {
    private final Parts parts = new Parts();

    @Test
    void shouldReleaseABatchOnceItIsWrittenWhereItIsNotToBeSynced() {
        final Drain drain = parts.drain(null, Parts.options(false, Parts.NEVER, false));
        final long end = parts.append("event\n");
        assertTrue(drain.drain(parts.cursor, false));
        assertEquals(end, drain.marks.written());
        assertEquals(end, parts.ring.releasedPosition());
    }

    @Test
    void shouldReleaseABatchOnlyOnceItIsSyncedWhereItIsKept() {
        final Drain drain = parts.drain(null, Parts.options(true, Parts.NEVER, false));
        final long end = parts.append("event\n");
        assertTrue(drain.drain(parts.cursor, false));
        assertEquals(0, parts.ring.releasedPosition());
        assertFalse(drain.sync(parts.cursor));
        assertEquals(end, drain.marks.durable());
        assertEquals(end, parts.ring.releasedPosition());
    }

    @Test
    void shouldReleaseWhatWillNeverBeDurable() {
        final Drain drain = parts.drain(null, Parts.options(true, Parts.NEVER, false));
        final long end = parts.append("event\n");
        drain.drain(parts.cursor, false);
        parts.sink.cannotSetAside = true;
        parts.sink.planSyncs(MemorySink.fail(new IOException("broken")));
        assertFalse(drain.sync(parts.cursor), "there is no new file to write it to");
        assertEquals(end, parts.ring.releasedPosition());
        assertEquals(1, drain.counters().failed);
        assertEquals(0, drain.counters().written);
    }

    @Test
    void shouldGoOnInTheMiddleOfABatchThatAnImpatientThreadLeft() {
        final Drain drain = parts.drain(null, Parts.options(false, Parts.NEVER, false));
        parts.append("one\n");
        parts.append("two\n");
        parts.sink.plan(MemorySink.shortWrite(5), MemorySink.fail(new IOException("full")));
        assertFalse(drain.drain(parts.cursor, false));
        assertTrue(drain.isHalfWritten(parts.cursor));
        assertEquals(4, drain.marks.written(), "the first is whole, and its caller need not wait");
        assertTrue(drain.drain(parts.cursor, true));
        assertFalse(drain.isHalfWritten(parts.cursor));
        assertEquals("one\ntwo\n", parts.sink.text());
        assertEquals(2, drain.counters().written);
    }
}
