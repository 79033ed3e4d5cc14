package dev.uringlog.append;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Where batches go: a file, by one tier or another. Used by one thread at a time. */
interface Sink {
    /**
     * Writes, at the file's end, what remains in both parts, as one submission.
     *
     * @param parts advanced by what was written
     * @return bytes written, perhaps fewer than remained
     */
    long write(ByteBuffer[] parts) throws IOException;

    /** Opens the file anew at its path; the old one is closed. */
    void reopen() throws IOException;

    /** How bytes reach the kernel: a strategy's label, or {@code java}. */
    String label();

    /** Why the strategy was left for a lesser one since it was chosen, or null. */
    String degradation();

    /** Whether, since last asked, a write failed whose memory the kernel may still read. */
    boolean takeQuarantine();

    /** Bytes in the file when it was opened. */
    long initialSize();

    /** Closes the file. Idempotent. */
    void close() throws IOException;
}
