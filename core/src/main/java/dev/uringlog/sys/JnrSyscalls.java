package dev.uringlog.sys;

import dev.uringlog.sys.Errno.Family;
import java.nio.charset.Charset;
import java.util.Arrays;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Runtime;
import jnr.ffi.annotations.Variadic;
import jnr.ffi.provider.jffi.NoX86;

/**
 * The real implementation: calls the C library through JNR-FFI.
 *
 * <p>For a method with exactly six integer arguments, JNR's x86-64 stubs pass garbage as the sixth. A call with seven
 * arguments allocates a buffer for them. So only mmap calls syscall(2) with seven arguments. Calls with fewer, some of them
 * made for every batch, use six arguments on an interface that is excluded from those stubs.
 */
final class JnrSyscalls implements Syscalls {
    /** C library functions with the same signature on every platform. JNR requires a public interface. */
    public interface LibC {
        int open(byte[] path, int flags, @Variadic(fixedCount = 2) int mode);

        int close(int fd);

        int fcntl(int fd, int command, @Variadic(fixedCount = 2) int argument);

        long writev(int fd, long iovec, int count);

        int fsync(int fd);

        int fchmod(int fd, int mode);

        int rename(byte[] from, byte[] to);

        int munmap(long address, long length);

        long read(int fd, long address, long count);
    }

    /** Linux only. */
    public interface LinuxLibC {
        int fdatasync(int fd);

        int eventfd(int count, int flags);

        int ppoll(long pollfd, long count, long timespec, long mask);

        long syscall(long number, long a, long b, long c, long d, long e, long f);
    }

    /** Linux: for calls that are made for each batch and must not allocate. */
    @NoX86
    public interface SixArgumentLibC {
        long syscall(long number, long a, long b, long c, long d, long e);
    }

    /** Other platforms. Some may lack a symbol; JNR looks each one up at its first call. */
    public interface BsdLibC {
        int fdatasync(int fd);

        int fstat(int fd, long status);

        int lstat(byte[] path, long status);
    }

    /** Darwin on x86-64, whose plain fstat still has 32-bit inodes. */
    public interface Inode64LibC {
        int fstat$INODE64(int fd, long status);

        int lstat$INODE64(byte[] path, long status);
    }

    /** NetBSD, whose plain fstat is that of NetBSD 4. */
    public interface NetBsdLibC {
        int __fstat50(int fd, long status);

        int __lstat50(byte[] path, long status);
    }

    private static final int IO_URING_SETUP = 425;
    private static final int IO_URING_ENTER = 426;
    private static final int IO_URING_REGISTER = 427;
    private static final int PROT_READ_WRITE = 3;
    private static final int MAP_SHARED_POPULATE = 0x8001;
    private static final int AT_FDCWD = -100;
    private static final int AT_SYMLINK_NOFOLLOW = 0x100;
    private static final int F_FULLFSYNC = 51;
    private static final int EFD_CLOEXEC_NONBLOCK = 0x80800;

