package dev.uringlog.logback;

import ch.qos.logback.core.Appender;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;

/** Says, at most once a second each, that events came to an appender with no file, or are not where they should be. */
final class Refusals {
    private static final long INTERVAL_NS = 1_000_000_000;

    private final Appender<?> appender;
    private final AtomicLong count = new AtomicLong();
    private final AtomicLong nextNanos = new AtomicLong(System.nanoTime());

    private final AtomicLong doubtful = new AtomicLong();
    private final AtomicLong nextDoubtNanos = new AtomicLong(System.nanoTime());

    Refusals(final Appender<?> appender) {
        this.appender = appender;
    }

    /** An event's call returns, and the event is not known to be where the durability promises. */
    void doubted(final IOException cause) {
        doubtful.incrementAndGet();
        if (isDue(nextDoubtNanos)) {
            appender.addError(
                    "Appender [" + appender.getName() + "] could not make " + doubtful.getAndSet(0)
                            + " events as durable as promised, since it last said so",
                    cause);
        }
    }

    private static boolean isDue(final AtomicLong nextNanos) {
        final long now = System.nanoTime();
        final long next = nextNanos.get();
        return now - next >= 0 && nextNanos.compareAndSet(next, now + INTERVAL_NS);
    }

    void refused() {
        count.incrementAndGet();
        if (isDue(nextNanos)) {
            appender.addWarn("Appender [" + appender.getName() + "] has no open file: it did not take "
                    + count.getAndSet(0) + " events since it last said so");
        }
    }
}
