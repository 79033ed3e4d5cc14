package dev.uringlog.append.full;

import static dev.uringlog.append.Hooks.withLookInterval;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.uringlog.append.Accounts;
import dev.uringlog.append.AppendLog;
import dev.uringlog.append.FailurePolicy;
import dev.uringlog.append.Heard;
import dev.uringlog.append.NumberedLines;
import dev.uringlog.append.OverflowPolicy;
import dev.uringlog.append.Way;
import dev.uringlog.testing.ChildJvm;
import dev.uringlog.testing.Host;
import dev.uringlog.testing.Mount;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A disk that is full, and has room again. */
@Timeout(60)
class DiskFullKernelTest {
    private static final Duration POLL = Duration.ofMillis(5);

    @TempDir
    Path directory;

    static Stream<Arguments> everyWayOnEachFileSystem() {
        final List<Arguments> all = new ArrayList<>();
        for (final Way way : Way.values()) {
            all.add(Arguments.of(way, "tmpfs", "4m"));
            all.add(Arguments.of(way, "ext4", "8m"));
        }
        return all.stream();
    }

    @ParameterizedTest
    @MethodSource("everyWayOnEachFileSystem")
    void shouldHoldEventsAndGoOnWithinASecondOfSpaceReturning(final Way way, final String type, final String size)
            throws Exception {
        try (Mount mount = Mount.of(directory, type, size)) {
            final Path ballast = Files.write(mount.directory().resolve("ballast"), new byte[3 << 20]);
            final Path file = mount.directory().resolve("log");
            final AppendLog log = way.builder(file).ringSize(64 << 10).open();
            final NumberedLines lines = NumberedLines.into(log, 2, OverflowPolicy.DISCARD);
            await().pollInterval(POLL).until(() -> log.statistics().stalls() > 0);
            lines.stop();
            final long held = log.statistics().waiting();
            Files.delete(ballast);
            final long start = System.nanoTime();
            await().pollInterval(Duration.ofMillis(5))
                    .until(() -> log.statistics().waiting() == 0);
            final long waited = System.nanoTime() - start;
            log.close();
            assertTrue(held > 0, "nothing was held");
            assertTrue(waited < Duration.ofSeconds(1).toNanos(), "went on after " + waited + " ns");
            assertEquals(0, log.statistics().failed() + log.statistics().dropped());
            NumberedLines.assertHolds(log.statistics(), file);
        }
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void shouldStartBehindATornLineThatItMendsOnceThereIsSpace(final Way way) throws Exception {
        try (Mount mount = Mount.of(directory, "tmpfs", "64k")) {
            final Path file = mount.directory().resolve("log");
            final String torn = "x".repeat(4096); // A page, so that the newline needs another.
            Files.writeString(file, torn);
            final Path ballast = mount.directory().resolve("ballast");
            assertThrows(IOException.class, () -> Files.write(ballast, new byte[64 << 10]));
            final AppendLog log = way.builder(file).open();
            log.append("one\n".getBytes(StandardCharsets.US_ASCII));
            await().pollInterval(POLL).until(() -> log.statistics().stalls() > 0);
            Files.delete(ballast);
            await().pollInterval(POLL)
                    .atMost(Duration.ofSeconds(1))
                    .until(() -> log.statistics().waiting() == 0);
            log.close();
            assertEquals(torn + "\none\n", Files.readString(file));
            Accounts.assertSettled(log.statistics());
        }
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void shouldHoldEventsAndGoOnWithinASecondOfAQuotaBeingRaised(final Way way) throws Exception {
        try (Mount mount = Mount.of(directory, "btrfs", "256m")) {
            mount.limit("1m");
            final Heard heard = new Heard();
            final Path file = mount.directory().resolve("log");
            final AppendLog log =
                    way.builder(file).listener(heard).ringSize(64 << 10).open();
            final NumberedLines lines = NumberedLines.into(log, 2, OverflowPolicy.DISCARD);
            await().pollInterval(POLL).until(() -> log.statistics().stalls() > 0);
            lines.stop();
            assertTrue(log.statistics().waiting() > 0, "nothing was held");
            assertTrue(heard.errors.toString().matches(".*(Disk quota exceeded|EDQUOT).*"), heard.errors.toString());
            mount.limit("64m");
            await().pollInterval(POLL)
                    .atMost(Duration.ofSeconds(1))
                    .until(() -> log.statistics().waiting() == 0);
            log.close();
            assertEquals(0, log.statistics().failed() + log.statistics().dropped());
            NumberedLines.assertHolds(log.statistics(), file);
        }
    }

    /** What an operator does who needs the space. It is free once no process has the file open. */
    @ParameterizedTest
    @EnumSource(Way.class)
    void shouldLetGoOfTheFileThatFillsTheDiskWhenItIsRemoved(final Way way) throws Exception {
        try (Mount mount = Mount.of(directory, "tmpfs", "1m")) {
            final Path file = mount.directory().resolve("log");
            final AppendLog log = withLookInterval(way.builder(file).ringSize(64 << 10), Duration.ofMillis(50))
                    .open();
            final NumberedLines lines = NumberedLines.into(log, 2, OverflowPolicy.DISCARD);
            await().pollInterval(POLL).until(() -> log.statistics().stalls() > 0);
            lines.stop();
            // But for what it has a part of, which may lack nothing but its newline.
            final String full = Files.readString(file);
            final Path copy =
                    Files.writeString(directory.resolve("copy"), full.substring(0, full.lastIndexOf('\n') + 1));
            Files.delete(file);
            await().pollInterval(POLL).until(() -> log.statistics().waiting() == 0);
            log.close();
            assertEquals(0, log.statistics().failed() + log.statistics().dropped());
            final NumberedLines.Found found = NumberedLines.in(copy, file);
            assertEquals(log.statistics().written(), found.whole());
            assertEquals(0, found.torn());
        }
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void shouldDropEventsIfConfiguredAndBlockNoCaller(final Way way) throws Exception {
        try (Mount mount = Mount.of(directory, "tmpfs", "4m")) {
            final Path ballast = Files.write(mount.directory().resolve("ballast"), new byte[3 << 20]);
            final Path file = mount.directory().resolve("log");
            final AppendLog log = way.builder(file)
                    .ringSize(64 << 10)
                    .onFailure(FailurePolicy.DROP)
                    .open();
            final NumberedLines lines = NumberedLines.into(log, 2, OverflowPolicy.BLOCK);
            await().pollInterval(POLL).until(() -> log.statistics().dropped() > 10_000);
            Files.delete(ballast);
            final long written = log.statistics().written();
            await().pollInterval(POLL).until(() -> log.statistics().written() > written + 1_000);
            lines.stop();
            log.close();
            NumberedLines.assertHolds(log.statistics(), file);
        }
    }

    /** Logs by each way into a file that may not grow beyond a limit, until the limit goes. */
    static final class Limited {
        private Limited() {}

        public static void main(final String[] arguments) throws Exception {
            for (final Way way : Way.values()) {
                final Path file = Path.of(arguments[0]).resolve(way.name());
                if (way == Way.IOURING && arguments.length > 1) {
                    continue; // There is none here.
                }
                limit("200000:unlimited");
                final AppendLog log = way.builder(file).ringSize(64 << 10).open();
                final NumberedLines lines = NumberedLines.into(log, 2, OverflowPolicy.DISCARD);
                await().pollInterval(POLL).until(() -> log.statistics().stalls() > 0);
                lines.stop();
                final long held = log.statistics().waiting();
                final long size = Files.size(file);
                limit("unlimited:unlimited");
                await().pollInterval(POLL)
                        .atMost(Duration.ofSeconds(2))
                        .until(() -> log.statistics().waiting() == 0);
                log.close();
                NumberedLines.assertHolds(log.statistics(), file);
                System.out.println(way + " stopped at " + size
                        + (held > 0 && log.statistics().failed() == 0 ? " ok" : ""));
            }
        }

        private static void limit(final String bytes) throws Exception {
            Mount.sh("prlimit --pid " + ProcessHandle.current().pid() + " --fsize=" + bytes);
        }
    }

    @Test
    void shouldGoOnWhereAFileSizeLimitStoppedItWhenTheLimitGoes() throws Exception {
        Host.requireCommand("prlimit");
        final List<String> arguments = new ArrayList<>(List.of(directory.toString()));
        if (!dev.uringlog.write.VectoredWriter.isIoUringSupported()) {
            arguments.add("no io_uring");
        }
        final ChildJvm.Outcome outcome = ChildJvm.run(":", List.of(), Limited.class, arguments.toArray(new String[0]));
        assertEquals(0, outcome.exitCode(), outcome.output());
        assertTrue(outcome.output().contains("WRITEV stopped at 200000 ok"), outcome.output());
        assertTrue(outcome.output().contains("JAVA stopped at 200000 ok"), outcome.output());
        assertTrue(arguments.size() > 1 || outcome.output().contains("IOURING stopped at 200000 ok"), outcome.output());
    }
}
