package dev.uringlog.file;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A file as one tier has opened it.
 *
 * @param <F> the tier's own class
 */
abstract class OpenedFile<F extends OpenedFile<F>> implements Closeable {
    final Path path;

    /** Whether this opening made the file. */
    final boolean isCreated;

    /** Why the file has another mode than it should have, or null. */
    final String modeRefusal;

    /** Bytes in the file as far as this process knows. */
    long size;

    OpenedFile(final Path path, final boolean isCreated, final String modeRefusal, final long size) {
        this.path = path;
        this.isCreated = isCreated;
        this.modeRefusal = modeRefusal;
        this.size = size;
    }

    /** Opens another file in the same way. This one stays open. */
    abstract F openOther(Path other, boolean append) throws IOException;

    /** The same file, open until it is closed itself. */
    interface Again extends Closeable {
        void sync() throws IOException;
    }

    /** Returns the same file, to sync it once this one is closed. */
    abstract Again again() throws IOException;

    /** False for a FIFO or a device. */
    abstract boolean isRegular();

    abstract boolean isSameFile(F other);

    /** Asks the file system what has become of a regular file, and takes its size over. */
    abstract CurrentFile.Fate look() throws IOException;

    abstract boolean exists(Path other);

    abstract void rename(Path from, Path to) throws IOException;

    /** Permission bits; 0 where there are none, or they cannot be read. */
    abstract int mode(Path of);

    abstract void syncDirectory(Path directory) throws IOException;
}
