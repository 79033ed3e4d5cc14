package dev.uringlog.file;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Where batches go: a file, by one tier or another. Used by one thread at a time. */
public interface Sink {
    /**
     * Writes, at the file's end, what remains in both parts, as one submission.
     *
     * @param parts two; advanced by what was written
     * @return bytes written, perhaps fewer than remained
     * @throws IOException if it failed, see {@link FaultPolicy}; the parts then stand after what was written
     */
    long write(ByteBuffer[] parts) throws IOException;

    /**
     * Opens the file anew at its path; the old one is closed.
     *
     * @throws IOException if it cannot be opened; the old one stays
     */
    void reopen() throws IOException;

    /**
     * How bytes reach the kernel.
     *
     * @return a strategy's label, or {@code java}
     */
    String label();

    /**
     * Why the strategy was left for a lesser one since it was chosen.
     *
     * @return one line, or null
     */
    String degradation();

    /**
     * Whether, since last asked, a write failed whose memory the kernel may still read.
     *
     * @return true once after such a write
     */
    boolean takeQuarantine();

    /**
     * Bytes in the file when it was opened.
     *
     * @return 0 for a new or emptied one
     */
    long initialSize();

    /**
     * Closes the file. Idempotent.
     *
     * @throws IOException if the file system reports an error only now
     */
    void close() throws IOException;
}
