package dev.uringlog.uring;

import java.nio.ByteBuffer;

/** The layout of {@code struct io_uring_sqe}, one submission, and the operations this library submits. */
public final class Sqe {
    /** sizeof(struct io_uring_sqe). */
    public static final int SIZE = 64;

    /** Offset of opcode, a byte. */
    public static final int OPCODE = 0;
    /** Offset of flags, a byte: IOSQE_*. */
    public static final int FLAGS = 1;
    /** Offset of fd. */
    public static final int FD = 4;
    /** Offset of off, the file offset. */
    public static final int OFF = 8;
    /** Offset of addr: the iovec array. */
    public static final int ADDR = 16;
    /** Offset of len: the count of iovecs. */
    public static final int LEN = 24;
    /** Offset of fsync_flags, which is shared with the flags of other operations. */
    public static final int FSYNC_FLAGS = 28;
    /** Offset of user_data, which the kernel copies to the completion. */
    public static final int USER_DATA = 32;

    /** No operation. Never submitted; a ring's restrictions forbid it. */
    public static final byte IORING_OP_NOP = 0;
    /** writev(2). */
    public static final byte IORING_OP_WRITEV = 2;
    /** fsync(2). */
    public static final byte IORING_OP_FSYNC = 3;
    /** An fsync flag: sync only what is needed to read the data back, as fdatasync(2) does. */
    public static final int IORING_FSYNC_DATASYNC = 1;

    /** Write at the file's current position (its end, with O_APPEND), as writev(2) does. */
    public static final long CURRENT_POSITION = -1;

    private Sqe() {}

    /**
     * Fills one entry with a writev.
     *
     * @param sqes the entries
     * @param sqe the entry's offset in bytes
     * @param fd the file
     * @param iovecAddress the address of the first iovec
     * @param iovecCount how many follow
     * @param userData comes back in the completion
     */
    static void encodeWritev(
            final ByteBuffer sqes,
            final int sqe,
            final int fd,
            final long iovecAddress,
            final int iovecCount,
            final long userData) {
        encode(sqes, sqe, IORING_OP_WRITEV, fd, userData);
        sqes.putLong(sqe + OFF, CURRENT_POSITION);
        sqes.putLong(sqe + ADDR, iovecAddress);
        sqes.putInt(sqe + LEN, iovecCount);
    }

    /**
     * Fills one entry with an fdatasync.
     *
     * @param sqes the entries
     * @param sqe the entry's offset in bytes
     * @param fd the file
     * @param userData comes back in the completion
     */
    static void encodeFdatasync(final ByteBuffer sqes, final int sqe, final int fd, final long userData) {
        encode(sqes, sqe, IORING_OP_FSYNC, fd, userData);
        sqes.putInt(sqe + FSYNC_FLAGS, IORING_FSYNC_DATASYNC);
    }

    /** Fills one entry with an operation that takes no argument. Zeroes the rest of the entry. */
    static void encode(final ByteBuffer sqes, final int sqe, final byte opcode, final int fd, final long userData) {
        // The kernel refuses an entry whose unused fields are not zero, and this slot still contains an older entry.
        for (int word = 0; word < SIZE; word += Long.BYTES) {
            sqes.putLong(sqe + word, 0);
        }
        sqes.put(sqe + OPCODE, opcode);
        sqes.putInt(sqe + FD, fd);
        sqes.putLong(sqe + USER_DATA, userData);
    }
}
