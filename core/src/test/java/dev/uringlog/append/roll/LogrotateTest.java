package dev.uringlog.append.roll;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.uringlog.append.AppendLog;
import dev.uringlog.append.NumberedLines;
import dev.uringlog.append.NumberingRoller;
import dev.uringlog.append.Way;
import dev.uringlog.testing.Host;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Some ten thousand events a second, and the logrotate and the rsyslog that the machine has. */
@Timeout(120)
class LogrotateTest {
    private static final int PRODUCERS = 4;
    private static final int ROTATIONS = 3;
    private static final long PACE_NS = 200_000;
    private static final int TIMES_SHIPPED = 20;

    @TempDir
    Path directory;

    private Path path;

    /** Producers at the pace of an application. */
    private static final class Load {
        private final List<Thread> threads = new ArrayList<>();
        private volatile boolean isOver;

        Load(final AppendLog log) {
            for (int p = 0; p < PRODUCERS; p++) {
                final int me = p;
                threads.add(new Thread(() -> {
                    for (long i = 0; !isOver; i++) {
                        log.append(NumberedLines.line(me, i));
                        LockSupport.parkNanos(PACE_NS);
                    }
                }));
            }
            threads.forEach(Thread::start);
        }

        void stop() throws InterruptedException {
            isOver = true;
            for (final Thread thread : threads) {
                thread.join();
            }
        }
    }

    private void logrotate(final String how) throws IOException, InterruptedException {
        final Path config = directory.resolve("logrotate.conf");
        Files.writeString(config, "\"" + path + "\" {\n rotate 100\n missingok\n nocompress\n " + how + "\n}\n");
        final Path output = directory.resolve("logrotate.out");
        final Process process = new ProcessBuilder(
                        "logrotate", "-f", "-s", directory.resolve("state").toString(), config.toString())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        assertTrue(process.waitFor(30, TimeUnit.SECONDS), "logrotate hangs");
        assertEquals(0, process.exitValue(), Files.readString(output));
    }

    /** The oldest first: the highest number is. */
    private Path[] files() {
        final List<Path> files = new ArrayList<>(List.of(path));
        for (int i = 1; Files.exists(directory.resolve("log." + i)); i++) {
            files.add(0, directory.resolve("log." + i));
        }
        return files.toArray(new Path[0]);
    }

    /** The oldest first: the lowest number is. */
    private Path[] rolled() {
        final List<Path> files = new ArrayList<>();
        for (int i = 1; Files.exists(directory.resolve("log." + i)); i++) {
            files.add(directory.resolve("log." + i));
        }
        files.add(path);
        return files.toArray(new Path[0]);
    }

    private AppendLog open(final Way way) throws IOException {
        path = directory.resolve("log");
        return way.builder(path).open();
    }

