package dev.uringlog.file;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Writes batches to the file of a log and syncs it, through one tier or another. Used by one thread at a time. */
public interface Sink extends CurrentFile {
    /**
     * Writes, at the file's end, what remains in both parts, as one submission.
     *
     * @param parts two; advanced by what was written
     * @return bytes written, perhaps fewer than remained. If the sink is not open any more, an interrupt has closed the file
     * @throws IOException if it failed, see {@link FaultPolicy}; the parts then stand after what was written
     */
    long write(ByteBuffer[] parts) throws IOException;

    /**
     * How much is to be written.
     *
     * @param parts two
     * @return bytes that remain in both
     */
    static long remaining(final ByteBuffer[] parts) {
        return (long) parts[0].remaining() + parts[1].remaining();
    }

    /**
     * Waits until what was written is on stable storage.
     *
     * @throws IOException if it failed; then believe no later success on this file
     */
    void sync() throws IOException;

    /**
     * Syncs in the background.
     *
     * @return null if this sink has none
     */
    default SyncQueue syncs() {
        return null;
    }

    /**
     * Whether an interrupt harms a thread that writes or syncs. Then only a thread that is never interrupted may.
     *
     * @return false if the kernel is called directly
     */
    default boolean isInterruptible() {
        return false;
    }

    /**
     * How bytes reach the kernel.
     *
     * @return a strategy's label, or {@code java}
     */
    String label();

    /**
     * Why a lesser strategy has replaced the one that was chosen.
     *
     * @return one line, or null
     */
    String degradation();

    /**
     * Whether, since the last call, a write failed whose memory the kernel may still read.
     *
     * @return true once after such a write
     */
    boolean takeQuarantine();

    /**
     * Closes the file and everything else. Idempotent.
     *
     * @throws IOException if the file system reports an error only now
     */
    void close() throws IOException;
}
