package dev.uringlog.examples.peers;

import dev.uringlog.append.AppendLog;
import dev.uringlog.append.AppendLogListener;
import dev.uringlog.append.AppendStatistics;
import dev.uringlog.write.Strategy;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.LongConsumer;

/** Uringlog: writes at once and syncs at once, with as many syncs in flight as the strategy allows. */
final class OverlappedLog implements AcknowledgedLog {
    private final AppendLog log;

    OverlappedLog(final Path file, final Strategy strategy, final int depth, final LongConsumer durable)
            throws IOException {
        log = AppendLog.builder(file)
                .strategy(strategy)
                .ringDepth(depth)
                .maxDelay(Duration.ZERO)
                .syncInterval(Duration.ZERO)
                .listener(new Listener(durable))
                .open();
    }

    private record Listener(LongConsumer consumer) implements AppendLogListener {
        @Override
        public void info(final String message) {
            // The statistics have everything.
        }

        @Override
        public void warn(final String message) {
            System.out.println(message);
        }

        @Override
        public void error(final String message, final Throwable cause) {
            System.out.println(message);
        }

        @Override
        public void durable(final long position) {
            consumer.accept(position);
        }
    }

    @Override
    public long append(final byte[] event) {
        return log.append(event);
    }

    @Override
    public long syncs() {
        return log.statistics().syncs();
    }

    @Override
    public void close() {
        log.close();
        final AppendStatistics s = log.statistics();
        if (s.durablePosition() != s.bytes() || s.failed() > 0) {
            throw new IllegalStateException(s.toString());
        }
    }
}
