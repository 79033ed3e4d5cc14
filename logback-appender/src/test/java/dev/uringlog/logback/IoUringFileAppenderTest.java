package dev.uringlog.logback;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IoUringFileAppenderTest {
    @TempDir
    Path directory;

    private final Rig rig = new Rig();

    @Test
    void shouldHaveWrittenEverythingWhenTheContextHasStopped() throws Exception {
        final Path file = directory.resolve("sub/a.log");
        final IoUringFileAppender<ILoggingEvent> appender = rig.lines(file);
        appender.start();
        final Logger logger = rig.context.getLogger("test");
        logger.addAppender(appender);
        for (int i = 0; i < 10_000; i++) {
            logger.info("event {}", i);
        }
        rig.context.stop();
        assertEquals(10_000, Files.readAllLines(file).size());
        assertEquals(10_000, appender.statistics().written());
        assertTrue(rig.errors().isEmpty(), () -> rig.errors().toString());
    }
}
