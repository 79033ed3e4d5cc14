package dev.uringlog.file;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;

/**
 * The life of a sink's file, which is alike in every tier.
 *
 * @param <F> the tier's files
 */
abstract class FileLife<F extends OpenedFile<F>> implements CurrentFile {
    private static final int WRITABLE_BY_OTHERS = 0022;
    private static final int STICKY = 01000;
    private static final int ASIDE_TRIES_MAX = 10;

    /** The file that was opened last. */
    F file;

    private final long initialSize;
    private final Directories directories;
    private boolean isOpen;
    private boolean isAnother;

    /** Null until a listener is set. */
    private Troubles troubles;

    FileLife(final F first) {
        directories = new Directories(first::syncDirectory);
        initialSize = first.size;
        adopt(first);
    }

    private void adopt(final F fresh) {
        isAnother = file == null || fresh.isCreated || !fresh.isSameFile(file);
        file = fresh;
        isOpen = true;
        if (fresh.isRegular()) {
            directories.opened(fresh.path);
        }
        tellMode();
    }

    @Override
    public final void tell(final Troubles to) {
        troubles = to;
        tellMode();
    }

    private void tellMode() {
        if (troubles != null && file.modeRefusal != null) {
            troubles.modeRefused(file.path, file.modeRefusal);
        }
    }

    /**
     * Whether other users can write here.
     *
     * @return one line if the file or its directory is writable by group or others, otherwise null
     */
    public final String warning() {
        if ((file.mode(file.path) & WRITABLE_BY_OTHERS) != 0) {
            return file.path + " is writable by its group or by others";
        }
        final Path parent = file.path.getParent();
        final int mode = parent == null ? 0 : file.mode(parent);
        final boolean isExposed = (mode & WRITABLE_BY_OTHERS) != 0 && (mode & STICKY) == 0;
        return isExposed ? parent + " is writable by its group or by others" : null;
    }

    @Override
    public final void reopen() throws IOException {
        open(path(), true);
    }

    @Override
    public final void open(final Path other, final boolean append) throws IOException {
        change(file.openOther(other, append));
    }

    /** Continues in a file that has been opened. */
    private void change(final F fresh) {
        close(file);
        adopt(fresh);
        changed();
    }

    /** Tells the tier that {@link #file} is another opening than before. */
    void changed() {}

    @Override
    public void closeFile() {
        close(file);
        isOpen = false;
    }

    private void close(final Closeable left) {
        try {
            left.close();
        } catch (final IOException e) {
            if (troubles != null) {
                troubles.closeFailed(e);
            }
        }
    }

    @Override
    public final Path setAside(final String suffix) throws IOException {
        if (look() != Fate.IN_PLACE) { // Otherwise it would move a file of another process.
            openOthers();
            return null;
        }
        final Path wanted = AsideName.of(path(), suffix);
        Path aside = wanted;
        for (int i = 2; file.exists(aside) && i <= ASIDE_TRIES_MAX; i++) {
            aside = Path.of(wanted + "-" + i);
        }
        file.rename(path(), aside);
        boolean isReopened = false;
        try {
            reopen();
            isReopened = true;
        } finally {
            if (!isReopened) {
                takeBack(aside);
            }
        }
        isAnother = true;
        return aside;
    }

    private void takeBack(final Path aside) {
        try {
            file.rename(aside, path());
        } catch (final IOException e) {
            return; // Then it keeps that name. What kept the next file from being opened is thrown.
        }
    }

    /** Opens what another process has put at the path, unless that may be the file that was to be set aside. */
    private void openOthers() throws IOException {
        final F other = file.openOther(path(), true);
        if (!other.isCreated && (other.isSameFile(file) || other.look() != Fate.IN_PLACE)) {
            other.close(); // Nothing was written by it.
            throw new IOException("it is not certain that " + path() + " is another file now");
        }
        change(other);
        isAnother = true;
    }

    @Override
    public final LeftFile keep() throws IOException {
        return new Kept(file.again(), file.path.getParent());
    }

    private final class Kept implements LeftFile {
        private final OpenedFile.Again again;
        private final Path directory;

        Kept(final OpenedFile.Again again, final Path directory) {
            this.again = again;
            this.directory = directory;
        }

        @Override
        public void sync() throws IOException {
            again.sync();
            directories.grown(directory);
        }

        @Override
        public void close() {
            FileLife.this.close(again);
        }
    }

    @Override
    public final boolean areNamesSynced() {
        return directories.areSynced();
    }

    @Override
    public final String syncNames() throws IOException {
        return directories.sync();
    }

    @Override
    public final void grown(final Path directory) {
        directories.grown(directory);
    }

    @Override
    public final void movedTo(final Path directory) {
        directories.movedTo(directory);
    }

    @Override
    public final void leaveNames() {
        directories.leaveUnsynced();
    }

    @Override
    public final boolean isOpen() {
        return isOpen;
    }

    @Override
    public final boolean isCreated() {
        return file.isCreated;
    }

    @Override
    public final boolean isAnother() {
        return isAnother;
    }

    @Override
    public final Path path() {
        return file.path;
    }

    @Override
    public final Fate look() throws IOException {
        return file.isRegular() ? file.look() : Fate.IN_PLACE; // No process rotates a device.
    }

    @Override
    public final long size() {
        return file.size;
    }

    @Override
    public final long initialSize() {
        return initialSize;
    }
}
