package dev.uringlog.commit;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.uringlog.file.LeftFile;
import dev.uringlog.file.Sink;
import dev.uringlog.flush.FlushOptions;
import dev.uringlog.flush.Reporter;
import dev.uringlog.ring.EventRing;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A caller who waits, behind one who has claimed and not published. */
@Timeout(60)
class GroupCommitHoleTest {
    private static final class Swallow implements Sink {
        private volatile long bytes;
        private volatile int syncs;

        @Override
        public long write(final ByteBuffer[] parts) {
            long count = 0;
            for (final ByteBuffer part : parts) {
                count += part.remaining();
                part.position(part.limit());
            }
            bytes += count;
            return count;
        }

        @Override
        public void sync() {
            syncs++;
        }

        @Override
        public boolean areNamesSynced() {
            return true;
        }

        @Override
        public String syncNames() {
            return null;
        }

        @Override
        public void grown(final Path directory) {}

        @Override
        public void leaveNames() {}

        @Override
        public void movedTo(final Path directory) {}

        @Override
        public Path setAside(final String suffix) {
            return null;
        }

        @Override
        public void reopen() {}

        @Override
        public void open(final Path other, final boolean append) {}

        @Override
        public void closeFile() {}

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public boolean isCreated() {
            return false;
        }

        @Override
        public boolean isAnother() {
            return false;
        }

        @Override
        public LeftFile keep() throws IOException {
            throw new IOException("nothing is left");
        }

        @Override
        public Path path() {
            return Path.of("swallow");
        }

        @Override
        public Fate look() {
            return Fate.IN_PLACE;
        }

        @Override
        public long size() {
            return bytes;
        }

        @Override
        public String label() {
            return "swallow";
        }

        @Override
        public String degradation() {
            return null;
        }

        @Override
        public boolean takeQuarantine() {
            return false;
        }

        @Override
        public long initialSize() {
            return 0;
        }

        @Override
        public void close() {}
    }

    private final EventRing ring = new EventRing(4096, 0);
    private final Swallow sink = new Swallow();
    private final Flusher flusher = new Flusher(
            ring,
            sink,
            new Reporter((level, message, cause) -> {}, "test"),
            null,
            position -> {},
            null,
            new FlushOptions(1_000_000, true, true, -1, false, true, 1_000_000_000));

    @BeforeEach
    void start() {
        flusher.start(Thread::new);
    }

    @AfterEach
    void close() {
        ring.close();
        flusher.close(null, 1_000_000_000);
        assertTrue(flusher.join(10_000_000_000L));
    }

    private Thread waiter(final long position, final AtomicReference<Object> outcome) {
        final Thread thread = new Thread(() -> {
            try {
                outcome.set(flusher.await(position, true, null));
            } catch (final Exception e) {
                outcome.set(e);
            }
        });
        thread.start();
        return thread;
    }

    @Test
    void shouldWaitUntilWhatWasClaimedBeforeIsPublished() throws Exception {
        final long hole = ring.tryClaim(3);
        final long position = ring.publish(ring.tryClaim(5), 5);
        final AtomicReference<Object> outcome = new AtomicReference<>();
        final Thread thread = waiter(position, outcome);
        await().until(() -> thread.getState() == Thread.State.TIMED_WAITING);
        assertEquals(0, sink.bytes);
        ring.publish(hole, 3);
        thread.join();
        assertEquals(true, outcome.get());
        assertEquals(8, sink.bytes);
        assertEquals(1, sink.syncs);
        assertEquals(8, ring.releasedPosition());
    }

    @Test
    void shouldStepOverWhatWasClaimedBeforeAndAbandoned() throws Exception {
        final long hole = ring.tryClaim(3);
        final long position = ring.publish(ring.tryClaim(5), 5);
        final AtomicReference<Object> outcome = new AtomicReference<>();
        final Thread thread = waiter(position, outcome);
        await().until(() -> thread.getState() == Thread.State.TIMED_WAITING);
        ring.abandon(hole, 3);
        thread.join();
        assertEquals(true, outcome.get());
        assertEquals(5, sink.bytes);
        assertEquals(1, flusher.counters().failed);
    }

    @Test
    void shouldServeOthersWhileALeaderWaitsForAHole() throws Exception {
        final long early = ring.publish(ring.tryClaim(2), 2);
        final long hole = ring.tryClaim(3);
        final long late = ring.publish(ring.tryClaim(5), 5);
        final AtomicReference<Object> outcome = new AtomicReference<>();
        final Thread thread = waiter(late, outcome);
        assertTrue(flusher.await(early, true, null));
        assertFalse(flusher.await(late, true, 1_000_000, false));
        ring.publish(hole, 3);
        thread.join();
        assertEquals(true, outcome.get());
    }
}
