package dev.uringlog.examples.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.stream.Stream;

/** The machine that runs the benchmark. */
final class Machine {
    private static final long TICK_NS = 10_000_000; // USER_HZ is 100 on every Linux that runs a JVM.
    private static final int IDLE = 4;
    private static final int IOWAIT = 5;
    private static final int STEAL = 8;

    private Machine() {}

    static String describe(final Path dir) throws IOException {
        return "%s, %d cores, %s %s, %s, JDK %s, %s"
                .formatted(
                        processor(),
                        Runtime.getRuntime().availableProcessors(),
                        System.getProperty("os.name"),
                        System.getProperty("os.version"),
                        Files.getFileStore(dir).type(),
                        System.getProperty("java.version"),
                        LocalDate.now());
    }

    private static String processor() throws IOException {
        final Path info = Path.of("/proc/cpuinfo");
        if (Files.exists(info)) {
            for (final String line : Files.readAllLines(info)) {
                if (line.startsWith("model name")) {
                    return line.substring(line.indexOf(':') + 1).strip();
                }
            }
        }
        return System.getProperty("os.arch");
    }

    /** CPU time of all processes on the machine so far, plus what the hypervisor took; 0 without /proc. */
    static long busyNanos() {
        // cpu user nice system idle iowait irq softirq steal guest guest_nice. User and nice include the guests' time.
        try (Stream<String> lines = Files.lines(Path.of("/proc/stat"))) {
            final String[] times = lines.findFirst().orElse("").split(" +");
            long ticks = 0;
            for (int i = 1; i <= STEAL; i++) {
                ticks += i == IDLE || i == IOWAIT ? 0 : Long.parseLong(times[i]);
            }
            return ticks * TICK_NS;
        } catch (final IOException e) {
            return 0;
        }
    }
}
