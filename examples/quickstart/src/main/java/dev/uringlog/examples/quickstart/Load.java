package dev.uringlog.examples.quickstart;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReference;

/** Logs a workload from several threads at full speed, reports progress once a second, and stops the framework. */
final class Load {
    /** One call in so many is timed. Timing each would add two clock readings, a large part of what they measure. */
    static final int SAMPLE = 16;

    /** Counters of two threads never share a cache line. */
    private static final int STRIDE = 16;

    /**
     * The times of a run.
     *
     * @param nanos from the first call until the framework had stopped, everything in the file
     * @param latencies of the calls, one in {@link #SAMPLE}
     */
    record Result(long nanos, Latencies latencies) {}

    private final Framework framework;
    private final Workload workload;
    private final int threads;
    private final int events;
    private final AtomicLongArray progress;
    private final CountDownLatch done;
    private final CountDownLatch ready = new CountDownLatch(1);
    private final AtomicReference<Throwable> failure = new AtomicReference<>();

    Load(final Framework framework, final Workload workload, final int threads, final int events) {
        this.framework = framework;
        this.workload = workload;
        this.threads = threads;
        this.events = events;
        progress = new AtomicLongArray(threads * STRIDE);
        done = new CountDownLatch(threads);
    }

    /** How many of all events belong to the given thread. */
    static int share(final int events, final int threads, final int thread) {
        return events / threads + (thread < events % threads ? 1 : 0);
    }

    Result run(final Progress display) throws InterruptedException {
        final List<Latencies> latencies = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            final int thread = i;
            final Latencies own = new Latencies();
            latencies.add(own);
            new Thread(() -> work(thread, own), Workload.threadName(thread)).start();
        }
        final long start = System.nanoTime();
        ready.countDown();
        while (!done.await(1, TimeUnit.SECONDS)) {
            display.show(total(), events, "events");
        }
        framework.stop();
        final long nanos = System.nanoTime() - start;
        if (failure.get() != null) {
            throw new IllegalStateException("a log call threw", failure.get());
        }
        final Latencies all = new Latencies();
        latencies.forEach(all::add);
        return new Result(nanos, all);
    }

    private void work(final int thread, final Latencies latencies) {
        try {
            ready.await();
            final int count = share(events, threads, thread);
            for (int i = 0; i < count; i++) {
                if (i % SAMPLE == 0) {
                    final long before = System.nanoTime();
                    workload.log(framework, thread, i);
                    latencies.record(System.nanoTime() - before);
                } else {
                    workload.log(framework, thread, i);
                }
                progress.setOpaque(thread * STRIDE, i + 1L);
            }
        } catch (final InterruptedException | RuntimeException | Error e) {
            failure.compareAndSet(null, e);
        } finally {
            done.countDown();
        }
    }

    private long total() {
        long sum = 0;
        for (int i = 0; i < threads; i++) {
            sum += progress.getOpaque(i * STRIDE);
        }
        return sum;
    }
}
