package dev.uringlog.append;

import static dev.uringlog.append.FakeDisk.ascii;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The line in the log itself that tells of discarded events: where it stands, and how often there is one. */
@Timeout(60)
class DiscardNoticeTest {
    private static final int RING = 4096;

    private final CountDownLatch reached = new CountDownLatch(1);
    private final CountDownLatch open = new CountDownLatch(1);
    private final MemorySink sink = new MemorySink().plan(MemorySink.stall(reached, open));
    private final Heard heard = new Heard();

    private AppendLog openLog() throws Exception {
        return sink.builder()
                .ringSize(RING)
                .overflow(OverflowPolicy.DISCARD)
                .discardNotice(count -> ascii(count + " discarded\n"))
                .listener(heard)
                .open();
    }

    private static byte[] large() {
        return ascii("x".repeat(RING - 1) + "\n");
    }

    @Test
    void shouldStandWhereTheEventsAreMissingThoughLaterOnesAreWaitingToo() throws Exception {
        try (AppendLog log = openLog()) {
            log.append(ascii("first\n"));
            reached.await();
            log.append(ascii("before\n"));
            assertEquals(AppendLog.DISCARDED, log.append(large()));
            assertEquals(AppendLog.DISCARDED, log.append(large()));
            log.append(ascii("after\n"));
            open.countDown();
            await().until(() -> sink.text().endsWith("after\n"));
        }
        assertEquals("first\nbefore\n2 discarded\nafter\n", sink.text());
    }

    @Test
    void shouldNotBeRepeatedWithinASecondAndLeaveNothingUntold() throws Exception {
        try (AppendLog log = openLog()) {
            log.append(ascii("first\n"));
            reached.await();
            assertEquals(AppendLog.DISCARDED, log.append(large()));
            log.append(ascii("a\n"));
            assertEquals(AppendLog.DISCARDED, log.append(large()));
            log.append(ascii("b\n"));
            assertEquals(AppendLog.DISCARDED, log.append(large()));
            open.countDown();
        }
        assertEquals("first\n3 discarded\na\nb\n", sink.text());
        assertEquals(1, heard.warnings.size(), heard.warnings.toString());
    }
}
