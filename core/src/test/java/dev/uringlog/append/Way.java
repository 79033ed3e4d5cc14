package dev.uringlog.append;

import dev.uringlog.file.ChannelSink;
import dev.uringlog.testing.Host;
import dev.uringlog.write.Strategy;
import java.nio.file.Path;

/** How bytes reach the kernel: by either strategy, or in pure Java. What holds for one must hold for each. */
public enum Way {
    WRITEV,
    IOURING,
    JAVA;

    public AppendLogBuilder builder(final Path path) {
        final AppendLogBuilder builder = AppendLog.builder(path).listener(new Heard());
        return switch (this) {
            case WRITEV -> builder.strategy(Strategy.WRITEV);
            case IOURING -> {
                Host.requireIoUring();
                yield builder.strategy(Strategy.IOURING);
            }
            case JAVA ->
                builder.sinkFactory(config -> new SinkFactory.Opened(
                        new ChannelSink(config.path, config.append, config.filePermissions), path + " by Java"));
        };
    }
}
