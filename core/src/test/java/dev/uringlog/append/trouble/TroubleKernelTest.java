package dev.uringlog.append.trouble;

import static dev.uringlog.append.Hooks.withLookInterval;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.uringlog.append.Accounts;
import dev.uringlog.append.AppendLog;
import dev.uringlog.append.AppendStatistics;
import dev.uringlog.append.Durability;
import dev.uringlog.append.FailurePolicy;
import dev.uringlog.append.Heard;
import dev.uringlog.append.NumberedLines;
import dev.uringlog.append.OverflowPolicy;
import dev.uringlog.append.Way;
import dev.uringlog.testing.Mount;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** File systems that are full, read-only, broken or frozen: what a log says, that it stops in time, and that it goes on. */
@Timeout(60)
class TroubleKernelTest {
    private static final int THREADS = 3;
    private static final int RING_SIZE = 4096;
    private static final Duration POLL = Duration.ofMillis(5);
    private static final Duration LOOK = Duration.ofMillis(50);
    private static final Duration SHUTDOWN_TIMEOUT = Duration.ofMillis(150);

    @TempDir
    Path directory;

    /** What befalls a file system while a log writes to it, and what the kernel says then. */
    enum Trouble {
        FULL("tmpfs", "4m", "No space left on device|ENOSPC"),
        READ_ONLY("ext4", "8m", "Read-only file system|EROFS"),
        BROKEN("xfs", "320m", "Input/output error|EIO"),
        FROZEN("ext4", "8m", "were not written by then");

        private final String type;
        private final String size;
        private final String words;

        Trouble(final String type, final String size, final String words) {
            this.type = type;
            this.size = size;
            this.words = words;
        }

        void befall(final Mount mount) throws IOException {
            switch (this) {
                case FULL -> Mount.sh("dd if=/dev/zero of=" + mount.directory() + "/ballast bs=4k 2>/dev/null || true");
                case READ_ONLY, BROKEN -> mount.breakDown();
                case FROZEN -> mount.freeze();
            }
        }
    }

    static Stream<Arguments> everyTroubleEveryWay() {
        final List<Arguments> all = new ArrayList<>();
        for (final Trouble trouble : Trouble.values()) {
            for (final Way way : Way.values()) {
                all.add(Arguments.of(trouble, way));
            }
        }
        return all.stream();
    }

    @ParameterizedTest
    @MethodSource("everyTroubleEveryWay")
    void shouldStopInTimeAndSayWhyAndHowManyEventsAreLeft(final Trouble trouble, final Way way) throws Exception {
        final Thread[] flusher = new Thread[1];
        final Path file;
        final AppendLog log;
        try (Mount mount = Mount.of(directory, trouble.type, trouble.size)) {
            final Heard heard = new Heard();
            file = mount.directory().resolve("log");
            log = way.builder(file)
                    .listener(heard)
                    .ringSize(RING_SIZE)
                    .shutdownTimeout(SHUTDOWN_TIMEOUT)
                    .threadFactory(work -> flusher[0] = new Thread(work))
                    .open();
            log.append(NumberedLines.line(9, 0));
            log.flush();
            trouble.befall(mount);
            // They fill the ring and wait for room; the close ends that.
            final NumberedLines lines = NumberedLines.into(log, 2, OverflowPolicy.BLOCK);
            await().pollInterval(POLL).until(() -> log.statistics().blocked() > 1);
            final long start = System.nanoTime();
            log.close();
            final long took = System.nanoTime() - start;
            lines.awaitEnd();
            assertTrue(lines.isRefused());
            assertTrue(took < SHUTDOWN_TIMEOUT.plusSeconds(3).toNanos(), "close took " + took + " ns");
            final AppendStatistics s = log.statistics();
            assertTrue(s.failed() > 0, s.toString());
            Accounts.assertSettled(s);
            final String errors = heard.errors.toString();
            assertTrue(errors.matches("(?s).*(" + trouble.words + ").*"), errors);
            assertTrue(errors.matches("(?s).*\\b" + s.failed() + " events.*"), errors + " but " + s);
        }
        // The thread in the kernel comes back when the device does, and what it wrote is whole lines all the same.
        await().pollInterval(POLL).until(() -> !flusher[0].isAlive());
        Accounts.assertSettled(log.statistics());
    }

    static Stream<Arguments> everyBrokenFileSystem() {
        final List<Arguments> all = new ArrayList<>();
        for (final Trouble trouble : List.of(Trouble.READ_ONLY, Trouble.BROKEN)) {
            for (final Way way : Way.values()) {
                all.add(Arguments.of(trouble, way, Durability.MEMORY, FailurePolicy.HOLD));
            }
            all.add(Arguments.of(trouble, Way.WRITEV, Durability.DISK, FailurePolicy.HOLD));
            all.add(Arguments.of(trouble, Way.WRITEV, Durability.MEMORY, FailurePolicy.DROP));
        }
        return all.stream();
    }

