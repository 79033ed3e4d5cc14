package dev.uringlog.uring;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The producer side of the submission queue. Without SQPOLL the kernel reads the queue only inside io_uring_enter. The
 * accesses are ordered nevertheless, because the thread that enters may differ from the thread that filled the entry.
 */
public final class SubmissionQueue {
    private static final VarHandle INT = MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.nativeOrder());

    private final ByteBuffer ring;
    private final ByteBuffer sqes;
    private final int headOffset;
    private final int tailOffset;
    private final int entryCount;
    private int tail;

    SubmissionQueue(final ByteBuffer ring, final ByteBuffer sqes, final ByteBuffer params) {
        this.ring = ring;
        this.sqes = sqes;
        headOffset = params.getInt(Params.SQ_OFF_HEAD);
        tailOffset = params.getInt(Params.SQ_OFF_TAIL);
        entryCount = params.getInt(Params.SQ_ENTRIES);
        tail = ring.getInt(tailOffset);
        // Array slot i always refers to entry i, so the indirection is written once.
        final int array = params.getInt(Params.SQ_OFF_ARRAY);
        for (int i = 0; i < entryCount; i++) {
            ring.putInt(array + i * Integer.BYTES, i);
        }
    }

    /**
     * Queues a writev at the file's current position.
     *
     * @param fd the file
     * @param iovecAddress the address of the first iovec
     * @param iovecCount how many follow, 0…1024
     * @param userData comes back in the completion
     * @return false if the queue is full
     */
    public boolean offerWritev(final int fd, final long iovecAddress, final int iovecCount, final long userData) {
        if (pending() == entryCount) {
            return false;
        }
        Sqe.encodeWritev(sqes, nextSqe(), fd, iovecAddress, iovecCount, userData);
        publish();
        return true;
    }

    /**
     * Queues an fdatasync.
     *
     * @param fd the file
     * @param userData comes back in the completion
     * @return false if the queue is full
     */
    public boolean offerFdatasync(final int fd, final long userData) {
        if (pending() == entryCount) {
            return false;
        }
        Sqe.encodeFdatasync(sqes, nextSqe(), fd, userData);
        publish();
        return true;
    }

    /** Queues an operation without arguments. For tests of how the kernel handles it. */
    boolean offer(final byte opcode, final int fd, final long userData) {
        if (pending() == entryCount) {
            return false;
        }
        Sqe.encode(sqes, nextSqe(), opcode, fd, userData);
        publish();
        return true;
    }

    private int nextSqe() {
        return (tail & (entryCount - 1)) * Sqe.SIZE;
    }

    private void publish() {
        // Release: the entry is complete before the kernel's acquire of tail can see it.
        INT.setRelease(ring, tailOffset, ++tail);
    }

    /**
     * The count of queued entries that the kernel has not taken yet. The next enter has to submit them.
     *
     * @return 0 if the kernel has taken every entry
     */
    public int pending() {
        // Acquire: pairs with the kernel's release of head; it has read an entry before it moves head past it.
        return tail - (int) INT.getAcquire(ring, headOffset);
    }

    /** Withdraws every entry that the kernel has not taken. No thread may be inside io_uring_enter during this call. */
    public void rewind() {
        tail -= pending();
        // Release: pairs with the kernel's acquire of tail at the next enter, if there is one.
        INT.setRelease(ring, tailOffset, tail);
    }
}
