package dev.uringlog.logback;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import dev.uringlog.append.AppendStatistics;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Calls that wait inside an appender whose disk is full. */
@Timeout(60)
class BlockedCallerTest {
    private static final int CALLERS = 3;

    @TempDir
    Path directory;

    private final Rig rig = new Rig();

    private static void sh(final String command) throws Exception {
        assertEquals(
                0, new ProcessBuilder("sh", "-c", command).inheritIO().start().waitFor(), command);
    }

    @Test
    void shouldEndWhenTheContextIsStopped() throws Exception {
        assumeTrue("root".equals(System.getProperty("user.name")), "mounting needs root");
        sh("mount -t tmpfs -o size=64k tmpfs " + directory);
        try {
            final IoUringFileAppender<ILoggingEvent> appender = rig.lines(directory.resolve("app.log"));
            appender.setRingSize("4 KiB");
            appender.setShutdownTimeout("500 ms");
            appender.start();
            final Logger logger = rig.context.getLogger(Logger.ROOT_LOGGER_NAME);
            logger.addAppender(appender);
            sh("head -c 64k /dev/zero > " + directory + "/ballast 2>/dev/null || true");
            final AtomicBoolean isStopped = new AtomicBoolean();
            final List<Thread> callers = new ArrayList<>();
            for (int i = 0; i < CALLERS; i++) {
                final Thread caller = new Thread(() -> {
                    while (!isStopped.get()) {
                        logger.info("x".repeat(100));
                    }
                });
                callers.add(caller);
                caller.start();
            }
            await().until(() -> appender.statistics().blocked() >= CALLERS);
            rig.context.stop();
            isStopped.set(true);
            for (final Thread caller : callers) {
                caller.join();
            }
            final AppendStatistics s = appender.statistics();
            assertTrue(s.failed() > 0, s.toString());
            assertEquals(s.accepted(), s.written() + s.dropped() + s.failed(), s.toString());
        } finally {
            sh("umount -l " + directory);
        }
    }
}
