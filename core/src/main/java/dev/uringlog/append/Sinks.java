package dev.uringlog.append;

import dev.uringlog.file.ChannelSink;
import dev.uringlog.file.Directories;
import dev.uringlog.file.NativeSink;
import dev.uringlog.file.Sink;
import dev.uringlog.file.Surroundings;
import dev.uringlog.file.SyncQueue;
import dev.uringlog.file.TornTail;
import dev.uringlog.sys.ClassLoading;
import dev.uringlog.sys.Kernel;
import dev.uringlog.write.LogFile;
import dev.uringlog.write.Strategy;
import dev.uringlog.write.UnsupportedStrategyException;
import dev.uringlog.write.VectoredWriter;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Chooses the tier, and says why.
 *
 * <p>{@link Strategy#AUTO} decides by the work. At {@link Durability#MEMORY} the copy into the page cache is the whole job,
 * and a plain writev(2) does it at less than half the cost of io_uring: no worker thread, no completion. If events are
 * synced in the background, io_uring has an fdatasync in flight beside the writes, and several while the ring fills. The
 * writes still use writev(2).
 */
final class Sinks {
    private Sinks() {}

    /** Opens the sink that the builder describes, and makes its directories first if it says so. */
    static SinkFactory.Opened openInDirectories(final AppendLogBuilder config) throws IOException {
        final List<Path> grown = config.makeDirectories ? Directories.make(config.path) : List.of();
        final SinkFactory.Opened opened = config.sinkFactory.open(config);
        grown.forEach(opened.sink()::grown);
        return opened;
    }

    static SinkFactory.Opened open(final AppendLogBuilder config) throws IOException {
        final SinkFactory.Opened opened = openTier(config);
        boolean isReady = false;
        try {
            mend(config, opened.sink());
            if (ClassLoading.isUnderWay()) { // Before there is a thread that would wait for this one.
                ClassLoading.complete(AppendLog.class, opened.sink().getClass(), config.listener.getClass());
            }
            isReady = true;
            return opened;
        } finally {
            if (!isReady) {
                abandon(opened.sink()::close);
            }
        }
    }

    private static void mend(final AppendLogBuilder config, final Sink sink) {
        if (!config.append || !config.mendTornTail || config.isShared) {
            return;
        }
        try {
            TornTail.mend(config.path, sink);
        } catch (final IOException e) {
            // The disk may be full, as at any other time. The writer then ends the line before the first event.
            sink.takeQuarantine(); // Of that newline's memory, not of an event's.
        }
    }

    private static SinkFactory.Opened openTier(final AppendLogBuilder config) throws IOException {
        try {
            return openNative(config);
        } catch (final UnsupportedStrategyException e) {
            if (config.strategy != Strategy.AUTO) {
                throw new UnsupportedStrategyException(
                        "strategy \"" + config.strategy.label() + "\" is not available here: " + e.getMessage());
            }
            config.reporter().warn("no native access, writing through Java's FileChannel: " + e.getMessage());
            final ChannelSink sink = new ChannelSink(config.path, config.append, config.filePermissions);
            warn(config, sink.warning());
            return new SinkFactory.Opened(sink, describe(config, sink, e.getMessage()));
        }
    }

    private static SinkFactory.Opened openNative(final AppendLogBuilder config) throws IOException {
        final boolean isAuto = config.strategy == Strategy.AUTO;
        // The writer first: no file is made if the strategy is not available.
        final VectoredWriter writer = VectoredWriter.builder()
                .strategy(isAuto ? Strategy.WRITEV : config.strategy)
                .ringDepth(config.ringDepth)
                .open();
        LogFile file = null;
        NativeSink sink = null;
        boolean isReady = false;
        try {
            file = openFile(config);
            final SyncQueue syncs = openSyncs(config, file);
            sink = new NativeSink(file, writer, Kernel.syscalls(), syncs);
            warn(config, Kernel.access().warning());
            warn(config, sink.warning());
            final String why = isAuto ? why(config, syncs) : "as configured";
            final SinkFactory.Opened opened = new SinkFactory.Opened(sink, describe(config, sink, why));
            isReady = true;
            return opened;
        } finally {
            if (!isReady && sink != null) {
                abandon(sink::close);
            } else if (!isReady) {
                writer.close();
                if (file != null) {
                    abandon(file::close);
                }
            }
        }
    }

    private static void warn(final AppendLogBuilder config, final String warning) {
        if (warning != null) {
            config.reporter().warn(warning);
        }
    }

    /** Nothing was written to it, and the reason for closing it is being thrown. */
    private static void abandon(final Closeable opened) {
        try {
            opened.close();
        } catch (final IOException e) {
            return;
        }
    }

    private static LogFile openFile(final AppendLogBuilder config) throws IOException {
        final LogFile.Builder builder =
                LogFile.builder(config.path).truncate(!config.append).allowSpecialFile(config.allowSpecialFile);
        if (config.filePermissions != null) {
            builder.permissions(config.filePermissions);
        }
        return builder.open();
    }

    /** Null where nothing is synced, or by one sync at a time. */
    private static SyncQueue openSyncs(final AppendLogBuilder config, final LogFile file)
            throws UnsupportedStrategyException {
        if (!isSynced(config) || config.strategy == Strategy.WRITEV) {
            return null;
        }
        try {
            return SyncQueue.open(file, Kernel.syscalls(), config.ringDepth);
        } catch (final UnsupportedStrategyException e) {
            if (config.strategy == Strategy.IOURING) {
                throw e;
            }
            return null;
        }
    }

    private static boolean isSynced(final AppendLogBuilder config) {
        return config.durability == Durability.DISK || config.syncInterval != null;
    }

    private static String why(final AppendLogBuilder config, final SyncQueue syncs) {
        if (syncs != null) {
            return "auto: writes use writev, background syncs io_uring, up to " + syncs.depth()
                    + " in flight while the ring fills";
        }
        if (!isSynced(config)) {
            // Not asked: a sandbox may kill the process for the question alone.
            return "auto: at durability " + config.durability
                    + " the copy into the page cache is the whole job, which writev does best, so io_uring is not tried";
        }
        final String refusal = VectoredWriter.ioUringRefusal();
        return "auto: one sync is waited for at a time; "
                + (refusal == null ? "io_uring works here" : "io_uring would not work here: " + refusal);
    }

    private static String describe(final AppendLogBuilder config, final Sink sink, final String why) {
        return "Uringlog writes " + config.path + " with strategy " + sink.label() + " (" + why + "), durability "
                + config.durability + ", ring " + (config.ringSize >> 10) + " KiB, on " + Surroundings.of(config.path);
    }
}
