package dev.uringlog.append;

import java.io.IOException;

/** Chooses the tier: native by the strategy asked for, else pure Java. */
final class Sinks {
    private Sinks() {}

    static SinkFactory.Opened open(final AppendLogBuilder config) throws IOException {
        final ChannelSink sink = new ChannelSink(config.path, config.append, config.permissionsOrDefault());
        if (config.mendTornTail) { TornTail.mend(config.path, sink); }
        return new SinkFactory.Opened(sink, config.path + ": " + sink.label());
    }
}
