package dev.uringlog.logback;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AllocationTest {
    private static final int EVENTS = 100_000;

    @TempDir
    Path directory;

    @Test
    void shouldAllocateNothingBesideWhatTheEncoderDoes() {
        assumeTrue(ManagementFactory.getThreadMXBean() instanceof ThreadMXBean);
        final byte[] line = TestEncoder.utf8("a line that is always the same\n");
        final IoUringFileAppender<String> appender =
                new Rig().appender(directory.resolve("a.log"), new TestEncoder<>(event -> line));
        appender.start();
        for (int i = 0; i < 5; i++) {
            allocated(appender); // Until everything is loaded and compiled.
        }
        final long allocated = allocated(appender);
        appender.stop();
        // The reading itself costs some bytes; a single one per event would cost a hundred thousand.
        assertEquals(0, allocated / EVENTS, () -> allocated + " bytes");
    }

    private static long allocated(final IoUringFileAppender<String> appender) {
        final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        final long id = Thread.currentThread().getId();
        final long before = threads.getThreadAllocatedBytes(id);
        for (int i = 0; i < EVENTS; i++) {
            appender.doAppend("event");
        }
        return threads.getThreadAllocatedBytes(id) - before;
    }
}
