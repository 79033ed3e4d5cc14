package dev.uringlog.flush;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.uringlog.append.MemorySink;
import dev.uringlog.flush.WriteOutcome.State;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a write answers with, for each thing that can come of it. */
class BatchWriterTest {
    private static final IOException FULL = new IOException("full");

    private final Parts parts = new Parts();
    private final BatchWriter writer = parts.writer(Parts.options(false, Parts.NEVER, false));

    @BeforeEach
    void gather() {
        parts.append("one\n");
        parts.append("two\n");
        parts.cursor.poll();
    }

    private WriteOutcome write(final boolean isPatient) {
        return writer.write(parts.cursor, isPatient);
    }

    @Test
    void shouldBeWritten() {
        assertSame(WriteOutcome.WRITTEN, write(false));
        assertEquals(8, writer.reached());
    }

    @Test
    void shouldBeHeldForAThreadWithoutPatience() {
        parts.sink.plan(MemorySink.shortWrite(5), MemorySink.fail(FULL));
        assertSame(WriteOutcome.HELD, write(false));
        assertEquals(5, writer.reached());
        assertSame(FULL, parts.audience.failure());
        assertTrue(writer.isStalled());
    }

    @Test
    void shouldFailForAThreadWithPatienceOnceItHasGivenUp() {
        parts.sink.plan(MemorySink.shortWrite(5), MemorySink.fail(FULL));
        writer.holdFor(0);
        final WriteOutcome outcome = write(true);
        assertEquals(State.FAILED, outcome.state());
        assertSame(FULL, outcome.cause());
    }

    @Test
    void shouldBeDroppedAndLeaveItToTheDrainToTellCallers() {
        final BatchWriter dropping = parts.writer(Parts.options(false, Parts.NEVER, true));
        parts.sink.plan(MemorySink.shortWrite(5), MemorySink.fail(FULL));
        assertEquals(State.DROPPED, dropping.write(parts.cursor, true).state());
        assertNull(parts.audience.failure());
        assertEquals(0, parts.marks.written());
    }

    @Test
    void shouldNotHoldMemoryThatTheKernelMayStillRead() {
        parts.sink.quarantine();
        parts.sink.plan(MemorySink.fail(FULL));
        assertEquals(State.QUARANTINED, write(true).state());
    }

    /** As in pure Java, where an interrupt closes the file, and another may be at its path by then. */
    @Test
    void shouldWriteWholeInTheNextFileTheEventThatAFileGotAPartOfBeforeItWasClosed() {
        parts.sink.plan(offered -> {
            parts.sink.isOpen = false;
            parts.sink.isAnother = true;
            return 6;
        });
        assertSame(WriteOutcome.WRITTEN, write(true));
        assertEquals("one\ntwtwo\n", parts.sink.text());
        assertEquals(8, writer.reached());
    }

    @Test
    void shouldGoOnInsideTheEventIfTheFileThatWasClosedIsStillThere() {
        parts.sink.plan(offered -> {
            parts.sink.isOpen = false;
            return 6;
        });
        assertSame(WriteOutcome.WRITTEN, write(true));
        assertEquals("one\ntwo\n", parts.sink.text());
        assertEquals(1, parts.sink.reopened);
    }

    @Test
    void shouldStartALineForTheEventBehindBytesThatAreNoEventAndWereNotWrittenWhole() {
        parts.sink.plan(MemorySink.shortWrite(3), MemorySink.fail(FULL));
        writer.holdFor(0);
        writer.writeBeside(parts.cursor, "header\n".getBytes(StandardCharsets.US_ASCII));
        write(false);
        assertEquals("hea\none\ntwo\n", parts.sink.text());
    }
}
