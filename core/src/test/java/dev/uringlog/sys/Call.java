package dev.uringlog.sys;

/** What the fake kernel can be asked to do, and can fail at: the seam's calls and, apart, what a ring executes. */
public enum Call {
    OPEN,
    CLOSE,
    DUPLICATE,
    WRITEV,
    FDATASYNC,
    FSYNC,
    RENAME,
    FSTAT,
    LSTAT,
    FCHMOD,
    IO_URING_SETUP,
    IO_URING_ENTER,
    IO_URING_REGISTER,
    EVENTFD,
    PPOLL,
    READ,
    MMAP,
    MUNMAP,
    /** A writev that io_uring executes: its failure is a completion's result. */
    SQE_WRITEV,
    /** An fsync that io_uring executes: its failure is a completion's result. */
    SQE_FSYNC
}
