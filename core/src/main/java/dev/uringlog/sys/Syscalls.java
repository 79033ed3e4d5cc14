package dev.uringlog.sys;

/**
 * The kernel as this library sees it. All system calls go through this interface.
 *
 * <p>Each call returns a count, a handle or an address, or {@code -errno}; none throws. Addresses are native addresses. The
 * caller keeps the memory alive until the call has returned. If a submission queue entry refers to the memory, the caller
 * keeps it alive until the completion has been reaped. Any thread may make any call.
 */
public interface Syscalls {

    /**
     * open(2).
     *
     * @param path the file's path
     * @param flags open flags in this platform's own numbers
     * @param mode permission bits of a created file, before the umask
     * @return a file descriptor, or {@code -errno}
     */
    int open(String path, int flags, int mode);

    /**
     * close(2). Never repeat it on EINTR: the descriptor is already closed.
     *
     * @param fd a descriptor
     * @return 0, or {@code -errno}
     */
    int close(int fd);

    /**
     * fcntl(2), F_DUPFD_CLOEXEC: another descriptor of the same open file description.
     *
     * @param fd a descriptor
     * @return a descriptor, or {@code -errno}
     */
    int duplicate(int fd);

    /**
     * writev(2).
     *
     * @param fd a descriptor
     * @param iovecAddress the address of the first iovec
     * @param iovecCount how many iovecs follow, 1…1024
     * @return the count of bytes written, possibly short, or {@code -errno}
     */
    long writev(int fd, long iovecAddress, int iovecCount);

    /**
     * fdatasync(2). On Darwin F_FULLFSYNC, or fsync(2) if the file system does not support that.
     *
     * @param fd a descriptor
     * @return 0, or {@code -errno}
     */
    int fdatasync(int fd);

    /**
     * fsync(2). On a directory's descriptor it makes the directory's entries durable.
     *
     * @param fd a descriptor
     * @return 0, or {@code -errno}
     */
    int fsync(int fd);

    /**
     * rename(2). Replaces a file that has the new name.
     *
     * @param from a path
     * @param to a path in the same file system
     * @return 0, or {@code -errno}
     */
    int rename(String from, String to);

    /**
     * fstat(2).
     *
     * @param fd a descriptor
     * @param status filled on success
     * @return 0, or {@code -errno}
     */
    int fstat(int fd, FileStatus status);

    /**
     * lstat(2). Describes the path itself, not the target of a symbolic link.
     *
     * @param path a path
     * @param status filled on success
     * @return 0, or {@code -errno}
     */
    int lstat(String path, FileStatus status);

    /**
     * fchmod(2).
     *
     * @param fd a descriptor
     * @param mode permission bits
     * @return 0, or {@code -errno}
     */
    int fchmod(int fd, int mode);

    /**
     * io_uring_setup(2).
     *
     * @param entries requested submission queue entries
     * @param paramsAddress the address of a zeroed {@code struct io_uring_params}, filled by the kernel
     * @return the ring's descriptor, or {@code -errno}
     */
    int ioUringSetup(int entries, long paramsAddress);

    /**
     * io_uring_enter(2) without a signal mask or extended argument.
     *
     * @param ringFd the ring's descriptor
     * @param toSubmit entries to submit
     * @param minComplete completions to wait for, with IORING_ENTER_GETEVENTS
     * @param flags IORING_ENTER_* flags
     * @return entries consumed, or {@code -errno}
     */
    int ioUringEnter(int ringFd, int toSubmit, int minComplete, int flags);

    /**
     * io_uring_register(2).
     *
     * @param ringFd the ring's descriptor
     * @param opcode IORING_REGISTER_* opcode
     * @param argAddress the argument's address, or 0
     * @param argCount the argument's count
     * @return 0 or more, or {@code -errno}
     */
    int ioUringRegister(int ringFd, int opcode, long argAddress, int argCount);

    /**
     * eventfd(2), close-on-exec and non-blocking, with an initial count of 0.
     *
     * @return a descriptor, or {@code -errno}
     */
    int eventfd();

    /**
     * ppoll(2) on one descriptor, without a signal mask. A signal ends the wait.
     *
     * @param pollfdAddress the address of a {@code struct pollfd}
     * @param timespecAddress the address of a {@code struct timespec} with the timeout; 0 for no timeout
     * @return 1 if there is an event, 0 after the timeout, or {@code -errno}
     */
    int ppoll(long pollfdAddress, long timespecAddress);

    /**
     * read(2).
     *
     * @param fd a descriptor
     * @param address where the bytes go
     * @param count how many at most
     * @return the count of bytes read, or {@code -errno}
     */
    long read(int fd, long address, long count);

    /**
     * mmap(2), shared, readable and writable, populated. This library maps only io_uring rings.
     *
     * @param length bytes to map
     * @param fd the ring's descriptor
     * @param offset IORING_OFF_* offset
     * @return the address, or {@code -errno}
     */
    long mmap(long length, int fd, long offset);

    /**
     * munmap(2).
     *
     * @param address a mapping's address
     * @param length its length in bytes
     * @return 0, or {@code -errno}
     */
    int munmap(long address, long length);
}
