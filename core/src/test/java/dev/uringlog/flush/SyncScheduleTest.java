package dev.uringlog.flush;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SyncScheduleTest {
    private static final long HOUR_NS = TimeUnit.HOURS.toNanos(1);
    private static final long NOT_DUE = Long.MAX_VALUE;

    private final Parts parts = new Parts();

    private SyncSchedule schedule(final long intervalNanos) {
        return parts.syncer(Parts.options(true, intervalNanos, false)).schedule();
    }

    /** A batch is written, and stays in the ring. */
    private void write(final SyncSchedule schedule, final String event) {
        parts.append(event);
        parts.cursor.poll();
        schedule.kept(parts.cursor.position());
        parts.cursor.advance();
        parts.marks.written(parts.cursor.position());
    }

    @Test
    void shouldCountTheIntervalFromTheFirstBatchThatNoSyncCovers() {
        final SyncSchedule schedule = schedule(HOUR_NS);
        assertEquals(NOT_DUE, schedule.nanosToDue());
        write(schedule, "one");
        assertTrue(schedule.takeTimerNews());
        final long due = schedule.nanosToDue();
        assertTrue(due > 0 && due <= HOUR_NS, () -> "in " + due + " ns");
        write(schedule, "two");
        assertFalse(schedule.takeTimerNews(), "the second waits no longer than the first");
        schedule.begun(parts.cursor.position());
        assertEquals(NOT_DUE, schedule.nanosToDue());
    }

    @Test
    void shouldSyncWithoutAnIntervalOnlyForRoom() {
        final SyncSchedule schedule = schedule(Parts.NEVER);
        write(schedule, "x".repeat(100));
        assertEquals(NOT_DUE, schedule.nanosToDue());
        schedule.wantRoom();
        assertTrue(schedule.nanosToDue() <= 0);
        schedule.released();
        assertEquals(NOT_DUE, schedule.nanosToDue(), "room was made");
        write(schedule, "x".repeat(parts.ring.capacity() / 2));
        assertTrue(schedule.nanosToDue() <= 0, "half of the ring waits for a sync");
    }

    @Test
    void shouldTryASyncThatFailedForTheMomentAgainLater() {
        final SyncSchedule schedule = schedule(0);
        write(schedule, "one");
        assertTrue(schedule.nanosToDue() <= 0);
        schedule.retryLater();
        assertTrue(schedule.nanosToDue() > 0);
    }

    @Test
    void shouldSyncNothingOnceNothingCanBeMadeDurable() {
        final SyncSchedule schedule = schedule(0);
        write(schedule, "one");
        parts.marks.suspect(new IOException("broken"));
        assertEquals(NOT_DUE, schedule.nanosToDue());
    }
}
