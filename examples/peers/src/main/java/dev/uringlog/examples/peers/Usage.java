package dev.uringlog.examples.peers;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What this process has used so far.
 *
 * @param nanos the clock
 * @param cpuNanos of all threads, including the JVM's own
 * @param machineNanos CPU time of all processes on the machine; 0 without /proc
 * @param allocated bytes, of all live Java threads
 * @param writeCalls write(2) and similar calls, as /proc counts them; 0 without /proc
 */
record Usage(long nanos, long cpuNanos, long machineNanos, long allocated, long writeCalls) {
    static Usage now() {
        final OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long allocated = 0;
        for (final long bytes : threads.getThreadAllocatedBytes(threads.getAllThreadIds())) {
            allocated += Math.max(0, bytes);
        }
        return new Usage(
                System.nanoTime(), system.getProcessCpuTime(), Machine.busyNanos(), allocated, readWriteCalls());
    }

    private static long readWriteCalls() {
        try {
            return Files.readAllLines(Path.of("/proc/self/io")).stream()
                    .filter(line -> line.startsWith("syscw: "))
                    .mapToLong(line -> Long.parseLong(line.substring("syscw: ".length())))
                    .sum();
        } catch (final IOException e) {
            return 0;
        }
    }

    Usage minus(final Usage earlier) {
        return new Usage(
                nanos - earlier.nanos,
                cpuNanos - earlier.cpuNanos,
                machineNanos - earlier.machineNanos,
                allocated - earlier.allocated,
                writeCalls - earlier.writeCalls);
    }

    /**
     * The share of the machine that other processes, the kernel's own threads, and other machines on the same host had.
     */
    double othersShare() {
        final double all = (double) nanos * Runtime.getRuntime().availableProcessors();
        return Math.max(0, (machineNanos - cpuNanos) / all);
    }
}