    /**
     * Neither ext4 that went read-only nor XFS that was shut down comes back under the same mount, nor under another
     * while any process has one of its files open.
     */
    @ParameterizedTest
    @MethodSource("everyBrokenFileSystem")
    void shouldLetGoOfABrokenFileSystemAndGoOnInTheOneThatIsMountedInItsPlace(
            final Trouble trouble, final Way way, final Durability durability, final FailurePolicy policy)
            throws Exception {
        try (Mount mount = Mount.of(directory, trouble.type, "320m")) {
            final Heard heard = new Heard();
            final Path file =
                    Files.createDirectory(mount.directory().resolve("logs")).resolve("log");
            final AppendLog log = withLookInterval(
                            way.builder(file)
                                    .listener(heard)
                                    .durability(durability)
                                    .onFailure(policy),
                            LOOK)
                    .open();
            final NumberedLines lines = NumberedLines.into(log, THREADS, OverflowPolicy.DISCARD);
            await().pollInterval(POLL).until(() -> log.statistics().written() > 100);
            Mount.sh("sync -f " + file); // Syncs its directory too, so that it is there when it is mounted again.
            trouble.befall(mount);
            await().pollInterval(POLL).until(() -> log.statistics().stalls() > 0);
            mount.detach();
            mount.attachAnew();
            final long written = log.statistics().written();
            await().pollInterval(POLL).until(() -> log.statistics().written() > written + 100);
            lines.stop();
            log.close();
            final AppendStatistics s = log.statistics();
            Accounts.assertSettled(s);
            assertTrue(policy == FailurePolicy.DROP || durability == Durability.DISK || s.failed() == 0, s.toString());
            final NumberedLines.Found found = NumberedLines.in(behindWhatBroke(file));
            assertTrue(found.whole() > 100, found.toString());
            assertTrue(found.torn() <= 1, found + ": what the broken one had a part of");
            assertTrue(heard.errors.toString().matches("(?s).*(" + trouble.words + ").*"), heard.errors.toString());
            assertTrue(heard.warnings.toString().contains("writing again after"), heard.warnings.toString());
        }
    }

    /** A file system that broke may leave a file with zeros where data had not been written. */
    private Path behindWhatBroke(final Path file) throws IOException {
        final String text = Files.readString(file, StandardCharsets.ISO_8859_1);
        final int zero = text.lastIndexOf('\0');
        final String rest = zero < 0 ? text : text.substring(text.indexOf('\n', zero) + 1);
        return Files.writeString(directory.resolve("rest"), rest);
    }

    static Stream<Arguments> withAndWithoutCallersWhoWait() {
        final List<Arguments> all = new ArrayList<>();
        for (final Durability durability : List.of(Durability.MEMORY, Durability.DISK)) {
            for (final Way way : Way.values()) {
                all.add(Arguments.of(durability, way));
            }
        }
        return all.stream();
    }

    @ParameterizedTest
    @MethodSource("withAndWithoutCallersWhoWait")
    void shouldGoOnWhenADeviceThawsWithEverythingItWasGiven(final Durability durability, final Way way)
            throws Exception {
        try (Mount mount = Mount.of(directory, "ext4", "256m")) {
            final Path file = mount.directory().resolve("log");
            final AppendLog log =
                    way.builder(file).ringSize(RING_SIZE).durability(durability).open();
            final NumberedLines lines = NumberedLines.into(log, THREADS, OverflowPolicy.BLOCK);
            await().pollInterval(POLL).until(() -> log.statistics().written() > 100);
            mount.freeze();
            final long size = Files.size(file);
            await().pollInterval(POLL).until(() -> isStuck(log));
            assertFalse(log.flush(Duration.ofMillis(20)));
            final AppendStatistics frozen = log.statistics();
            assertEquals(size, Files.size(file));
            mount.thaw();
            await().pollInterval(POLL).until(() -> log.statistics().written() > frozen.accepted());
            lines.stop();
            log.close();
            assertEquals(0, log.statistics().failed(), log.statistics().toString());
            NumberedLines.assertHolds(log.statistics(), file);
        }
    }

    /** At MEMORY the ring fills, its bytes or its slots. Otherwise each caller waits for its event. */
    private static boolean isStuck(final AppendLog log) {
        final AppendStatistics s = log.statistics();
        return log.durability() == Durability.MEMORY ? s.backlog() > RING_SIZE / 2 : s.waiting() == THREADS;
    }
}
