package dev.uringlog.examples.peers;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;

/** Threads that log. They live through all phases of a run, so that per-thread state is warm. */
final class Producers implements AutoCloseable {
    /** Events between two looks at the clock, a power of two. */
    private static final int STRIDE = 64;

    /** A producer sleeps through a longer gap than this, except its end, because a thread wakes some 60 µs late. */
    private static final long PARK_NS = 1_000_000;

    /** The time between two bursts. */
    private static final long BURST_NS = 1_000_000;

    private static final long LATENCY_MAX_NS = 60_000_000_000L;

    private final Target target;
    private final int threads;
    private final String text;
    private final String[] numbers;
    private final ExecutorService executor;

    /**
     * A phase.
     *
     * @param seconds how long it lasts
     * @param events how many at most, all threads together
     * @param isTimed whether each call is timed; one that is paced always is
     * @param rate events a second, or 0
     * @param isBursty whether producers sleep between bursts
     */
    record Phase(double seconds, long events, boolean isTimed, int rate, boolean isBursty) {}

    /**
     * The result of a phase.
     *
     * @param events how many were logged
     * @param latencies of each call, if it was timed
     * @param waitNanos CPU time that paced producers spent until the next event was due
     * @param waitCalls system calls that they made during that time
     */
    record Outcome(long events, Histogram latencies, long waitNanos, long waitCalls) {
        private Outcome plus(final Outcome other) {
            latencies.add(other.latencies);
            return new Outcome(
                    events + other.events, latencies, waitNanos + other.waitNanos, waitCalls + other.waitCalls);
        }
    }

    Producers(final Target target, final Scenario scenario) {
        this.target = target;
        threads = scenario.threads();
        numbers = IntStream.range(0, STRIDE).mapToObj("%08d"::formatted).toArray(String[]::new);
        text = scenario.text();
        executor = scenario.isVirtual() ? virtual() : platform();
    }

    private ExecutorService platform() {
        final AtomicInteger count = new AtomicInteger();
        return Executors.newFixedThreadPool(
                threads, task -> new Thread(task, "worker-%02d".formatted(count.incrementAndGet())));
    }

    private static ExecutorService virtual() {
        try {
            return (ExecutorService)
                    Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
        } catch (final ReflectiveOperationException e) {
            throw new IllegalStateException("no virtual threads in JDK " + Runtime.version(), e);
        }
    }

    /** Makes all threads log; returns when all are done. */
    Outcome run(final Phase phase) {
        final CyclicBarrier start = new CyclicBarrier(threads);
        final long[] begin = new long[1];
        final List<Future<Outcome>> outcomes = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            final int index = i;
            outcomes.add(executor.submit(() -> {
                if (start.await() == 0) {
                    begin[0] = System.nanoTime();
                }
                start.await();
                return phase.rate > 0 ? paced(phase, index, begin[0]) : saturated(phase);
            }));
        }
        Outcome sum = new Outcome(0, new Histogram(LATENCY_MAX_NS, 3), 0, 0);
        for (final Future<Outcome> outcome : outcomes) {
            try {
                sum = sum.plus(outcome.get());
            } catch (final InterruptedException | ExecutionException e) {
                throw new IllegalStateException(e);
            }
        }
        return sum;
    }

    private Outcome saturated(final Phase phase) {
        final long end = System.nanoTime() + (long) (phase.seconds * 1e9);
        final long most = phase.events / threads;
        final Histogram latencies = new Histogram(LATENCY_MAX_NS, 3);
        long count = 0;
        // Each stride is a separate method, called often enough to be compiled before anything is measured.
        for (; count < most && System.nanoTime() < end; count += STRIDE) {
            if (phase.isTimed) {
                stride(latencies);
            } else {
                stride();
            }
        }
        return new Outcome(count, latencies, 0, 0);
    }

    private void stride() {
        for (int i = 0; i < STRIDE; i++) {
            target.log(numbers[i], text);
        }
    }

    private void stride(final Histogram latencies) {
        for (int i = 0; i < STRIDE; i++) {
            final long before = System.nanoTime();
            target.log(numbers[i], text);
            latencies.recordValue(System.nanoTime() - before);
        }
    }

    /**
     * Each call is timed from the moment it should have begun, so a call that waits behind a slow one is late too. In
     * bursts each call is timed by itself: a producer that sleeps wakes late, which is not the appender's fault.
     */
    private Outcome paced(final Phase phase, final int index, final long begin) {
        final ThreadMXBean clock = ManagementFactory.getThreadMXBean();
        final long cpu = clock.getCurrentThreadCpuTime();
        final double interval = 1e9 / phase.rate;
        final long most = (long) (phase.seconds * phase.rate) / threads;
        final Histogram latencies = new Histogram(LATENCY_MAX_NS, 3);
        long inCalls = 0;
        long waits = 0;
        for (long i = 0; i < most; i++) {
            final long due = begin + (long) ((i * threads + index) * interval);
            long start = System.nanoTime();
            for (; start < due; start = System.nanoTime()) {
                pause(phase, due - start);
                waits++;
            }
            target.log(numbers[(int) i & STRIDE - 1], text);
            final long end = System.nanoTime();
            inCalls += end - start;
            latencies.recordValue(phase.isBursty ? end - start : Math.max(0, end - due));
        }
        return new Outcome(most, latencies, Math.max(0, clock.getCurrentThreadCpuTime() - cpu - inCalls), waits);
    }

    private static void pause(final Phase phase, final long nanos) {
        if (phase.isBursty) {
            LockSupport.parkNanos(BURST_NS);
        } else if (nanos > PARK_NS) {
            LockSupport.parkNanos(nanos - PARK_NS / 2);
        } else {
            Thread.yield();
        }
    }

    @Override
    public void close() {
        executor.shutdown();
    }
}