    /** The encoding that Java itself uses for paths. */
    private static final Charset PATHS = Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));

    private final Platform platform;
    private final LibC c;
    private final LinuxLibC linux;
    private final SixArgumentLibC six;
    private final BsdLibC bsd;
    private final Inode64LibC inode64;
    private final NetBsdLibC netbsd;
    private final Runtime runtime;

    JnrSyscalls(final Platform platform) {
        this.platform = platform;
        c = load(LibC.class);
        final boolean isLinux = platform.family() == Family.LINUX;
        final boolean isX86Darwin = platform.family() == Family.DARWIN
                && System.getProperty("os.arch").contains("64")
                && !System.getProperty("os.arch").startsWith("a");
        linux = isLinux ? load(LinuxLibC.class) : null;
        six = isLinux ? load(SixArgumentLibC.class) : null;
        bsd = isLinux ? null : load(BsdLibC.class);
        inode64 = isX86Darwin ? load(Inode64LibC.class) : null;
        netbsd = platform.family() == Family.NETBSD ? load(NetBsdLibC.class) : null;
        runtime = Runtime.getRuntime(c);
    }

    private static <T> T load(final Class<T> library) {
        return LibraryLoader.create(library).load("c");
    }

    /** Returns the result, or -errno. JNR saves errno per thread as part of the call. */
    private long checked(final long result) {
        return result == -1 ? -runtime.getLastError() : result;
    }

    private int checked(final int result) {
        return result == -1 ? -runtime.getLastError() : result;
    }

    private long syscall(final long number, final long a, final long b, final long c3, final long d) {
        return checked(six.syscall(number, a, b, c3, d, 0));
    }

    static byte[] terminated(final String path) {
        final byte[] bytes = path.getBytes(PATHS);
        return Arrays.copyOf(bytes, bytes.length + 1);
    }

    @Override
    public int open(final String path, final int flags, final int mode) {
        return checked(c.open(terminated(path), flags, mode));
    }

    @Override
    public int close(final int fd) {
        return checked(c.close(fd));
    }

    @Override
    public int duplicate(final int fd) {
        return checked(c.fcntl(fd, platform.duplicateCommand(), 0));
    }

    @Override
    public long writev(final int fd, final long iovecAddress, final int iovecCount) {
        return checked(c.writev(fd, iovecAddress, iovecCount));
    }

    @Override
    public int fdatasync(final int fd) {
        if (linux != null) {
            return checked(linux.fdatasync(fd));
        }
        if (platform.family() != Family.DARWIN) {
            return checked(bsd.fdatasync(fd));
        }
        // On Darwin only F_FULLFSYNC reaches the medium. File systems without it return an error; then fsync is the
        // best available.
        return c.fcntl(fd, F_FULLFSYNC, 0) == 0 ? 0 : fsync(fd);
    }

    @Override
    public int fsync(final int fd) {
        return checked(c.fsync(fd));
    }

    @Override
    public int rename(final String from, final String to) {
        return checked(c.rename(terminated(from), terminated(to)));
    }

    @Override
    public int fchmod(final int fd, final int mode) {
        return checked(c.fchmod(fd, mode));
    }

    @Override
    public int fstat(final int fd, final FileStatus status) {
        final long address = NativeMemory.address(status.memory());
        final long result;
        if (linux != null) {
            result = syscall(platform.calls().fstat(), fd, address, 0, 0);
        } else if (inode64 != null) {
            result = checked(inode64.fstat$INODE64(fd, address));
        } else {
            result = checked(netbsd != null ? netbsd.__fstat50(fd, address) : bsd.fstat(fd, address));
        }
        return read(status, (int) result);
    }

    @Override
    public int lstat(final String path, final FileStatus status) {
        final long address = NativeMemory.address(status.memory());
        final long result;
        if (linux != null) {
            final long name = NativeMemory.address(status.name(path));
            result = syscall(platform.calls().newfstatat(), AT_FDCWD, name, address, AT_SYMLINK_NOFOLLOW);
        } else if (inode64 != null) {
            result = checked(inode64.lstat$INODE64(terminated(path), address));
        } else {
            result = checked(
                    netbsd != null
                            ? netbsd.__lstat50(terminated(path), address)
                            : bsd.lstat(terminated(path), address));
        }
        return read(status, (int) result);
    }

    private int read(final FileStatus status, final int result) {
        if (result == 0) {
            platform.stat().read(status.memory(), status);
        }
        return result;
    }

    @Override
    public int ioUringSetup(final int entries, final long paramsAddress) {
        return (int) syscall(IO_URING_SETUP, entries, paramsAddress, 0, 0);
    }

    @Override
    public int ioUringEnter(final int ringFd, final int toSubmit, final int minComplete, final int flags) {
        // The fifth argument, a signal mask, is null, so the kernel ignores the sixth, its size.
        return (int) checked(six.syscall(IO_URING_ENTER, ringFd, toSubmit, minComplete, flags, 0));
    }

    @Override
    public int ioUringRegister(final int ringFd, final int opcode, final long argAddress, final int argCount) {
        return (int) syscall(IO_URING_REGISTER, ringFd, opcode, argAddress, argCount);
    }

    @Override
    public int eventfd() {
        return checked(linux.eventfd(0, EFD_CLOEXEC_NONBLOCK));
    }

    @Override
    public int ppoll(final long pollfdAddress, final long timespecAddress) {
        return checked(linux.ppoll(pollfdAddress, 1, timespecAddress, 0));
    }

    @Override
    public long read(final int fd, final long address, final long count) {
        return checked(c.read(fd, address, count));
    }

    @Override
    public long mmap(final long length, final int fd, final long offset) {
        return checked(
                linux.syscall(platform.calls().mmap(), 0, length, PROT_READ_WRITE, MAP_SHARED_POPULATE, fd, offset));
    }

    @Override
    public int munmap(final long address, final long length) {
        return checked(c.munmap(address, length));
    }
}
