package dev.uringlog.logback;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.core.rolling.SizeAndTimeBasedFNATP;
import ch.qos.logback.core.rolling.helper.ArchiveRemover;
import ch.qos.logback.core.rolling.helper.FileNamePattern;
import ch.qos.logback.core.rolling.helper.SizeAndTimeBasedArchiveRemover;
import ch.qos.logback.core.util.FileSize;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Rolls faster than old archives are cleaned up. */
@Timeout(60)
class ArchiveCleaningTest {
    @TempDir
    Path directory;

    private final Rig rig = new Rig();
    private final Semaphore turn = new Semaphore(1);
    private final CountDownLatch overlap = new CountDownLatch(1);
    private final AtomicInteger cleanUps = new AtomicInteger();

    @AfterEach
    void stop() {
        rig.context.stop();
    }

    @Test
    void shouldCleanUpOneAtATime() {
        final RollingIoUringFileAppender<String> appender = appender(new Observed());
        appender.start();
        for (int i = 0; i < 4; i++) {
            appender.doAppend("0\n");
            appender.rollover();
        }
        appender.stop();
        assertEquals(1, overlap.getCount());
        assertTrue(cleanUps.get() >= 2, cleanUps::toString); // The one of the first roll, and one for the others.
    }

    private RollingIoUringFileAppender<String> appender(final SizeAndTimeBasedFNATP<String> naming) {
        final RollingIoUringFileAppender<String> appender =
                rig.rolling(directory.resolve("a.log"), new TestEncoder<>(TestEncoder::utf8));
        naming.setMaxFileSize(new FileSize(1_000));
        RollingPolicies.byTime(appender, Path.of(pattern()), policy -> {
            policy.setMaxHistory(100);
            policy.setTimeBasedFileNamingAndTriggeringPolicy(naming);
        });
        return appender;
    }

    private String pattern() {
        return directory.resolve("a.%d{yyyy-MM-dd-HH-mm-ss, UTC}.%i.log").toString();
    }

    /** Its clean-ups give another one the time to begin. */
    private final class Observed extends SizeAndTimeBasedFNATP<String> {
        @Override
        protected ArchiveRemover createArchiveRemover() {
            return new SizeAndTimeBasedArchiveRemover(new FileNamePattern(pattern(), context), rc) {
                @Override
                public void clean(final Instant now) {
                    cleanUps.incrementAndGet();
                    if (!turn.tryAcquire()) {
                        overlap.countDown();
                        return;
                    }
                    try {
                        overlap.await(200, TimeUnit.MILLISECONDS);
                    } catch (final InterruptedException e) {
                        throw new AssertionError(e);
                    } finally {
                        turn.release();
                    }
                }
            };
        }
    }
}
