package dev.uringlog.uring;

import dev.uringlog.sys.NativeMemory;
import java.nio.ByteBuffer;

/** The layout of {@code struct io_uring_restriction}, and the restrictions of every ring that this library opens. */
final class Restriction {
    /** sizeof(struct io_uring_restriction). */
    static final int SIZE = 16;
    /** The count of entries that {@link #allowed} returns. */
    static final int COUNT = 2;

    static final int IORING_REGISTER_EVENTFD = 4;
    static final int IORING_REGISTER_RESTRICTIONS = 11;
    static final int IORING_REGISTER_ENABLE_RINGS = 12;

    private static final int OPCODE = 0;
    private static final int OPERAND = 2;
    private static final short IORING_RESTRICTION_SQE_OP = 1;

    private Restriction() {}

    /** Allows writing and syncing, without flags. Other code that obtains the ring's descriptor can only write and sync. */
    static ByteBuffer allowed() {
        final ByteBuffer restrictions = NativeMemory.allocate(COUNT * SIZE, Long.BYTES);
        encode(restrictions, 0, Sqe.IORING_OP_WRITEV);
        encode(restrictions, 1, Sqe.IORING_OP_FSYNC);
        return restrictions;
    }

    private static void encode(final ByteBuffer restrictions, final int index, final byte operation) {
        restrictions.putShort(index * SIZE + OPCODE, IORING_RESTRICTION_SQE_OP);
        restrictions.put(index * SIZE + OPERAND, operation);
    }
}
