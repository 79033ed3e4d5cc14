package dev.uringlog.uring;

/** The layout of {@code struct io_uring_cqe}, one completion. */
public final class Cqe {
    /** sizeof(struct io_uring_cqe). */
    public static final int SIZE = 16;

    /** Offset of user_data, copied from the submission. */
    public static final int USER_DATA = 0;
    /** Offset of res: what the system call of the same name would return, or {@code -errno}. */
    public static final int RES = 8;

    private Cqe() {}
}
