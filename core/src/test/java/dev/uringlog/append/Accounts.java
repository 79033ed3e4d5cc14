package dev.uringlog.append;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The invariant of every fault: each accepted event is written, dropped or failed, and counted once. */
public final class Accounts {
    private Accounts() {}

    /** For a log that is drained or closed. */
    public static void assertSettled(final AppendStatistics s) {
        assertSettled(s, "");
    }

    /** For a log that is still writing, or whose close gave up before it had written everything. */
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
