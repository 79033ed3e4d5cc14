package dev.uringlog.examples.peers;

import dev.uringlog.examples.peers.Measurement.Metric;
import dev.uringlog.examples.peers.Producers.Outcome;
import dev.uringlog.examples.peers.Producers.Phase;
import java.io.IOException;
import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/** Runs one contender in one scenario in this JVM: warms it up, measures it, stops it and counts its lines. */
final class Contestant {
    /** A phase writes at most this, so that the page cache can hold all of it. */
    private static final long BYTES_MAX = 512L << 20;

    /** What waits after the last event of a phase must be written within this time, or counts as left behind. */
    private static final long SETTLING_NS = 50_000_000;

    /** The second warm-up compiles what the first had no time for. */
    private static final int WARMINGS = 2;

    /** The compiler counts as idle after this time without a compilation, or less if a phase is shorter. */
    private static final long COMPILER_QUIET_NS = 200_000_000;

    private static final long COMPILING_MAX_NS = 5_000_000_000L;

    /** About how many characters the pattern adds to a message. */
    private static final int LINE_OVERHEAD = 80;

    private final Contender contender;
    private final Scenario scenario;
    private final double seconds;
    private final Path file;
    private final FileWatch watch;
    private final Measurement measurement = new Measurement();
    private long events;

    private Contestant(final String[] args) {
        contender = Contender.of(args[0]);
        scenario = new Scenario(args[1], Integer.parseInt(args[2]), args[3]);
        seconds = Double.parseDouble(args[4]);
        file = Path.of(args[5]);
        watch = new FileWatch(file.toFile());
    }

    /**
     * Runs it.
     *
     * @param args contender, threads, size, pace, seconds, file
     * @throws IOException if the file cannot be read
     */
    public static void main(final String[] args) throws IOException {
        System.out.println(new Contestant(args).run().format());
    }

    private Measurement run() throws IOException {
        final Target target = Target.open(contender, file);
        try (Producers producers = new Producers(target, scenario);
                CompressorBeside beside = compressorBeside(target)) {
            if (beside != null) {
                beside.start();
            }
            for (int i = 0; i < WARMINGS; i++) {
                phase(producers, full(seconds, false));
                awaitCompiler();
            }
            final double pace = Pace.now();
            final double handover = Handover.now();
            if (scenario.isPaced()) {
                paced(producers, target);
            } else {
                saturated(producers, target);
            }
            measurement.with(Metric.HANDOVER_NS, Math.max(handover, Handover.now()));
            measurement.with(Metric.MACHINE_PACE, Math.min(pace, Pace.now()));
        }
        count(target);
        return measurement;
    }

    /** Null if none is requested. */
    private CompressorBeside compressorBeside(final Target target) throws IOException {
        if (!contender.isCeiling() || !contender.isCompressed()) {
            return null;
        }
        final long length = scenario.size() + LINE_OVERHEAD;
        return new CompressorBeside(
                file, Long.getLong("peers.roll") << 20, scenario.text(), () -> target.encodedOnly() * length);
    }

    /** Waits for the compiler. Producers that leave it no processor would delay it, and slow code would be measured. */
    private void awaitCompiler() {
        final CompilationMXBean compiler = ManagementFactory.getCompilationMXBean();
        final long deadline = System.nanoTime() + COMPILING_MAX_NS;
        long before;
        long now = compiler.getTotalCompilationTime();
        do {
            before = now;
            LockSupport.parkNanos((long) Math.min(COMPILER_QUIET_NS, seconds * 1e9));
            now = compiler.getTotalCompilationTime();
        } while (now != before && System.nanoTime() < deadline);
    }

    private long eventsMax() {
        return BYTES_MAX / (scenario.size() + LINE_OVERHEAD);
    }

    private Phase full(final double length, final boolean isTimed) {
        return new Phase(length, eventsMax(), isTimed, 0, false);
    }

    private Phase paced(final double length) {
        return new Phase(length, Long.MAX_VALUE, true, scenario.rate(), scenario.isBursty());
    }

    private Outcome phase(final Producers producers, final Phase phase) {
        final Outcome outcome = producers.run(phase);
        events += outcome.events();
        watch.awaitQuiet();
        return outcome;
    }

