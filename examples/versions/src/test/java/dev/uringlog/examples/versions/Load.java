package dev.uringlog.examples.versions;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What each application logs: so many events, over enough time for a policy that goes by seconds. */
final class Load {
    static final int EVENTS = 2_000;

    private static final long DURATION_NS = TimeUnit.MILLISECONDS.toNanos(2_500);

    private Load() {}

    static void log(final IntConsumer logger) {
        final long start = System.nanoTime();
        for (int i = 0; i < EVENTS; i++) {
            logger.accept(i);
            while (System.nanoTime() - start < DURATION_NS / EVENTS * (i + 1)) {
                LockSupport.parkNanos(DURATION_NS / EVENTS);
            }
        }
        System.out.println("logged " + EVENTS);
    }

    /** A line of 40 bytes. */
    static String line(final int index) {
        return "event %04d: the quick brown fox jumped".formatted(index);
    }

    static Stream<String> lines() {
        return IntStream.range(0, EVENTS).mapToObj(Load::line);
    }
}
