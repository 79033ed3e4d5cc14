package dev.uringlog.file;

import dev.uringlog.write.LogFile;
import dev.uringlog.write.VectoredWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;

/** A file by its descriptor, written by io_uring or writev(2). */
public final class NativeSink implements Sink {
    private final LogFile file;
    private final VectoredWriter writer;
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
        this.file = file;
        this.writer = writer;
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
    public void syncName() throws IOException {
        if (isNameDue) {
            file.syncDirectory();
            isNameDue = false;
        }
    }

    @Override
    public Path setAside(final String suffix) throws IOException {
        final Path aside = file.setAside(suffix);
        isNameDue = true; // Two names even: the directory holds both.
        return aside;
    }

    @Override
    public void reopen() throws IOException {
        file.reopen();
        isNameDue |= file.isCreated();
    }

    @Override
    public String label() {
        return writer.strategy().label();
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
        file.close();
    }
}
