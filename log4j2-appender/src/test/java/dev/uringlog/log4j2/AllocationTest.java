package dev.uringlog.log4j2;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.Appender;
import org.apache.logging.log4j.core.impl.MutableLogEvent;
import org.apache.logging.log4j.core.util.Constants;
import org.apache.logging.log4j.message.ReusableSimpleMessage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a logging thread allocates, by the JVM's own count. */
class AllocationTest {
    private static final int EVENTS = 100_000;

    /** Less than half a byte an event: what the JVM itself does now and then, and new buffers after a collection. */
    private static final long BYTES_MAX = EVENTS / 2;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @TempDir
    Path dir;

    private final MutableLogEvent event = new MutableLogEvent();
    private final ReusableSimpleMessage message = new ReusableSimpleMessage();

    @BeforeEach
    void fillEvent() {
        assertTrue(Constants.ENABLE_THREADLOCALS && Constants.ENABLE_DIRECT_ENCODERS);
        event.setLoggerName("app");
        event.setLevel(Level.INFO);
        event.setThreadName("producer");
        event.setMessage(message);
    }

    /** The smallest ring, so that this thread meets a full one too. */
    @ParameterizedTest
    @ValueSource(strings = {"", "ringSize=\"4 KiB\"", "ringSize=\"4 KiB\" overflow=\"DISCARD\"", "maxDelay=\"0\""})
    void shouldAllocateNothingForAnEvent(final String attributes) {
        // No %d: Log4j's own date formatter allocates whenever the time has changed.
        final String layout = "<PatternLayout pattern=\"%-5p [%t] %c - %m%n\" charset=\"UTF-8\"/>";
        try (Rig rig = new Rig(Rig.element("IoUringFile", dir.resolve("app.log"), attributes, layout))) {
            final IoUringFileAppender appender = rig.appender(0);
            append(appender, "an event of the usual length, more or less: é€😀", 2 * EVENTS);

            final long bytes = allocatedBy(appender, "an event of the usual length, more or less: é€😀", EVENTS);

            assertTrue(bytes < BYTES_MAX, bytes + " bytes for " + EVENTS + " events");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-8", "US-ASCII", "ISO-8859-1"})
    void shouldAllocateNothingForALongEventEither(final String charset) {
        final String layout = "<PatternLayout pattern=\"%m%n\" charset=\"" + charset + "\"/>";
        try (Rig rig = new Rig(Rig.element("IoUringFile", dir.resolve("app.log"), "", layout))) {
            final IoUringFileAppender appender = rig.appender(0);
            // Below the length from which Log4j trims its own StringBuilder (log4j2.maxReusableMsgSize).
            final String text = "é".repeat(500);
            append(appender, text, EVENTS);

            assertTrue(allocatedBy(appender, text, EVENTS) < BYTES_MAX);
        }
    }

    private long allocatedBy(final Appender appender, final String text, final int count) {
        final long id = Thread.currentThread().getId();
        final long before = THREADS.getThreadAllocatedBytes(id);
        append(appender, text, count);
        return THREADS.getThreadAllocatedBytes(id) - before;
    }

    private void append(final Appender appender, final String text, final int count) {
        for (int i = 0; i < count; i++) {
            message.set(text);
            appender.append(event);
        }
    }
}
