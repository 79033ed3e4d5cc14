package dev.uringlog.flush;

import dev.uringlog.append.MemorySink;
import dev.uringlog.ring.EventRing;
import dev.uringlog.ring.RingConsumer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** What the classes of this package are made of, for tests of one of them on the test's own thread. */
final class Parts {
    static final long NEVER = -1;

    final EventRing ring = new EventRing(4096, 0, true);
    final RingConsumer cursor = ring.consumer();
    final MemorySink sink = new MemorySink();
    final Counters counters = new Counters();
    final List<String> heard = new CopyOnWriteArrayList<>();
    final Reporter reporter = new Reporter((level, message, cause) -> heard.add(message), "log");
    final Watermarks marks = new Watermarks(0, position -> {});
    final Audience audience = new Audience(marks);

    static FlushOptions options(final boolean isKept, final long syncNanos, final boolean isDropping) {
        return new FlushOptions(0, false, isKept, syncNanos, isDropping, true, 0);
    }

    /** Appends an event, and returns where it ends. */
    long append(final String event) {
        final byte[] bytes = event.getBytes(StandardCharsets.US_ASCII);
        final long claim = ring.tryClaim(bytes.length);
        ring.copy(claim, bytes, 0, bytes.length);
        return ring.publish(claim, bytes.length, 0);
    }

    Syncer syncer(final FlushOptions options) {
        return new Syncer(ring, sink, counters, marks, reporter, options);
    }

    BatchWriter writer(final FlushOptions options) {
        final PathWatch path = new PathWatch(sink, options.lookNanos());
        return new BatchWriter(sink, 0, counters, marks, audience, syncer(options), path, reporter, options);
    }

    Drain drain(final Rolling roller, final FlushOptions options) {
        return new Drain(ring, sink, reporter, null, position -> {}, roller, options);
    }
}
