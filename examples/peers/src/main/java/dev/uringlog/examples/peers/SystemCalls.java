package dev.uringlog.examples.peers;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Counts every system call of this process with {@code perf stat}, if perf exists and may be used. It slows each call
 * down, so it gets its own phase.
 */
final class SystemCalls {
    private static final long ATTACH_MS_MAX = 5_000;

    private SystemCalls() {}

    /** The number of calls made during the action, or NaN. */
    static double during(final Runnable phase) {
        try {
            final File counted = File.createTempFile("peers", ".perf");
            final Process perf = new ProcessBuilder(
                            "perf",
                            "stat",
                            "-x,",
                            "-e",
                            "raw_syscalls:sys_enter",
                            "-o",
                            counted.toString(),
                            "-p",
                            Long.toString(ProcessHandle.current().pid()),
                            "--",
                            "cat") // perf counts until this process ends, which close() causes.
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            try {
                if (!isAttached(perf)) {
                    return Double.NaN;
                }
                phase.run();
                perf.getOutputStream().close();
                perf.waitFor(ATTACH_MS_MAX, TimeUnit.MILLISECONDS);
                return parse(Files.readString(counted.toPath()));
            } finally {
                perf.destroyForcibly();
                Files.delete(counted.toPath());
            }
        } catch (final IOException e) {
            return Double.NaN;
        } catch (final InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** perf counts once it has an event open for each thread. */
    private static boolean isAttached(final Process perf) throws IOException, InterruptedException {
        final long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(ATTACH_MS_MAX);
        while (perf.isAlive() && System.nanoTime() < deadline) {
            if (count(Path.of("/proc", Long.toString(perf.pid()), "fd"), "perf_event")
                    >= count(Path.of("/proc/self/task"), "")) {
                return true;
            }
            Thread.sleep(10);
        }
        return false;
    }

    private static long count(final Path directory, final String link) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.filter(entry -> leadsTo(entry, link)).count();
        }
    }

    private static boolean leadsTo(final Path entry, final String link) {
        try {
            return link.isEmpty() || Files.readSymbolicLink(entry).toString().contains(link);
        } catch (final IOException e) {
            return false; // Closed in the meantime.
        }
    }

    private static double parse(final String csv) {
        return csv.lines()
                .filter(line -> line.contains("raw_syscalls:sys_enter"))
                .map(line -> line.substring(0, line.indexOf(',')))
                .filter(count -> count.chars().allMatch(Character::isDigit))
                .mapToDouble(Double::parseDouble)
                .findFirst()
                .orElse(Double.NaN);
    }
}
