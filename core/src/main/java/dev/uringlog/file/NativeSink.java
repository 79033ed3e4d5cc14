package dev.uringlog.file;

import dev.uringlog.sys.Syscalls;
import dev.uringlog.write.ErrnoException;
import dev.uringlog.write.LogFile;
import dev.uringlog.write.Strategy;
import dev.uringlog.write.VectoredWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/** A file by its descriptor, written by io_uring or writev(2). */
public final class NativeSink implements Sink {
    private final VectoredWriter writer;
    private final SyncQueue syncs;
    private final Syscalls syscalls;
    private final long initialSize;

    private final Directories directories = new Directories(this::syncDirectory);
    private LogFile file;
    private long size;
    private boolean isOpen = true;
    private boolean isCreated;
    private boolean isAnother;
    private boolean isQuarantineTaken;

    /** Null until a listener is set. */
    private Troubles troubles;

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
     * @param syncs what syncs it without being waited for; null for none
     */
    public NativeSink(final LogFile file, final VectoredWriter writer, final Syscalls syscalls, final SyncQueue syncs) {
        this.writer = writer;
        this.syscalls = syscalls;
        this.syncs = syncs;
        initialSize = file.initialSize();
        opened(file);
    }

    private void opened(final LogFile fresh) {
        isAnother = file == null || fresh.isCreated() || !fresh.isSameFile(file);
        if (syncs != null && file != null) { // The first is the queue's already.
            syncs.follow(fresh);
        }
        file = fresh;
        size = fresh.initialSize();
        isOpen = true;
        isCreated = fresh.isCreated();
        if (file.isRegular()) {
            directories.opened(file.path());
        }
        tellMode();
    }

    private void tellMode() {
        if (troubles != null && file.modeRefusal() != null) {
            troubles.modeRefused(file.path(), file.modeRefusal());
        }
    }

    @Override
    public void tell(final Troubles to) {
        troubles = to;
        tellMode();
    }

    private void tellClosed(final IOException failure) {
        if (troubles != null && failure != null) {
            troubles.closeFailed(failure);
        }
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
        final long before = Sink.remaining(parts);
        try {
            return writer.writev(file.fd(), parts);
        } finally {
            size += before - Sink.remaining(parts);
        }
    }

    @Override
    public void sync() throws IOException {
        if (file.isRegular()) { // A FIFO or a device has nothing to sync, and says EINVAL.
            if (syncs != null) {
                syncs.prepare(1);
            }
            file.sync();
        }
    }

    @Override
    public SyncQueue syncs() {
        return syncs;
    }

    @Override
    public boolean areNamesSynced() {
        return directories.areSynced();
    }

    @Override
    public String syncNames() throws IOException {
        return directories.sync();
    }

    private void syncDirectory(final Path directory) throws IOException {
        DirectorySync.sync(directory, syscalls);
    }

    @Override
    public void grown(final Path directory) {
        directories.grown(directory);
    }

    @Override
    public void movedTo(final Path directory) {
        directories.movedTo(directory);
    }

    @Override
    public void leaveNames() {
        directories.leaveUnsynced();
    }

    @Override
    public Path setAside(final String suffix) throws IOException {
        final Path aside = file.setAside(suffix);
        opened(file);
        isAnother = true;
        tellClosed(file.closeFailure());
        return aside;
    }

    @Override
    public void reopen() throws IOException {
        open(file.path(), true);
    }

    @Override
    public void open(final Path other, final boolean append) throws IOException {
        final LogFile fresh = file.openOther(other, !append);
        leave();
        opened(fresh);
    }

    private void leave() {
        try {
            file.close();
        } catch (final IOException e) {
            tellClosed(e);
        }
    }

    @Override
    public void closeFile() {
        leave();
        if (syncs != null) {
            syncs.leave();
        }
        isOpen = false;
    }

    @Override
    public boolean isOpen() {
        return isOpen;
    }

    @Override
    public boolean isCreated() {
        return isCreated;
    }

    @Override
    public boolean isAnother() {
        return isAnother;
    }

    @Override
    public LeftFile keep() throws IOException {
        requireName(file); // Its space is to be free at once: it may have been removed for that.
        return new Kept(file.openedAgain(), directories);
    }

    private static void requireName(final LogFile of) throws IOException {
        if (of.isUnlinked()) {
            throw new NoSuchFileException(of.path().toString(), null, "it has been removed");
        }
    }

    /** The same file by a descriptor of its own: it can be synced wherever its name goes. */
    private record Kept(LogFile again, Directories directories) implements LeftFile {
        @Override
        public void sync() throws IOException {
            again.sync();
            requireName(again);
            directories.grown(again.path().getParent());
        }

        @Override
        public void close() throws IOException {
            again.close();
        }
    }

    @Override
    public Path path() {
        return file.path();
    }

    @Override
    public Fate look() throws IOException {
        if (!file.isRegular()) { // Nobody rotates a device.
            return Fate.IN_PLACE;
        }
        final long found = file.sizeInPlace();
        if (found >= 0) {
            size = found;
            return Fate.IN_PLACE;
        }
        if (!file.isPathEmpty()) {
            return Fate.REPLACED;
        }
        try {
            size = file.size();
            return file.isUnlinked() ? Fate.UNLINKED : Fate.MOVED;
        } catch (final ErrnoException e) {
            return Fate.UNLINKED; // A file system that does not even say that is gone.
        }
    }

    @Override
    public long size() {
        return size;
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
    public void close() throws IOException {
        writer.close();
        if (syncs != null) {
            syncs.close();
        }
        file.close();
    }
}
