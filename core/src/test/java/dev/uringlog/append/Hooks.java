package dev.uringlog.append;

import dev.uringlog.file.Sink;
import java.io.IOException;
import java.time.Duration;
import java.util.function.UnaryOperator;

/** What only tests may set or call, for tests outside this package. */
public final class Hooks {
    private Hooks() {}

    /** Opens a log's sink. */
    public interface Opener {
        Sink open() throws IOException;
    }

    public static AppendLogBuilder withSink(final AppendLogBuilder builder, final Opener opener) {
        return builder.sinkFactory(config -> new SinkFactory.Opened(opener.open(), "a sink of a test"));
    }

    public static AppendLogBuilder wrapSink(final AppendLogBuilder builder, final UnaryOperator<Sink> wrapper) {
        final SinkFactory real = builder.sinkFactory;
        return builder.sinkFactory(config -> {
            final SinkFactory.Opened opened = real.open(config);
            return new SinkFactory.Opened(wrapper.apply(opened.sink()), opened.description());
        });
    }

    public static AppendLogBuilder withLookInterval(final AppendLogBuilder builder, final Duration interval) {
        return builder.lookInterval(interval);
    }

    public static void askAtExit(final AppendLog log) {
        log.askAtExit();
    }

    public static void awaitAtExit(final AppendLog log) {
        log.awaitAtExit(System.nanoTime());
    }
}
