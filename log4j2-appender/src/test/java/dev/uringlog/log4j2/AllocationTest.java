package dev.uringlog.log4j2;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Arrays;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.Appender;
import org.apache.logging.log4j.core.impl.MutableLogEvent;
import org.apache.logging.log4j.core.util.Constants;
import org.apache.logging.log4j.message.ReusableSimpleMessage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a logging thread allocates, and the writer of a rolling file, by the JVM's own count. */
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

    /** The policy checks size and time for each event, but the file never rolls. */
    @ParameterizedTest
    @ValueSource(strings = {"", "ringSize=\"4 KiB\"", "maxDelay=\"0\""})
    void shouldAllocateNothingForAnEventThatMayRollNorWhereItIsJudged(final String attributes) throws Exception {
        final String files =
                "fileName=\"" + dir.resolve("app.log") + "\" filePattern=\"" + dir.resolve("app-%d{yyyy}-%i") + "\" ";
        final String policies = "<SizeBasedTriggeringPolicy size=\"1 TB\"/><TimeBasedTriggeringPolicy/>";
        try (Rig rig = new Rig(Rig.rolling(files + attributes, policies, ""))) {
            final RollingIoUringFileAppender appender = rig.rolling(0);
            append(appender, "an event of the usual length", 2 * EVENTS);
            appender.flush();
            final long[] writers = writers();
            final long writersBefore = allocatedBy(writers);

            final long bytes = allocatedBy(appender, "an event of the usual length", EVENTS);
            appender.flush();
            final long writersBytes = allocatedBy(writers) - writersBefore;

            assertTrue(writers.length > 0);
            assertTrue(bytes < BYTES_MAX, bytes + " bytes for " + EVENTS + " events");
            assertTrue(writersBytes < BYTES_MAX, writersBytes + " bytes of the writer for " + EVENTS + " events");
        }
    }

    private static long[] writers() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().contains("RollingIoUringFile"))
                .mapToLong(Thread::getId)
                .toArray();
    }

    private static long allocatedBy(final long[] threads) {
        return Arrays.stream(THREADS.getThreadAllocatedBytes(threads)).sum();
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
