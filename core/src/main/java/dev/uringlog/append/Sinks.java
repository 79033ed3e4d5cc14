package dev.uringlog.append;

import dev.uringlog.file.ChannelSink;
import dev.uringlog.file.NativeSink;
import dev.uringlog.file.Sink;
import dev.uringlog.file.TornTail;
import dev.uringlog.write.LogFile;
import dev.uringlog.write.Strategy;
import dev.uringlog.write.UnsupportedStrategyException;
import dev.uringlog.write.VectoredWriter;
import java.io.IOException;

/**
 * Chooses the tier, and says why.
 *
 * <p>{@link Strategy#AUTO} decides by the work. At {@link Durability#MEMORY} the copy into the page cache is the whole job,
 * and a plain writev(2) does it at less than half of io_uring's price: no worker thread, nobody to wait for. At
 * {@link Durability#DISK} a leader waits for his one write and his one fdatasync in turn, which is no different.
 */
final class Sinks {
    private Sinks() {}

    static SinkFactory.Opened open(final AppendLogBuilder config) throws IOException {
        final SinkFactory.Opened opened = openTier(config);
        boolean isMended = false;
        try {
            if (config.append && config.mendTornTail) {
                TornTail.mend(config.path, opened.sink());
            }
            isMended = true;
            return opened;
        } finally {
            if (!isMended) {
                opened.sink().close();
            }
        }
    }

    private static SinkFactory.Opened openTier(final AppendLogBuilder config) throws IOException {
        try {
            return openNative(config);
        } catch (final UnsupportedStrategyException e) {
            if (config.strategy != Strategy.AUTO) {
                throw new UnsupportedStrategyException(
                        "strategy \"" + config.strategy.label() + "\" is not to be had here: " + e.getMessage());
            }
            config.reporter().warn("no native access, writing through Java's FileChannel: " + e.getMessage());
            final ChannelSink sink = new ChannelSink(config.path, config.append, config.permissionsOrDefault());
            return new SinkFactory.Opened(sink, describe(config, sink, e.getMessage()));
        }
    }

    private static SinkFactory.Opened openNative(final AppendLogBuilder config) throws IOException {
        final boolean isAuto = config.strategy == Strategy.AUTO;
        // The writer first: it makes no file when the strategy asked for is not to be had.
        final VectoredWriter writer = VectoredWriter.builder()
                .strategy(isAuto ? Strategy.WRITEV : config.strategy)
                .ringDepth(config.ringDepth)
                .open();
        boolean isOpen = false;
        try {
            final LogFile.Builder builder =
                    LogFile.builder(config.path).truncate(!config.append).allowSpecialFile(config.allowSpecialFile);
            if (config.filePermissions != null) {
                builder.permissions(config.filePermissions);
            }
            final NativeSink sink = new NativeSink(builder.open(), writer);
            isOpen = true;
            sink.warnings().forEach(config.reporter()::warn);
            return new SinkFactory.Opened(
                    sink, describe(config, sink, isAuto ? whyWritev(config.durability) : "as configured"));
        } finally {
            if (!isOpen) {
                writer.close();
            }
        }
    }

    private static String whyWritev(final Durability durability) {
        final String refusal = VectoredWriter.ioUringRefusal();
        final String job = durability == Durability.DISK
                ? "one write is waited for at a time"
                : "the copy into the page cache is the whole job";
        return "auto: at durability " + durability + " " + job + ", which writev does best; "
                + (refusal == null ? "io_uring works here" : "io_uring would not work here: " + refusal);
    }

    private static String describe(final AppendLogBuilder config, final Sink sink, final String why) {
        return "Uringlog writes " + config.path + " with strategy " + sink.label() + " (" + why + "), durability "
                + config.durability + ", ring " + (config.ringSize >> 10) + " KiB";
    }
}
