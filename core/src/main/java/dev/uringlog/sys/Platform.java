package dev.uringlog.sys;

import dev.uringlog.sys.Errno.Family;
import java.nio.ByteBuffer;
import java.util.Locale;

/**
 * The differences between the supported Unix platforms: flags of open(2), the layout of {@code struct stat}, system call
 * numbers. The values come from the headers of the kernels and C libraries. They are plain tables, so the tests cover every
 * platform on any machine.
 *
 * @param family selects the errno numbers
 * @param openFlags the flags of open(2)
 * @param stat the layout of struct stat
 * @param calls the Linux system call numbers; null on other platforms
 */
public record Platform(Family family, OpenFlags openFlags, Stat stat, Calls calls) {
    /**
     * Flags of open(2). O_WRONLY is 1 everywhere.
     *
     * @param append O_APPEND
     * @param create O_CREAT
     * @param exclusive O_EXCL
     * @param truncate O_TRUNC
     * @param nonBlock O_NONBLOCK
     * @param noFollow O_NOFOLLOW
     * @param closeOnExec O_CLOEXEC
     * @param directory O_DIRECTORY
     */
    public record OpenFlags(
            int append,
            int create,
            int exclusive,
            int truncate,
            int nonBlock,
            int noFollow,
            int closeOnExec,
            int directory) {
        /** Write only. */
        public static final int O_WRONLY = 1;
        /** Read only. */
        public static final int O_RDONLY = 0;
    }

    /**
     * The offsets in struct stat of the fields that are read. st_ino is 8 bytes everywhere.
     *
     * @param device offset of st_dev
     * @param deviceBytes its width, 4 or 8
     * @param inode offset of st_ino
     * @param mode offset of st_mode
     * @param modeBytes its width, 2 or 4
     * @param size offset of st_size
     * @param links offset of st_nlink
     * @param linksBytes its width, 2 or more; at most 4 bytes are read, because every platform here is little-endian
     */
    record Stat(int device, int deviceBytes, int inode, int mode, int modeBytes, int size, int links, int linksBytes) {
        /** No struct stat here is larger. */
        static final int SIZE_MAX = 256;

        void read(final ByteBuffer memory, final FileStatus status) {
            status.set(
                    deviceBytes == Long.BYTES ? memory.getLong(device) : memory.getInt(device),
                    memory.getLong(inode),
                    modeBytes == Integer.BYTES ? memory.getInt(mode) : memory.getShort(mode) & 0xFFFF,
                    memory.getLong(size),
                    linksBytes == Short.BYTES ? memory.getShort(links) & 0xFFFF : memory.getInt(links));
        }
    }

    /**
     * Linux system call numbers. They are needed because glibc before 2.33 does not export fstat.
     *
     * @param mmap mmap
     * @param fstat fstat
     * @param newfstatat newfstatat
     * @param isIoUringKnown whether io_uring's layouts have been checked on this architecture
     */
    record Calls(int mmap, int fstat, int newfstatat, boolean isIoUringKnown) {}

    private static final OpenFlags LINUX_FLAGS =
            new OpenFlags(0x400, 0x40, 0x80, 0x200, 0x800, 0x20000, 0x80000, 0x10000);

    /**
     * arm64 and ppc64le use other values for two flags. The x86 value of O_NOFOLLOW means O_LARGEFILE there and would not
     * protect against symbolic links.
     */
    private static final OpenFlags LINUX_ARM_FLAGS =
            new OpenFlags(0x400, 0x40, 0x80, 0x200, 0x800, 0x8000, 0x80000, 0x4000);

    private static final Stat LINUX_STAT = new Stat(0, 8, 8, 24, 4, 48, 16, 8);
    private static final Stat LINUX_GENERIC_STAT = new Stat(0, 8, 8, 16, 4, 48, 20, 4);