    private void awaitWritten() {
        await().until(() -> Files.exists(path) && Files.size(path) > 0);
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void shouldLoseNothingWhereLogrotateRenames(final Way way) throws Exception {
        Host.requireCommand("logrotate");
        final AppendLog log = open(way);
        final Load load = new Load(log);
        for (int i = 0; i < ROTATIONS; i++) {
            awaitWritten();
            logrotate("create 0640");
        }
        awaitWritten();
        load.stop();
        log.close();
        assertEquals(ROTATIONS + 1, files().length);
        NumberedLines.assertHolds(log.statistics(), files());
        assertEquals(0, log.statistics().failed());
    }

    @Test
    void shouldFollowAtOnceWhereLogrotateSaysSo() throws Exception {
        Host.requireCommand("logrotate");
        path = directory.resolve("log");
        try (AppendLog log = AppendLog.builder(path).open()) {
            log.append("before\n".getBytes(StandardCharsets.US_ASCII));
            log.flush();
            logrotate("create 0640");
            log.reopen(); // As a postrotate script does through JMX.
            log.append("after\n".getBytes(StandardCharsets.US_ASCII));
            log.flush();
            assertEquals("after\n", Files.readString(path));
        }
        assertEquals("before\n", Files.readString(directory.resolve("log.1")));
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void shouldLeaveNoHoleWhereLogrotateTruncates(final Way way) throws Exception {
        Host.requireCommand("logrotate");
        final AppendLog log = open(way);
        final Load load = new Load(log);
        for (int i = 0; i < ROTATIONS; i++) {
            awaitWritten();
            logrotate("copytruncate");
        }
        awaitWritten();
        load.stop();
        log.close();
        for (final Path file : files()) {
            final byte[] bytes = Files.readAllBytes(file);
            boolean hasNul = false;
            for (final byte b : bytes) {
                hasNul |= b == 0;
            }
            assertFalse(hasNul, "a NUL in " + file);
        }
        // Between its copy and its cut logrotate loses what is written, and may cut a line: that is its own.
        final String text = Files.readString(path, StandardCharsets.US_ASCII);
        assertTrue(text.endsWith("\n"));
        assertTrue(NumberedLines.in(path).whole() > 0);
    }

    /** Ships each line that it finds in the file, through every rotation, to another. */
    private Process startRsyslog(final String mode, final Path shipped) throws IOException {
        final Path spool = Files.createDirectory(directory.resolve("spool"));
        final Path config = Files.writeString(
                directory.resolve("rsyslog.conf"),
                "global(workDirectory=\"" + spool + "\")\n"
                        + "module(load=\"imfile\" " + mode + ")\n"
                        + "template(name=\"raw\" type=\"string\" string=\"%msg%\\n\")\n"
                        + "input(type=\"imfile\" file=\"" + path + "\" tag=\"t\" ruleset=\"out\" addMetadata=\"off\")\n"
                        + "ruleset(name=\"out\") { action(type=\"omfile\" file=\"" + shipped
                        + "\" template=\"raw\") }\n");
        final File output = directory.resolve("rsyslog.out").toFile();
        return new ProcessBuilder(
                        "rsyslogd",
                        "-n",
                        "-C",
                        "-f",
                        config.toString(),
                        "-i",
                        directory.resolve("rsyslog.pid").toString())
                .redirectErrorStream(true)
                .redirectOutput(output)
                .start();
    }

    private static long lines(final Path file) throws IOException {
        if (!Files.exists(file)) {
            return 0;
        }
        try (Stream<String> lines = Files.lines(file)) {
            return lines.count();
        }
    }

    /** What inotify tells rsyslog of is read at once: a roll renames a file that is complete. */
    @Test
    void shouldBeShippedEachEventOnceThroughTwentyRolls() throws Exception {
        path = directory.resolve("log");
        final AppendLog log = AppendLog.builder(path)
                .roller(new NumberingRoller((time, length, size) -> false))
                .open();
        assertEachIsShippedOnce("mode=\"inotify\"", log, log::roll);
        NumberedLines.assertHolds(log.statistics(), rolled());
    }

    /**
     * One that others rename has its last batch a moment later, if the name was just being looked up. Who asks for news once a
     * second has that, too.
     */
    @Test
    void shouldBeShippedEachEventOnceThroughTwentyRotationsByLogrotate() throws Exception {
        Host.requireCommand("logrotate");
        path = directory.resolve("log");
        final AppendLog log = AppendLog.builder(path).open();
        assertEachIsShippedOnce("mode=\"polling\" pollingInterval=\"1\"", log, () -> logrotate("create 0640"));
        NumberedLines.assertHolds(log.statistics(), files());
        assertEquals(TIMES_SHIPPED + 1, files().length);
    }

    /** Rotates a log under load, and closes it. */
    private void assertEachIsShippedOnce(final String mode, final AppendLog log, final Rotates rotates)
            throws Exception {
        Host.requireCommand("rsyslogd");
        final Path shipped = directory.resolve("shipped");
        final Process rsyslog = startRsyslog(mode, shipped);
        try {
            final Load load = new Load(log);
            await().atMost(30, TimeUnit.SECONDS).until(() -> lines(shipped) > 0); // What is rotated before is not its.
            for (int i = 0; i < TIMES_SHIPPED; i++) {
                rotates.once();
                // The shipper is behind, and would miss a file that is renamed before it has found it.
                final long rotated = log.statistics().written();
                await().atMost(30, TimeUnit.SECONDS).until(() -> lines(shipped) >= rotated);
            }
            awaitWritten();
            load.stop();
            log.close();
            final long written = log.statistics().written();
            await().atMost(30, TimeUnit.SECONDS).untilAsserted(() -> assertEquals(written, lines(shipped)));
            assertEquals(
                    written, Files.readAllLines(shipped).stream().distinct().count());
        } finally {
            rsyslog.destroy();
            if (!rsyslog.waitFor(20, TimeUnit.SECONDS)) {
                rsyslog.destroyForcibly();
            }
        }
    }

    /** What rotates. */
    private interface Rotates {
        void once() throws Exception;
    }
}
