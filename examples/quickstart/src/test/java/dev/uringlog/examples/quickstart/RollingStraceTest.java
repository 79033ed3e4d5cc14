package dev.uringlog.examples.quickstart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a file that is rolled at durability DISK has been through, as the kernel saw it. */
class RollingStraceTest {
    private static final String CALLS = "trace=fsync,fdatasync,rename,renameat,renameat2";

    /** A file system of its own wherever Linux runs. */
    private static final Path SHARED_MEMORY = Path.of("/dev/shm");

    @TempDir
    private Path dir;

    @Test
    void shouldSyncAFileBeforeItIsRenamedAndBothDirectoriesAfterwards() throws Exception {
        Needs.strace();
        final Path trace = dir.resolve("trace.txt");
        final Jvm.Outcome outcome = new Jvm(RollingTarget.class, dir)
                .under("strace", "-f", "--seccomp-bpf", "-y", "-e", CALLS, "-o", trace.toString())
                .argument("logback")
                .argument(dir)
                .argument("durability")
                .argument("DISK")
                .argument("")
                .run();
        assertEquals(0, outcome.exitCode(), outcome.output());
        assertEquals("event 4\n", Files.readString(dir.resolve("archive/app.1.log")), outcome.output());
        final List<String> calls = Files.readAllLines(trace);
        int rolls = 0;
        for (int i = 0; i < calls.size(); i++) {
            if (calls.get(i).contains("rename(\"" + dir + "/app.log\"")) {
                rolls++;
                final List<String> before = calls.subList(0, i);
                final List<String> after = calls.subList(i, calls.size());
                assertEquals(rolls, count(before, "sync(", "<" + dir + "/app.log>"), () -> String.join("\n", calls));
                assertTrue(count(after, "fsync(", "<" + dir + "/archive>") > 0, () -> String.join("\n", calls));
                assertTrue(count(after, "fsync(", "<" + dir + ">") > 0, () -> String.join("\n", calls));
            }
        }
        assertEquals(RollingTarget.EVENTS - 1, rolls, () -> String.join("\n", calls));
        assertEquals(rolls, count(calls, "fsync(", "<" + dir + "/archive>"));
    }

    /** No rename reaches there, so the frameworks copy the file and remove it. */
    @ParameterizedTest
    @ValueSource(strings = {"log4j2", "logback"})
    void shouldSyncAnArchiveOnAnotherMountBeforeTheLastNameOfTheFileGoes(final String framework) throws Exception {
        Needs.strace();
        Needs.otherMount(SHARED_MEMORY, dir);
        final Path archives = Files.createTempDirectory(SHARED_MEMORY, "archive");
        try {
            Files.createSymbolicLink(dir.resolve("archive"), archives);
            final Path trace = dir.resolve("trace.txt");
            final Jvm.Outcome outcome = new Jvm(RollingTarget.class, dir)
                    .under("strace", "-f", "--seccomp-bpf", "-y", "-e", CALLS + ",unlink", "-o", trace.toString())
                    .argument(framework)
                    .argument(dir)
                    .argument("durability")
                    .argument("DISK")
                    .argument("")
                    .run();
            assertEquals(0, outcome.exitCode(), outcome.output());
            final List<String> calls = Files.readAllLines(trace);
            int rolls = 0;
            for (int i = 0; i < calls.size(); i++) {
                if (calls.get(i).contains("unlink(\"" + dir + "/.app.log.rolling\"")) {
                    rolls++;
                    final List<String> before = calls.subList(0, i);
                    assertTrue(
                            count(before, "sync(", "<" + archives + "/app") >= rolls, () -> String.join("\n", calls));
                    assertTrue(count(before, "fsync(", "<" + archives + ">") >= rolls, () -> String.join("\n", calls));
                }
            }
            assertEquals(RollingTarget.EVENTS - 1, rolls, () -> String.join("\n", calls));
            assertArchives(archives);
        } finally {
            remove(archives);
        }
    }

    /** Each event whole, in a file with the log's own permissions. */
    private static void assertArchives(final Path archives) throws IOException {
        final Set<String> events = new TreeSet<>();
        try (Stream<Path> files = Files.list(archives)) {
            for (final Path file : files.toList()) {
                events.add(Files.readString(file));
                assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
            }
        }
        assertEquals(Set.of("event 1\n", "event 2\n", "event 3\n", "event 4\n"), events);
    }

    private static void remove(final Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            for (final Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(directory);
    }

    private static long count(final List<String> calls, final String call, final String file) {
        return calls.stream()
                .filter(line -> line.contains(call) && line.contains(file))
                .count();
    }
}
