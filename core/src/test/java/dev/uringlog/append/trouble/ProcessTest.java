package dev.uringlog.append.trouble;

import static dev.uringlog.append.FakeDisk.ascii;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.uringlog.append.AppendLog;
import dev.uringlog.append.NumberingRoller;
import dev.uringlog.testing.ChildJvm;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.spi.ToolProvider;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What befalls a whole process, not the log alone. */
@Timeout(60)
class ProcessTest {
    private static final int EVENTS = 600;

    @TempDir
    Path directory;

    private static List<String> numbers(final int count) {
        return IntStream.range(0, count).mapToObj(String::valueOf).toList();
    }

    /** Rolls every twenty events or so, half of the time while other code has every descriptor. */
    static final class Starved {
        private Starved() {}

        public static void main(final String[] arguments) throws Exception {
            final List<FileInputStream> taken = new ArrayList<>();
            try (AppendLog log = AppendLog.builder(Path.of(arguments[0]))
                    .roller(new NumberingRoller((timeMillis, length, fileSize) -> fileSize >= 60))
                    .open()) {
                append(log, 0, EVENTS / 3);
                log.flush();
                takeAll(taken);
                append(log, EVENTS / 3, 2 * EVENTS / 3);
                log.flush();
                for (final FileInputStream each : taken) {
                    each.close();
                }
                append(log, 2 * EVENTS / 3, EVENTS);
            }
        }

        private static void append(final AppendLog log, final int from, final int to) {
            IntStream.range(from, to).forEach(i -> log.append(ascii(i + "\n")));
        }

        private static void takeAll(final List<FileInputStream> taken) {
            try {
                while (true) {
                    taken.add(new FileInputStream("/dev/null"));
                }
            } catch (final IOException e) {
                System.out.println("without descriptors: " + e.getMessage());
            }
        }
    }

    /** This library as applications have it: a class in a file of its own would itself need a descriptor to be loaded. */
    private Path jar() throws Exception {
        final Path classes = Path.of(AppendLog.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        final Path jar = directory.resolve("core.jar");
        final int failed = ToolProvider.findFirst("jar")
                .orElseThrow()
                .run(System.out, System.err, "cf", jar.toString(), "-C", classes.toString(), ".");
        assertEquals(0, failed);
        return jar;
    }

    @Test
    void shouldGoOnRollingWhileThereIsNoDescriptor() throws Exception {
        final Path path = directory.resolve("log");
        final ChildJvm.Outcome outcome =
                ChildJvm.runBehind("ulimit -n 200", jar(), List.of(), Starved.class, path.toString());
        assertEquals(0, outcome.exitCode(), outcome.output());
        assertTrue(outcome.output().contains("without descriptors"), outcome.output());

        final List<String> lines = new ArrayList<>();
        for (int i = 1; Files.exists(Path.of(path + "." + i)); i++) {
            lines.addAll(Files.readAllLines(Path.of(path + "." + i)));
        }
        lines.addAll(Files.readAllLines(path));
        assertEquals(numbers(EVENTS), lines);
    }

    /** Logs until its input has something. */
    static final class Busy {
        private Busy() {}

        public static void main(final String[] arguments) throws Exception {
            int count = 0;
            try (AppendLog log = AppendLog.builder(Path.of(arguments[0])).open()) {
                while (System.in.available() == 0) {
                    log.append(ascii(count++ + "\n"));
                    Thread.yield();
                }
            }
            Files.writeString(Path.of(arguments[0] + ".count"), String.valueOf(count));
        }
    }

    @Test
    void shouldLoseNothingWhenItIsStoppedAndContinued() throws Exception {
        final Path path = directory.resolve("log");
        final Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Busy.class.getName(),
                        path.toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("output").toFile())
                .start();
        try {
            for (int i = 0; i < 3; i++) {
                final long size = size(path);
                await().until(() -> size(path) > size);
                signal(process, "STOP");
                await().until(() -> state(process) == 'T');
                signal(process, "CONT");
            }
            process.getOutputStream().write('\n');
            process.getOutputStream().close();
            assertEquals(0, process.waitFor(), () -> "see " + directory.resolve("output"));
        } finally {
            process.destroyForcibly();
        }
        final int count = Integer.parseInt(Files.readString(Path.of(path + ".count")));
        assertEquals(numbers(count), Files.readAllLines(path));
    }

    private static long size(final Path path) throws IOException {
        return Files.exists(path) ? Files.size(path) : 0;
    }

    private static void signal(final Process process, final String name) throws Exception {
        assertEquals(
                0,
                new ProcessBuilder("kill", "-" + name, "" + process.pid())
                        .start()
                        .waitFor());
    }

    /** The third field of its state line; behind the name, which may hold anything. */
    private static char state(final Process process) throws IOException {
        final String line = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
        return line.charAt(line.lastIndexOf(')') + 2);
    }
}
