package dev.uringlog.flush;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A roller that wants each event in a file of its own, and each batch asks it. */
class RotationTest implements Rolling {
    private final Parts parts = new Parts();
    private final Drain drain = parts.drain(this, Parts.options(true, Parts.NEVER, false));
    private final List<Long> sizes = new ArrayList<>();
    private int rolls;
    private boolean isBroken;

    @Override
    public boolean isDue(final long timeMillis, final int length, final long fileSize) {
        sizes.add(fileSize);
        if (isBroken) {
            throw new IllegalStateException("broken");
        }
        return fileSize > 0;
    }

    @Override
    public void roll(final RolledFile file) {
        rolls++;
        if (isBroken) {
            throw new IllegalStateException("broken");
        }
    }

    @Test
    void shouldEndABatchBeforeAnEventOfTheNextFileAndWriteItBehindTheTurn() {
        parts.append("one\n");
        parts.append("two\n");
        assertTrue(drain.drain(parts.cursor, true));
        assertEquals("one\n", parts.sink.text());
        assertTrue(drain.rotation.isDue(parts.cursor));
        drain.rotation.turn(parts.cursor);
        assertEquals(1, rolls);
        assertFalse(drain.rotation.isDue(parts.cursor));
        drain.drain(parts.cursor, true);
        assertEquals("one\ntwo\n", parts.sink.text());
        assertEquals(List.of(0L, 4L), sizes, "each event is judged once");
    }

    @Test
    void shouldLeaveARollerAloneForAWhileThatFailed() {
        isBroken = true;
        parts.append("one\n");
        parts.append("two\n");
        assertTrue(drain.drain(parts.cursor, true));
        assertEquals("one\ntwo\n", parts.sink.text(), "an event that is not judged is written");
        assertEquals(1, sizes.size());
        assertEquals(1, parts.heard.size(), parts.heard::toString);
    }

    @Test
    void shouldRefuseARollWithoutARoller() {
        final Drain plain = parts.drain(null, Parts.options(true, Parts.NEVER, false));
        assertThrows(IllegalStateException.class, plain.rotation::requireRoller);
    }
}
