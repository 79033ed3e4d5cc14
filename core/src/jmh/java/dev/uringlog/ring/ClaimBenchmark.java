package dev.uringlog.ring;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Events of 190 bytes handed over, per microsecond, by all producers together: claim, copy, publish.
 *
 * <p>The consumer is a thread besides; it counts the events, reads none of their bytes, and gives them back. Everybody who
 * finds nothing to do yields: with fewer processors than threads, spinning would measure the scheduler.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@State(Scope.Benchmark)
public class ClaimBenchmark {
    private static final int EVENT = 190;

    /** One producer's count. */
    @State(Scope.Thread)
    public static class Producer {
        private final byte[] event = new byte[EVENT];
        private long produced;

        /** Makes it known to who checks the counts. */
        @Setup
        public void register(final ClaimBenchmark benchmark) {
            benchmark.producers.add(this);
        }
    }

    /** Whose ring or queue. */
    @Param({"uringlog", "agrona", "jctools", "disruptor"})
    public String implementation;

    private final Queue<Producer> producers = new ConcurrentLinkedQueue<>();
    private Handoff handoff;
    private Thread consumer;
    private volatile boolean isStopping;
    private long consumed;

    /** Starts the consumer. */
    @Setup
    public void start() {
        handoff = Handoff.of(implementation);
        consumer = new Thread(this::consume, "consumer");
        consumer.setDaemon(true);
        consumer.start();
    }

    private void consume() {
        while (true) {
            // Read before draining: nothing is produced after it is set, so an empty drain then is the last.
            final boolean isLast = isStopping;
            final int count = handoff.drain();
            consumed += count;
            if (count == 0) {
                if (isLast) {
                    return;
                }
                Thread.yield();
            }
        }
    }

    /** Fails unless everything produced was consumed. */
    @TearDown
    public void check() throws InterruptedException {
        isStopping = true;
        consumer.join(TimeUnit.SECONDS.toMillis(10));
        final long produced =
                producers.stream().mapToLong(producer -> producer.produced).sum();
        if (consumer.isAlive() || consumed != produced) {
            throw new IllegalStateException(implementation + ": " + produced + " produced, " + consumed + " consumed");
        }
    }

    @Benchmark
    @Threads(1)
    public void producers1(final Producer producer) {
        produce(producer);
    }

    @Benchmark
    @Threads(2)
    public void producers2(final Producer producer) {
        produce(producer);
    }

    @Benchmark
    @Threads(4)
    public void producers4(final Producer producer) {
        produce(producer);
    }

    @Benchmark
    @Threads(8)
    public void producers8(final Producer producer) {
        produce(producer);
    }

    private void produce(final Producer producer) {
        while (!handoff.offer(producer.event)) {
            Thread.yield();
        }
        producer.produced++;
    }
}
