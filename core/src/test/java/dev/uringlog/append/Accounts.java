package dev.uringlog.append;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What every fault must leave in order: each event that was accepted is written, dropped or failed, and counted once. */
public final class Accounts {
    private Accounts() {}

    /** Of a log that was drained, or closed. */
    public static void assertSettled(final AppendStatistics s) {
        assertSettled(s, "");
    }

    /** Of a log whose events are on their way still, or that hangs in a close that did not wait for it. */
    public static void awaitSettled(final AppendLog log) {
        await().until(() -> log.statistics().waiting() == 0);
        assertSettled(log.statistics());
    }

    public static void assertSettled(final AppendStatistics s, final String what) {
        assertTrue(s.written() >= 0 && s.dropped() >= 0 && s.failed() >= 0, () -> what + ": " + s);
        assertEquals(s.accepted(), s.written() + s.dropped() + s.failed(), () -> what + ": " + s);
        assertEquals(0, s.waiting(), () -> what + ": " + s);
    }
}
