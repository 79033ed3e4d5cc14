package dev.uringlog.file;

import dev.uringlog.write.LogFile;
import dev.uringlog.write.Strategy;
import dev.uringlog.write.SyncQueue;
import dev.uringlog.write.VectoredWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;

/** A file by its descriptor, written by io_uring or writev(2). */
public final class NativeSink implements Sink {
    private final LogFile file;
    private final VectoredWriter writer;
    private final QueuedSyncs syncs;
    private final long initialSize;
    private boolean isQuarantineTaken;
    private boolean isNameDue;

    /**
     * A sink that owns both, and closes them.
     *
     * @param file the file
     * @param writer what writes to it
     */
    public NativeSink(final LogFile file, final VectoredWriter writer) {
        this(file, writer, null);
    }

    /**
     * A sink that owns all three, and closes them.
     *
     * @param file the file
     * @param writer what writes to it
     * @param queue what syncs it without being waited for; null for none
     */
    public NativeSink(final LogFile file, final VectoredWriter writer, final SyncQueue queue) {
        this.file = file;
        this.writer = writer;
        syncs = queue == null ? null : new QueuedSyncs(queue);
        initialSize = file.initialSize();
        isNameDue = file.isCreated();
    }

    /**
     * What somebody should look at.
     *
     * @return one line each; most often none
     */
    public List<String> warnings() {
        final String warning = file.permissionWarning();
        return warning == null ? List.of() : List.of(warning);
    }

    @Override
    public long write(final ByteBuffer[] parts) throws IOException {
        return writer.writev(file.fd(), parts);
    }

    @Override
    public void sync() throws IOException {
        if (file.isRegular()) { // A FIFO or a device has nothing to sync, and says EINVAL.
            file.sync();
        }
    }

    @Override
    public Syncs syncs() {
        return syncs;
    }

    /** A file's name is synced with the first sync, which is waited for. */
    private final class QueuedSyncs implements Syncs {
        private final SyncQueue queue;

        QueuedSyncs(final SyncQueue queue) {
            this.queue = queue;
        }

        @Override
        public int depth() {
            return queue.depth();
        }

        @Override
        public int begin() {
            return isNameDue || !file.isRegular() ? NONE : queue.begin();
        }

        @Override
        public int poll() {
            return queue.poll();
        }

        @Override
        public IOException failure() {
            return queue.failure();
        }

        @Override
        public boolean hasNews() {
            return queue.hasNews();
        }

        @Override
        public void await(final long nanos) {
            queue.await(nanos);
        }

        @Override
        public void wake() {
            queue.wake();
        }

        @Override
        public String degradation() {
            return queue.degradation();
        }
    }

    @Override
    public void syncName() throws IOException {
        if (isNameDue) {
            file.syncDirectory();
            isNameDue = false;
        }
    }

    @Override
    public Path setAside(final String suffix) throws IOException {
        final Path aside = file.setAside(suffix);
        followFile();
        isNameDue = true; // Two names even: the directory holds both.
        return aside;
    }

    private void followFile() {
        if (syncs != null) {
            syncs.queue.follow(file);
        }
    }

    @Override
    public void reopen() throws IOException {
        file.reopen();
        followFile();
        isNameDue |= file.isCreated();
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
    public long initialSize() {
        return initialSize;
    }

    @Override
    public void close() {
        writer.close();
        if (syncs != null) {
            syncs.queue.close();
        }
        file.close();
    }
}
