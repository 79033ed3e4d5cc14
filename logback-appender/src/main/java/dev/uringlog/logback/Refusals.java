package dev.uringlog.logback;

import ch.qos.logback.core.Appender;
import java.util.concurrent.atomic.AtomicLong;

/** Says, at most once a second, that events came to an appender that had no file to write them to. */
final class Refusals {
    private static final long INTERVAL_NS = 1_000_000_000;

    private final Appender<?> appender;
    private final AtomicLong count = new AtomicLong();
    private final AtomicLong nextNanos = new AtomicLong(System.nanoTime());

    Refusals(final Appender<?> appender) {
        this.appender = appender;
    }

    void refused() {
        count.incrementAndGet();
        final long now = System.nanoTime();
        final long next = nextNanos.get();
        if (now - next >= 0 && nextNanos.compareAndSet(next, now + INTERVAL_NS)) {
            appender.addWarn("Appender [" + appender.getName() + "] has no open file: it did not take "
                    + count.getAndSet(0) + " events since it last said so");
        }
    }
}
