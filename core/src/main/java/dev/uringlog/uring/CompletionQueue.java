package dev.uringlog.uring;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The consumer side of the completion queue. Completions may arrive in any order. */
public final class CompletionQueue {
    private static final VarHandle INT = MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.nativeOrder());

    private final ByteBuffer ring;
    private final int headOffset;
    private final int tailOffset;
    private final int cqesOffset;
    private final int entryCount;
    private int head;
    private long userData;
    private int result;

    CompletionQueue(final ByteBuffer ring, final ByteBuffer params) {
        this.ring = ring;
        headOffset = params.getInt(Params.CQ_OFF_HEAD);
        tailOffset = params.getInt(Params.CQ_OFF_TAIL);
        cqesOffset = params.getInt(Params.CQ_OFF_CQES);
        entryCount = params.getInt(Params.CQ_ENTRIES);
        head = ring.getInt(headOffset);
    }

    /**
     * Whether a completion is available.
     *
     * @return true if {@link #poll} would take one
     */
    public boolean hasNext() {
        return head != (int) INT.getAcquire(ring, tailOffset);
    }

    /**
     * Takes the next completion, if one is available, into {@link #userData()} and {@link #result()}.
     *
     * @return false if none is available
     */
    public boolean poll() {
        // Acquire: pairs with the kernel's release of tail; the entry's fields are seen whole.
        if (head == (int) INT.getAcquire(ring, tailOffset)) {
            return false;
        }
        final int cqe = cqesOffset + (head & (entryCount - 1)) * Cqe.SIZE;
        userData = ring.getLong(cqe + Cqe.USER_DATA);
        result = ring.getInt(cqe + Cqe.RES);
        // Release: pairs with the kernel's acquire of head; it may overwrite the entry only now that it has been read.
        INT.setRelease(ring, headOffset, ++head);
        return true;
    }

    /**
     * Takes completions up to and including the wanted one. Discards the others, because no caller waits for them any more.
     *
     * @param wantedUserData the submission's user_data
     * @return true if it was found; then {@link #result()} is its result
     */
    public boolean pollFor(final long wantedUserData) {
        while (poll()) {
            if (userData == wantedUserData) {
                return true;
            }
        }
        return false;
    }

    /**
     * Identifies the completion taken last.
     *
     * @return the submission's user_data
     */
    public long userData() {
        return userData;
    }

    /**
     * The result of the completion taken last.
     *
     * @return a count, or {@code -errno}
     */
    public int result() {
        return result;
    }
}
