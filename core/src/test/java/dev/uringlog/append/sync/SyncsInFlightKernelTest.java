package dev.uringlog.append.sync;

import static dev.uringlog.append.FakeDisk.ascii;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.uringlog.append.AppendLog;
import dev.uringlog.append.AppendLogListener;
import dev.uringlog.append.AppendStatistics;
import dev.uringlog.append.Heard;
import dev.uringlog.append.ShortOfMemory;
import dev.uringlog.testing.Host;
import dev.uringlog.write.Strategy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Syncs in flight on the kernel that runs this, on every file system there is to test on. */
@Timeout(120)
class SyncsInFlightKernelTest {
    private static final int EVENTS = 3_000;

    /** Soon full, and then as many syncs are in flight as may be. */
    private static final int RING_SIZE = 16 << 10;

    @TempDir
    Path directory;

    @BeforeEach
    void requireIoUring() {
        Host.requireIoUring();
    }

    static List<Host.Place> places() throws IOException {
        return Host.places();
    }

    private static AppendLog open(final Path file, final Strategy strategy, final AppendLogListener listener)
            throws IOException {
        return AppendLog.builder(file)
                .strategy(strategy)
                .ringSize(RING_SIZE)
                .syncInterval(Duration.ZERO)
                .maxDelay(Duration.ZERO)
                .listener(listener)
                .open();
    }

    private static long descriptorsOf(final Path file) throws IOException {
        try (var listing = Files.list(Path.of("/proc/self/fd"))) {
            return listing.filter(descriptor -> leadsTo(descriptor, file)).count();
        }
    }

    private static boolean leadsTo(final Path descriptor, final Path file) {
        try {
            return Files.readSymbolicLink(descriptor).equals(file);
        } catch (final IOException e) {
            return false; // Closed since it was listed.
        }
    }

    @ParameterizedTest
    @MethodSource("places")
    void shouldCarrySyncsByIoUringAndKeepEventsInOrder(final Host.Place place) throws Exception {
        Heard heard = new Heard();
        AppendStatistics s = carry(place, heard);
        for (int again = 0; again < 2 && !heard.warnings.isEmpty(); again++) {
            // Seen once, beside much else: no worker to be had for a moment, and the ring given up before any sync was
            // told.
            assertTrue(heard.warnings.get(0).startsWith("one sync at a time"), heard.warnings.get(0));
            heard = new Heard();
            s = carry(place, heard);
        }
        assertTrue(s.overlappedSyncs() > 0, "io_uring carried no sync: " + s + heard.warnings);
        assertTrue(s.syncsInFlightMax() >= 1 && s.syncsInFlightMax() <= 16, s.toString());
        if (place.fileSystem().equals("ext4") || place.fileSystem().equals("xfs")) {
            assertTrue(s.syncsInFlightMax() > 1, "no two were in flight at a time: " + s + heard.warnings);
        }
        assertEquals(0, s.failedSyncs());
    }

    private static AppendStatistics carry(final Host.Place place, final Heard heard) throws Exception {
        final Path file = place.directory().resolve("in-flight.log");
        final StringBuilder expected = new StringBuilder();
        final AppendLog log = open(file, Strategy.AUTO, heard);
        assertTrue(log.description().contains("strategy iouring"), log.description());
        for (int i = 0; i < EVENTS; i++) {
            final String event = "event " + i + ".".repeat(500) + "\n";
            expected.append(event);
            log.append(ascii(event));
        }
        assertTrue(log.awaitDurable(expected.length(), Duration.ofSeconds(30)));
        assertTrue(descriptorsOf(file) > 1, "syncs in flight have descriptors of their own");
        log.close();
        assertEquals(expected.toString(), Files.readString(file));
        assertEquals(expected.length(), log.statistics().durablePosition());
        assertEquals(0, descriptorsOf(file));
        Files.delete(file);
        return log.statistics();
    }

    @Test
    void shouldSyncInTurnWhereWritevIsAskedFor() throws Exception {
        try (AppendLog log = open(directory.resolve("log"), Strategy.WRITEV, new Heard())) {
            final long position = log.append(ascii("event\n"));
            assertTrue(log.awaitDurable(position, Duration.ofSeconds(30)));
            assertEquals(0, log.statistics().overlappedSyncs());
        }
    }

    /** An idle flusher waits for no event. One with a sync in flight is woken by the next event. */
    @Test
    void shouldBeWokenByAnEventWhateverItWaitsFor() throws Exception {
        final Heard heard = new Heard();
        try (AppendLog log = open(directory.resolve("log"), Strategy.IOURING, heard)) {
            for (int i = 0; i < 200; i++) {
                final long position = log.append(new byte[RING_SIZE / 2]);
                assertTrue(log.awaitDurable(position, Duration.ofSeconds(30)));
            }
            assertTrue(log.statistics().overlappedSyncs() > 0, heard.warnings::toString);
        }
    }

    @Test
    void shouldGoOnInTheSameFileAfterItWasCopiedAndTruncated() throws Exception {
        final Path file = directory.resolve("log");
        try (AppendLog log = open(file, Strategy.IOURING, new Heard())) {
            log.append(ascii("before\n"));
            log.sync();
            Files.newByteChannel(file, java.nio.file.StandardOpenOption.WRITE)
                    .truncate(0)
                    .close();
            log.append(ascii("after\n"));
            log.sync();
            assertEquals("after\n", Files.readString(file));
        }
    }

    @Test
    void shouldNeverBelieveAFileThatAnySyncInFlightFailedOn() throws Exception {
        Host.requireRoot();
        Host.requireCommand("mkfs.ext4");
        try (ShortOfMemory disk = new ShortOfMemory(directory)) {
            final Heard heard = new Heard();
            final AppendLog log = AppendLog.builder(disk.file())
                    .strategy(Strategy.IOURING)
                    .syncInterval(Duration.ZERO)
                    .maxDelay(Duration.ZERO)
                    .shutdownTimeout(Duration.ofSeconds(5))
                    .listener(heard)
                    .open();
            long acknowledged = 0;
            for (int i = 0; i < 48; i++) {
                log.append(new byte[512 << 10]);
                // In this order: once a sync has failed, a new file holds what the old one had.
                final long durable = log.durablePosition();
                acknowledged = log.statistics().failedSyncs() == 0 ? durable : acknowledged;
            }
            log.close();
            final AppendStatistics s = log.statistics();
            assertTrue(s.failedSyncs() > 0, s.toString());
            assertEquals(s.accepted(), s.written() + s.failed(), s.toString());
            assertTrue(heard.errors.stream().anyMatch(e -> e.contains("suspect")), heard.errors.toString());
            assertTrue(acknowledged <= ShortOfMemory.BYTES_MAX, acknowledged + " bytes acknowledged");
        }
    }
}
