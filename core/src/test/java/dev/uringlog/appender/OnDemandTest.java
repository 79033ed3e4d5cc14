package dev.uringlog.appender;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.uringlog.append.AppendLog;
import dev.uringlog.append.AppendStatistics;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class OnDemandTest {
    @TempDir
    Path directory;

    private final OnDemand<AppendLog> file = new OnDemand<>(this::openFile, log -> log);
    private OnDemand.Opener<AppendLog> opener = () -> AppendLog.builder(path()).open();
    private int attempts;

    private Path path() {
        return directory.resolve("app.log");
    }

    private AppendLog openFile() throws IOException {
        attempts++;
        return opener.open();
    }

    @AfterEach
    void close() {
        final AppendLog open = file.get();
        if (open != null) {
            open.close();
        }
    }

    @Test
    void shouldOpenTheFileOnce() throws IOException {
        assertNull(file.get());
        final AppendLog log = file.open();
        assertSame(log, file.open());
        assertSame(log, file.get());
        assertEquals(1, attempts);
    }

    @Test
    void shouldRepeatAnAttemptThatFailedAfterASecond() throws IOException {
        final OnDemand.Opener<AppendLog> working = opener;
        opener = () -> {
            throw new IOException("broken");
        };
        final long begin = System.nanoTime();
        assertThrows(IOException.class, file::open);
        assertNull(file.open());
        assertEquals(1, attempts);
        opener = working;
        Awaitility.await().until(() -> file.open() != null);
        assertTrue(System.nanoTime() - begin >= 1_000_000_000, "not before a second was over");
        assertEquals(2, attempts);
    }

    @Test
    void shouldRefuseAnEventThatIsLoggedWhileTheSameThreadOpensTheFile() throws IOException {
        final OnDemand.Opener<AppendLog> working = opener;
        opener = () -> {
            assertNull(file.open());
            return working.open();
        };
        assertSame(file.open(), file.get());
        assertEquals(1, attempts);
    }

    @Test
    void shouldOpenNothingOnceItHasEnded() throws IOException {
        assertNull(file.end(Duration.ZERO));
        assertNull(file.open());
        assertEquals(0, attempts);
        assertFalse(Files.exists(path()));
    }

    @Test
    void shouldCloseAFileWhoseOpeningOutlastsTheEnd() throws Exception {
        final OnDemand.Opener<AppendLog> working = opener;
        final CountDownLatch begun = new CountDownLatch(1);
        final CountDownLatch ended = new CountDownLatch(1);
        opener = () -> {
            begun.countDown();
            try {
                ended.await();
            } catch (final InterruptedException e) {
                throw new IOException(e);
            }
            return working.open();
        };
        final FutureTask<AppendLog> opening = new FutureTask<>(file::open);
        new Thread(opening, "opening").start();
        begun.await();
        assertNull(file.end(Duration.ofMillis(1)));
        ended.countDown();
        assertTrue(opening.get().isClosed());
    }

    @Test
    void shouldShowZerosAndSayThatItIsNotOpenBeforeItIs() throws IOException {
        assertEquals(AppendStatistics.none(), file.statistics());
        assertEquals("app is not open yet", file.description("app"));
        file.flush();
        file.open().append(new byte[] {'\n'});
        assertEquals(1, file.statistics().accepted());
        assertTrue(file.description("app").contains("durability MEMORY"), file.description("app"));
    }

    @Test
    void shouldBeginOnlyAnEmptyFileWithAHeader() throws IOException {
        for (int i = 0; i < 2; i++) {
            try (AppendLog log = AppendLog.builder(path()).open()) {
                OnDemand.begin(log, "header\n".getBytes(StandardCharsets.US_ASCII));
                OnDemand.begin(log, null);
            }
        }
        assertEquals("header\n", Files.readString(path()));
    }
}
