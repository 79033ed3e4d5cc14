package dev.uringlog.uring;

import dev.uringlog.sys.FileStatus;
import dev.uringlog.sys.Syscalls;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Runtime;

public final class ScratchSyscalls implements Syscalls {
    public interface LibC {
        int open(String path, int flags, int mode);

        int close(int fd);

        long writev(int fd, long a, int n);

        int fdatasync(int fd);

        int fsync(int fd);

        int munmap(long a, long l);

        long syscall(long nr, long a, long b, long c, long d, long e, long f);
    }

    @jnr.ffi.provider.jffi.NoX86
    public interface Six {
        long syscall(long nr, long a, long b, long c, long d, long e);
    }

    private final Six six = LibraryLoader.create(Six.class).load("c");
    private final LibC c = LibraryLoader.create(LibC.class).load("c");
    private final Runtime rt = Runtime.getRuntime(c);

    private long e(final long r) {
        return r == -1 ? -rt.getLastError() : r;
    }

    public int open(final String p, final int f, final int m) {
        return (int) e(c.open(p, f, m));
    }

    public int close(final int fd) {
        return (int) e(c.close(fd));
    }

    public long writev(final int fd, final long a, final int n) {
        return e(c.writev(fd, a, n));
    }

    public int fdatasync(final int fd) {
        return (int) e(c.fdatasync(fd));
    }

    public int fsync(final int fd) {
        return (int) e(c.fsync(fd));
    }

    public int fstat(final int fd, final FileStatus s) {
        throw new AssertionError();
    }

    public int lstat(final String fd, final FileStatus s) {
        throw new AssertionError();
    }

    public int fchmod(final int fd, final int s) {
        throw new AssertionError();
    }

    public int ioUringSetup(final int n, final long p) {
        return (int) e(c.syscall(425, n, p, 0, 0, 0, 0));
    }

    public int ioUringEnter(final int fd, final int s, final int m, final int f) {
        return (int) e(six.syscall(426, fd, s, m, f, 0));
    }

    public int ioUringRegister(final int fd, final int op, final long a, final int n) {
        return (int) e(c.syscall(427, fd, op, a, n, 0, 0));
    }

    public long mmap(final long l, final int fd, final long off) {
        return e(c.syscall(9, 0, l, 3, 0x8001, fd, off));
    }

    public int munmap(final long a, final long l) {
        return (int) e(c.munmap(a, l));
    }
}
