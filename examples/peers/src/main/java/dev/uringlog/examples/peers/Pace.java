package dev.uringlog.examples.peers;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How fast the machine is at the moment. Other machines on its host may share a virtual machine's cores. The same work
 * then takes up to twice the time, and nothing in the guest shows it. So each measurement also times a fixed piece of
 * work.
 */
final class Pace {
    private static final int WARM_UPS = 3;
    private static final long STEPS = 40_000_000;

    private static volatile long sink;

    private Pace() {}

    /** Steps a nanosecond on every core at once, the slowest core's. */
    static double now() {
        for (int i = 0; i < WARM_UPS; i++) {
            sink = work(STEPS / WARM_UPS);
        }
        final AtomicLong slowest = new AtomicLong();
        final Thread[] threads = new Thread[Runtime.getRuntime().availableProcessors()];
        for (int i = 0; i < threads.length; i++) {
            threads[i] = new Thread(() -> slowest.accumulateAndGet(time(), Math::max), "pace");
            threads[i].start();
        }
        for (final Thread thread : threads) {
            try {
                thread.join();
            } catch (final InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
        return (double) STEPS / slowest.get();
    }

    private static long time() {
        final long start = System.nanoTime();
        sink = work(STEPS);
        return System.nanoTime() - start;
    }

    private static long work(final long steps) {
        long x = steps;
        for (long i = 0; i < steps; i++) {
            x = x * 6364136223846793005L + 1442695040888963407L; // Each step needs the result of the previous one.
        }
        return x;
    }
}
