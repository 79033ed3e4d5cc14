package dev.uringlog.sys;

/**
 * Error numbers by name. The numbers differ between kernels, the names do not, so decisions use the names.
 *
 * <p>Source: Linux asm-generic/errno.h, Darwin, FreeBSD, OpenBSD and NetBSD sys/errno.h.
 */
public enum Errno {
    /** Operation not permitted. */
    EPERM(1),
    /** No such file or directory. */
    ENOENT(2),
    /** Interrupted by a signal. */
    EINTR(4),
    /** Input/output error. */
    EIO(5),
    /** No such device or address. */
    ENXIO(6),
    /** Bad file descriptor. */
    EBADF(9),
    /** Try again. */
    EAGAIN(11, 35, 35, 35, 35),
    /** Out of memory. */
    ENOMEM(12),
    /** Permission denied. */
    EACCES(13),
    /** Bad address. */
    EFAULT(14),
    /** Busy. */
    EBUSY(16),
    /** File exists. */
    EEXIST(17),
    /** No such device. */
    ENODEV(19),
    /** Not a directory. */
    ENOTDIR(20),
    /** Is a directory. */
    EISDIR(21),
    /** Invalid argument. */
    EINVAL(22),
    /** Too many open files in the system. */
    ENFILE(23),
    /** Too many open files in the process. */
    EMFILE(24),
    /** Text file busy. */
    ETXTBSY(26),
    /** File too large. */
    EFBIG(27),
    /** No space left on device. */
    ENOSPC(28),
    /** Illegal seek. */
    ESPIPE(29),
    /** Read-only file system. */
    EROFS(30),
    /** Too many links; on FreeBSD also a symbolic link opened with O_NOFOLLOW. */
    EMLINK(31),
    /** Broken pipe. */
    EPIPE(32),
    /** File name too long. */
    ENAMETOOLONG(36, 63, 63, 63, 63),
    /** No such system call. */
    ENOSYS(38, 78, 78, 78, 78),
    /** Too many symbolic links, or a symbolic link opened with O_NOFOLLOW. */
    ELOOP(40, 62, 62, 62, 62),
    /** Invalid request descriptor; from io_uring: a completion was lost. */
    EBADR(53, 0, 0, 0, 0),
    /** Timer expired. */
    ETIME(62, 101, 0, 0, 92),
    /** Value too large. */
    EOVERFLOW(75, 84, 84, 87, 84),
    /** File descriptor in bad state. */
    EBADFD(77, 0, 0, 0, 0),
    /** Operation not supported. */
    EOPNOTSUPP(95, 102, 45, 45, 45),
    /** Stale file handle. */
    ESTALE(116, 70, 70, 70, 70),
    /** Quota exceeded. */
    EDQUOT(122, 69, 69, 69, 69),
    /** Operation canceled. */
    ECANCELED(125, 89, 85, 88, 87),
    /** Any number that has no name here. */
    UNKNOWN(-1);

    /** The kernels whose numbers are known, in the order of the constructor's arguments. */
    public enum Family {
        /** Linux. */
        LINUX,
        /** macOS. */
        DARWIN,
        /** FreeBSD. */
        FREEBSD,
        /** OpenBSD. */
        OPENBSD,
        /** NetBSD. */
        NETBSD
    }

    private static final Errno[] ALL = values();

    private final int[] numbers;

    /** For a number that is the same on every platform. */
    Errno(final int number) {
        this(number, number, number, number, number);
    }

    Errno(final int linux, final int darwin, final int freebsd, final int openbsd, final int netbsd) {
        numbers = new int[] {linux, darwin, freebsd, openbsd, netbsd};
    }

    /**
     * A number's name.
     *
     * @param number a positive errno
     * @param family whose numbers
     * @return the constant, or {@link #UNKNOWN}
     */
    public static Errno of(final int number, final Family family) {
        for (final Errno errno : ALL) {
            if (errno.numbers[family.ordinal()] == number && number > 0) {
                return errno;
            }
        }
        return UNKNOWN;
    }

    /**
     * A number's name on this machine.
     *
     * @param number a positive errno
     * @return the constant, or {@link #UNKNOWN}
     */
    public static Errno of(final int number) {
        final Platform here = Platform.current();
        return of(number, here == null ? Family.LINUX : here.family());
    }

    /**
     * A failed call in words.
     *
     * @param call the system call
     * @param number a positive errno of this machine
     * @return such as {@code writev: ENOSPC (28)}
     */
    public static String text(final String call, final int number) {
        return call + ": " + name(number) + " (" + number + ")";
    }

    /**
     * A number's name on this machine, as text.
     *
     * @param number a positive errno
     * @return such as {@code ENOSPC}, or {@code errno} for a number without a name here
     */
    public static String name(final int number) {
        final Errno named = of(number);
        return named == UNKNOWN ? "errno" : named.name();
    }
}
