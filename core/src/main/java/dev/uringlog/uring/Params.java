package dev.uringlog.uring;

/**
 * The layout of {@code struct io_uring_params} with its {@code io_sqring_offsets} and {@code io_cqring_offsets}, its setup
 * flags and its feature bits.
 */
public final class Params {
    /** sizeof(struct io_uring_params). */
    public static final int SIZE = 120;

    /** Offset of sq_entries. */
    public static final int SQ_ENTRIES = 0;
    /** Offset of cq_entries. */
    public static final int CQ_ENTRIES = 4;
    /** Offset of flags. */
    public static final int FLAGS = 8;
    /** Offset of features. */
    public static final int FEATURES = 20;
    /** Offset of sq_off.head. */
    public static final int SQ_OFF_HEAD = 40;
    /** Offset of sq_off.tail. */
    public static final int SQ_OFF_TAIL = 44;
    /** Offset of sq_off.array. */
    public static final int SQ_OFF_ARRAY = 64;
    /** Offset of cq_off.head. */
    public static final int CQ_OFF_HEAD = 80;
    /** Offset of cq_off.tail. */
    public static final int CQ_OFF_TAIL = 84;
    /** Offset of cq_off.cqes. */
    public static final int CQ_OFF_CQES = 100;

    /** Limit the requested entries to the kernel's maximum (5.6). */
    public static final int IORING_SETUP_CLAMP = 1 << 4;
    /** Create the ring disabled, so that restrictions can be registered first (5.10). */
    public static final int IORING_SETUP_R_DISABLED = 1 << 6;
    /** Continue submitting after an entry that fails (5.18). */
    public static final int IORING_SETUP_SUBMIT_ALL = 1 << 7;
    /** Run completions at the next system call instead of interrupting the task (5.19). */
    public static final int IORING_SETUP_COOP_TASKRUN = 1 << 8;

    /** Both rings share one mapping (5.4). */
    public static final int IORING_FEAT_SINGLE_MMAP = 1;
    /** The kernel keeps completions while the completion queue is full (5.5). */
    public static final int IORING_FEAT_NODROP = 1 << 1;
    /** The iovec array may be reused once the entry is submitted; the memory that it points to may not (5.5). */
    public static final int IORING_FEAT_SUBMIT_STABLE = 1 << 2;
    /** Offset −1 writes at the file's current position (5.6). */
    public static final int IORING_FEAT_RW_CUR_POS = 1 << 3;
    /** io_uring_enter takes an extended argument (5.11). */
    public static final int IORING_FEAT_EXT_ARG = 1 << 8;
    /** Workers are threads of the submitting process, with its credentials (5.12). */
    public static final int IORING_FEAT_NATIVE_WORKERS = 1 << 9;

    private Params() {}
}