    private void saturated(final Producers producers, final Target target) {
        systemCalls(producers, full(seconds / 4, false));
        final Usage before = Usage.now();
        latencies(phase(producers, full(seconds, true)).latencies());
        // Untimed, because only the number of events counts now.
        final Usage start = Usage.now();
        final long submissions = target.submissions();
        final Outcome outcome = producers.run(full(seconds, false));
        final long returned = System.nanoTime();
        final long allocated = Usage.now().minus(start).allocated();
        final long made = target.submissions() - submissions;
        // The time ends when all events are in the file, without the time that the contender takes to stop.
        final long grown = watch.lastGrowth(target::stop);
        final long end = contender.isPreallocated() || contender.isCeiling() ? returned : Math.max(returned, grown);
        final Usage used = Usage.now().minus(start);
        usage(used, used.cpuNanos(), allocated, made, outcome.events());
        measurement.with(Metric.EVENTS_PER_SECOND, outcome.events() * 1e9 / (end - start.nanos()));
        measurement.with(Metric.OTHERS_SHARE, Usage.now().minus(before).othersShare());
        events += outcome.events();
    }

    private void paced(final Producers producers, final Target target) throws IOException {
        // Runs at the pace once before it counts, so that the compiler forgets the profile of full speed.
        systemCalls(producers, paced(seconds / 2));
        final int lineLength = lineLength();
        final Usage before = Usage.now();
        final long submissions = target.submissions();
        final Outcome[] outcome = new Outcome[1];
        final long watching = cpuOfThisThread();
        final Histogram ages = watch.staleness(
                () -> outcome[0] = producers.run(paced(seconds)), events * lineLength, lineLength, scenario.rate());
        final Usage used = Usage.now().minus(before);
        // Without the cost of watching and of the producers' waiting.
        final long cpu = used.cpuNanos() - (cpuOfThisThread() - watching) - outcome[0].waitNanos();
        usage(used, cpu, used.allocated(), target.submissions() - submissions, outcome[0].events());
        latencies(outcome[0].latencies());
        measurement.with(Metric.EVENTS_PER_SECOND, outcome[0].events() * 1e9 / used.nanos());
        measurement.with(Metric.OTHERS_SHARE, used.othersShare());
        events += outcome[0].events();
        // The length of a file that rolls does not show how stale it is.
        if (!contender.isPreallocated() && !contender.isCeiling() && !contender.isRolling()) {
            measurement.with(Metric.STALE_P99_NS, ages.getValueAtPercentile(99));
            measurement.with(Metric.STALE_MAX_NS, ages.getMaxValue());
            watch.awaitQuiet();
            measurement.with(Metric.LEFT_BEHIND, events - Files.size(file) / lineLength);
        }
        target.stop();
    }

    private static long cpuOfThisThread() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    /** All calls, except those that the producers' waiting made. */
    private void systemCalls(final Producers producers, final Phase phase) {
        final Outcome[] outcome = new Outcome[1];
        final double calls = SystemCalls.during(() -> {
            outcome[0] = producers.run(phase);
            LockSupport.parkNanos(SETTLING_NS);
        });
        if (outcome[0] == null) { // perf cannot count here.
            phase(producers, phase);
            return;
        }
        events += outcome[0].events();
        watch.awaitQuiet();
        final double own = calls - outcome[0].waitCalls();
        measurement.with(Metric.SYSTEM_CALLS_PER_EVENT, Math.max(0, own) / outcome[0].events());
    }

    private int lineLength() throws IOException {
        if (contender.isCeiling() || Files.size(file) == 0) {
            return 1;
        }
        try (var lines = Files.newBufferedReader(file)) {
            return lines.readLine().length() + System.lineSeparator().length();
        }
    }

    private void usage(
            final Usage used, final long cpu, final long allocated, final long submissions, final long count) {
        measurement.with(Metric.CPU_NS_PER_EVENT, (double) cpu / count);
        measurement.with(Metric.ALLOCATED_PER_EVENT, (double) allocated / count);
        measurement.with(Metric.CALLS_PER_EVENT, (double) (used.writeCalls() + submissions) / count);
    }

    private void latencies(final Histogram latencies) {
        measurement.with(Metric.P50_NS, latencies.getValueAtPercentile(50));
        measurement.with(Metric.P99_NS, latencies.getValueAtPercentile(99));
        measurement.with(Metric.P999_NS, latencies.getValueAtPercentile(99.9));
        measurement.with(Metric.P9999_NS, latencies.getValueAtPercentile(99.99));
        measurement.with(Metric.MAX_NS, latencies.getMaxValue());
    }

    private void count(final Target target) throws IOException {
        if (contender.isCeiling()) {
            measurement.with(Metric.LINES_MISSING, events - target.encodedOnly());
            measurement.with(Metric.LINES_TORN, 0);
            return;
        }
        Lines lines = Lines.of(file);
        for (final Path archive : Lines.archives(file)) {
            lines = lines.plus(Lines.of(archive));
        }
        measurement.with(Metric.LINES_MISSING, events - lines.count());
        measurement.with(Metric.LINES_TORN, lines.torn());
        Lines.delete(file);
    }
}
