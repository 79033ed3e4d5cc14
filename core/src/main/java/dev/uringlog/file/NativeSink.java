package dev.uringlog.file;

import dev.uringlog.sys.Syscalls;
import dev.uringlog.write.LogFile;
import dev.uringlog.write.Strategy;
import dev.uringlog.write.VectoredWriter;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Writes to a file by its descriptor, through io_uring or writev(2). */
public final class NativeSink extends FileLife<NativeFile> implements Sink {
    private final VectoredWriter writer;
    private final SyncQueue syncs;
    private boolean isQuarantineTaken;

    /**
     * A sink that owns both, and closes them.
     *
     * @param file the file
     * @param writer what writes to it
     * @param syscalls the kernel that both use
     */
    public NativeSink(final LogFile file, final VectoredWriter writer, final Syscalls syscalls) {
        this(file, writer, syscalls, null);
    }

    /**
     * A sink that owns all three, and closes them.
     *
     * @param file the file
     * @param writer what writes to it
     * @param syscalls the kernel that they use
     * @param syncs what syncs it in the background; null for none
     */
    public NativeSink(final LogFile file, final VectoredWriter writer, final Syscalls syscalls, final SyncQueue syncs) {
        super(new NativeFile(file, syscalls));
        this.writer = writer;
        this.syncs = syncs;
    }

    @Override
    public long write(final ByteBuffer[] parts) throws IOException {
        final long before = Sink.remaining(parts);
        try {
            return writer.writev(file.log.fd(), parts);
        } finally {
            file.size += before - Sink.remaining(parts);
        }
    }

    @Override
    public void sync() throws IOException {
        if (file.isRegular()) { // A FIFO or a device has nothing to sync, and says EINVAL.
            if (syncs != null) {
                syncs.prepare(1);
            }
            file.log.sync();
        }
    }

    @Override
    public SyncQueue syncs() {
        return syncs;
    }

    @Override
    void changed() {
        if (syncs != null) {
            syncs.follow(file.log);
        }
    }

    @Override
    public void closeFile() {
        super.closeFile();
        if (syncs != null) {
            syncs.leave();
        }
    }

    @Override
    public String label() {
        return (syncs == null ? writer.strategy() : Strategy.IOURING).label();
    }

    @Override
    public String degradation() {
        return writer.degradation();
    }

    @Override
    public boolean takeQuarantine() {
        // It happens once at most: from then on the writer does without a ring.
        final boolean isNew = !isQuarantineTaken && writer.isMemoryQuarantined();
        isQuarantineTaken |= isNew;
        return isNew;
    }

    @Override
    public void close() throws IOException {
        writer.close();
        if (syncs != null) {
            syncs.close();
        }
        file.close();
    }
}