    private static final Platform LINUX_X86_64 =
            new Platform(Family.LINUX, LINUX_FLAGS, LINUX_STAT, new Calls(9, 5, 262, true));
    private static final Platform LINUX_ARM64 =
            new Platform(Family.LINUX, LINUX_ARM_FLAGS, LINUX_GENERIC_STAT, new Calls(222, 80, 79, true));
    private static final Platform LINUX_RISCV64 =
            new Platform(Family.LINUX, LINUX_FLAGS, LINUX_GENERIC_STAT, new Calls(222, 80, 79, false));
    private static final Platform LINUX_PPC64LE =
            new Platform(Family.LINUX, LINUX_ARM_FLAGS, LINUX_STAT, new Calls(90, 108, 291, false));
    private static final Platform DARWIN = new Platform(
            Family.DARWIN,
            new OpenFlags(0x8, 0x200, 0x800, 0x400, 0x4, 0x100, 0x1000000, 0x100000),
            new Stat(0, 4, 8, 4, 2, 96, 6, 2),
            null);
    private static final Platform FREEBSD = new Platform(
            Family.FREEBSD,
            new OpenFlags(0x8, 0x200, 0x800, 0x400, 0x4, 0x100, 0x100000, 0x20000),
            new Stat(0, 8, 8, 24, 2, 112, 16, 8),
            null);
    private static final Platform OPENBSD = new Platform(
            Family.OPENBSD,
            new OpenFlags(0x8, 0x200, 0x800, 0x400, 0x4, 0x100, 0x10000, 0x20000),
            new Stat(4, 4, 8, 0, 4, 80, 16, 4),
            null);
    private static final Platform NETBSD = new Platform(
            Family.NETBSD,
            new OpenFlags(0x8, 0x200, 0x800, 0x400, 0x4, 0x100, 0x400000, 0x200000),
            new Stat(0, 8, 16, 8, 4, 112, 24, 4),
            null);

    private static final Platform CURRENT = of(System.getProperty("os.name", ""), System.getProperty("os.arch", ""));

    /**
     * The platform this JVM runs on.
     *
     * @return null if it is not one of those known
     */
    public static Platform current() {
        return CURRENT;
    }

    /**
     * Looks up a platform by the names that Java uses.
     *
     * @param osName as in the system property os.name
     * @param osArch as in the system property os.arch
     * @return null if it is not one of those known
     */
    public static Platform of(final String osName, final String osArch) {
        final String os = osName.toLowerCase(Locale.ROOT);
        final String arch = osArch.toLowerCase(Locale.ROOT);
        if (os.startsWith("linux")) {
            return switch (arch) {
                case "amd64", "x86_64" -> LINUX_X86_64;
                case "aarch64", "arm64" -> LINUX_ARM64;
                case "riscv64" -> LINUX_RISCV64;
                case "ppc64le" -> LINUX_PPC64LE;
                default -> null;
            };
        }
        final boolean isKnown64Bit = switch (arch) {
            case "amd64", "x86_64", "aarch64", "arm64" -> true;
            default -> false;
        };
        if (!isKnown64Bit) {
            return null;
        }
        if (os.startsWith("mac") || os.startsWith("darwin")) {
            return DARWIN;
        }
        return switch (os) {
            case "freebsd" -> FREEBSD;
            case "openbsd" -> OPENBSD;
            case "netbsd" -> NETBSD;
            default -> null;
        };
    }

    /** {@return F_DUPFD_CLOEXEC, a command of fcntl(2)} */
    int duplicateCommand() {
        return switch (family) {
            case LINUX -> 1030; // On every architecture.
            case DARWIN -> 67;
            case FREEBSD -> 17;
            case OPENBSD -> 10;
            case NETBSD -> 12;
        };
    }

    /**
     * Whether io_uring may be tried here.
     *
     * @return true on Linux, x86-64 and arm64
     */
    public boolean hasIoUring() {
        return calls != null && calls.isIoUringKnown;
    }
}
