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
 * @param cpuNanos of all threads, the JVM's own too
 * @param machineNanos CPU time of everybody on the machine; 0 where there is no /proc
 * @param allocated bytes, of all live Java threads
 * @param writeCalls write(2) and its kin, as /proc counts them; 0 where there is no /proc
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

    /** Which share of the machine others had: other processes, the kernel's own threads, other machines on the same host. */
    double othersShare() {
        final double all = (double) nanos * Runtime.getRuntime().availableProcessors();
        return Math.max(0, (machineNanos - cpuNanos) / all);
    }
}
