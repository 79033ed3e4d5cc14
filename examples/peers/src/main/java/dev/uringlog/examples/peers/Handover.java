package dev.uringlog.examples.peers;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How far apart two cores are at the moment. The host of a virtual machine may run its processors on cores that share a
 * cache or on cores that do not, and may move them. What one thread writes then reaches another in 30 or in 160 ns, and
 * nothing in the guest shows it. This affects every contender that hands events from thread to thread.
 */
final class Handover {
    private static final long DURATION_NS = 50_000_000;
    private static final int RALLY = 200;
    private static final long OVER = -1;

    private Handover() {}

    /** Nanoseconds from one thread to the other, the best of many rallies. With one processor this is too high. */
    static double now() {
        final AtomicLong ball = new AtomicLong();
        final Thread partner = new Thread(() -> returnBall(ball), "handover");
        partner.start();
        final long deadline = System.nanoTime() + DURATION_NS;
        long best = Long.MAX_VALUE;
        long next = 1;
        long start;
        while ((start = System.nanoTime()) < deadline) {
            for (final long last = next + 2 * RALLY; next < last; next += 2) {
                ball.setRelease(next);
                while (ball.get() != next + 1) {
                    // The other thread's turn.
                }
            }
            best = Math.min(best, System.nanoTime() - start);
        }
        ball.set(OVER);
        return best / (2.0 * RALLY);
    }

    private static void returnBall(final AtomicLong ball) {
        for (long awaited = 1; ; awaited += 2) {
            long seen;
            while ((seen = ball.get()) != awaited) {
                if (seen == OVER) {
                    return;
                }
            }
            ball.setRelease(awaited + 1);
        }
    }
}
