package dev.uringlog.sys;

/** Another kernel, passed through: a test overrides the one call it wants to watch or to break. */
public class ForwardingSyscalls implements Syscalls {
    private final Syscalls delegate;

    public ForwardingSyscalls(final Syscalls delegate) {
        this.delegate = delegate;
    }

    @Override
    public int open(final String path, final int flags, final int mode) {
        return delegate.open(path, flags, mode);
    }

    @Override
    public int close(final int fd) {
        return delegate.close(fd);
    }

    @Override
    public int duplicate(final int fd) {
        return delegate.duplicate(fd);
    }

    @Override
    public long writev(final int fd, final long iovecAddress, final int iovecCount) {
        return delegate.writev(fd, iovecAddress, iovecCount);
    }

    @Override
    public int fdatasync(final int fd) {
        return delegate.fdatasync(fd);
    }

    @Override
    public int fsync(final int fd) {
        return delegate.fsync(fd);
    }

    @Override
    public int rename(final String from, final String to) {
        return delegate.rename(from, to);
    }

    @Override
    public int fstat(final int fd, final FileStatus status) {
        return delegate.fstat(fd, status);
    }

    @Override
    public int lstat(final String path, final FileStatus status) {
        return delegate.lstat(path, status);
    }

    @Override
    public int fchmod(final int fd, final int mode) {
        return delegate.fchmod(fd, mode);
    }

    @Override
    public int ioUringSetup(final int entries, final long paramsAddress) {
        return delegate.ioUringSetup(entries, paramsAddress);
    }

    @Override
    public int ioUringEnter(final int ringFd, final int toSubmit, final int minComplete, final int flags) {
        return delegate.ioUringEnter(ringFd, toSubmit, minComplete, flags);
    }

    @Override
    public int ioUringRegister(final int ringFd, final int opcode, final long argAddress, final int argCount) {
        return delegate.ioUringRegister(ringFd, opcode, argAddress, argCount);
    }

    @Override
    public int eventfd() {
        return delegate.eventfd();
    }

    @Override
    public int ppoll(final long pollfdAddress, final long timespecAddress) {
        return delegate.ppoll(pollfdAddress, timespecAddress);
    }

    @Override
    public long read(final int fd, final long address, final long count) {
        return delegate.read(fd, address, count);
    }

    @Override
    public long mmap(final long length, final int fd, final long offset) {
        return delegate.mmap(length, fd, offset);
    }

    @Override
    public int munmap(final long address, final long length) {
        return delegate.munmap(address, length);
    }
}
