package dev.uringlog.uring;

import dev.uringlog.sys.Errno;
import dev.uringlog.sys.Kernel;
import dev.uringlog.sys.NativeMemory;
import dev.uringlog.sys.Platform;
import dev.uringlog.sys.Syscalls;
import dev.uringlog.uring.Ring.Mapping;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;

/**
 * A ring that is ready for use, or the reason why there is none.
 *
 * @param ring the ring: restricted, enabled, and tested with a completion; null if there is none
 * @param eventFd an eventfd that each completion signals; the caller closes it; -1 if none was requested
 * @param refusal one line if there is no ring, otherwise null
 */
public record RingSetup(Ring ring, int eventFd, String refusal) {
    /** System property that turns io_uring off: {@code -Duringlog.iouring=false}. */
    public static final String SWITCH = "uringlog.iouring";

    private static final int EINVAL = 22;
    private static final int EOPNOTSUPP = 95;

    private static final int NO_EVENTFD = -1;

    private static final long IORING_OFF_SQ_RING = 0;
    private static final long IORING_OFF_SQES = 0x10000000L;

    private static final int RESTRICTABLE = Params.IORING_SETUP_CLAMP | Params.IORING_SETUP_R_DISABLED;
    /**
     * Best first. A kernel that does not know all flags of an entry returns EINVAL. With the last entry the ring is
     * unrestricted.
     */
    private static final int[] FLAG_LADDER = {
        Params.IORING_SETUP_COOP_TASKRUN | Params.IORING_SETUP_SUBMIT_ALL | RESTRICTABLE, RESTRICTABLE, 0
    };

    /** Available since Linux 5.12; see {@link Params}. */
    private static final int REQUIRED_FEATURES = Params.IORING_FEAT_SINGLE_MMAP
            | Params.IORING_FEAT_NODROP
            | Params.IORING_FEAT_SUBMIT_STABLE
            | Params.IORING_FEAT_RW_CUR_POS
            | Params.IORING_FEAT_EXT_ARG
            | Params.IORING_FEAT_NATIVE_WORKERS;

    /**
     * Sets up a ring and tests that it works. Releases all resources if it does not.
     *
     * @param syscalls the kernel
     * @param entries submission queue entries, a power of two, 1…4096
     * @return the ring, or why there is none; any thread may use the ring, one at a time
     */
    public static RingSetup open(final Syscalls syscalls, final int entries) {
        final String refusal = unavailable(syscalls);
        return refusal != null ? refused(refusal) : open(syscalls, entries, NO_EVENTFD);
    }

    /**
     * Sets up a ring as {@link #open(Syscalls, int)} does, with an eventfd that each completion signals.
     *
     * @param syscalls the kernel
     * @param entries submission queue entries, a power of two, 1…4096
     * @return the ring and the eventfd, or why there are none
     */
    public static RingSetup openWithCounter(final Syscalls syscalls, final int entries) {
        final String refusal = unavailable(syscalls);
        if (refusal != null) {
            return refused(refusal);
        }
        final int eventFd = syscalls.eventfd();
        if (eventFd < 0) {
            return refused(reason("eventfd", -eventFd));
        }
        final RingSetup setup = open(syscalls, entries, eventFd);
        if (setup.ring == null) {
            syscalls.close(eventFd);
        }
        return setup;
    }

    /** Why io_uring must not be tried, or null. */
    private static String unavailable(final Syscalls syscalls) {
        final Kernel.Access access = Kernel.access();
        if (syscalls != access.syscalls()) { // A test's kernel.
            return null;
        }
        if ("false".equalsIgnoreCase(System.getProperty(SWITCH))) {
            return "turned off by -D" + SWITCH + "=false";
        }
        if (syscalls == null) {
            return access.refusal();
        }
        return Platform.current().hasIoUring() ? null : "io_uring is supported only on Linux, on x86-64 and arm64";
    }

    private static RingSetup refused(final String refusal) {
        return new RingSetup(null, NO_EVENTFD, refusal);
    }

    /**
     * Explains why an io_uring system call failed.
     *
     * @param call the system call
     * @param errno its error number, positive
     * @return the call, the errno and, if known, the likely cause
     */
    public static String reason(final String call, final int errno) {
        final String cause = switch (Errno.of(errno, Errno.Family.LINUX)) {
            case EPERM -> ": forbidden by a seccomp profile or kernel.io_uring_disabled";
            case EACCES -> ": forbidden by a security module";
            case ENOSYS -> ": the kernel, or the sandbox around this process, has no io_uring";
            case ENOMEM -> ": RLIMIT_MEMLOCK leaves no room for a ring";
            case ECANCELED -> ": the kernel could not start a worker thread (RLIMIT_NPROC)";
            default -> "";
        };
        return Errno.text(call, errno) + cause;
    }

    private static RingSetup open(final Syscalls syscalls, final int entries, final int eventFd) {
        final ByteBuffer params = NativeMemory.allocate(Params.SIZE, Long.BYTES);
        int fd = -EINVAL;
        for (int rung = 0; fd == -EINVAL && rung < FLAG_LADDER.length; rung++) {
            fd = setup(syscalls, entries, params, FLAG_LADDER[rung]);
        }
        if (fd < 0) {
            return refused(reason("io_uring_setup", -fd));
        }
        if ((params.getInt(Params.FEATURES) & REQUIRED_FEATURES) != REQUIRED_FEATURES) {
            syscalls.close(fd);
            return refused(reason("io_uring_setup (features)", EOPNOTSUPP));
        }
        return map(syscalls, fd, params, eventFd);
    }

    private static int setup(final Syscalls syscalls, final int entries, final ByteBuffer params, final int flags) {
        // The kernel may write to params before it refuses, and it requires the fields that it does not read to be
        // zero.
        for (int i = 0; i < Params.SIZE; i++) {
            params.put(i, (byte) 0);
        }
        params.putInt(Params.FLAGS, flags);
        final int result = syscalls.ioUringSetup(entries, NativeMemory.address(params));
        Reference.reachabilityFence(params);
        return result;
    }

    private static RingSetup map(final Syscalls syscalls, final int fd, final ByteBuffer params, final int eventFd) {
        final int sqEnd = params.getInt(Params.SQ_OFF_ARRAY) + params.getInt(Params.SQ_ENTRIES) * Integer.BYTES;
        final int cqEnd = params.getInt(Params.CQ_OFF_CQES) + params.getInt(Params.CQ_ENTRIES) * Cqe.SIZE;
        final int ringsLength = Math.max(sqEnd, cqEnd);
        final long rings = syscalls.mmap(ringsLength, fd, IORING_OFF_SQ_RING);
        if (isErrno(rings)) {
            syscalls.close(fd);
            return refused(reason("mmap", (int) -rings));
        }
        final int sqesLength = params.getInt(Params.SQ_ENTRIES) * Sqe.SIZE;
        final long sqes = syscalls.mmap(sqesLength, fd, IORING_OFF_SQES);
        if (isErrno(sqes)) {
            syscalls.munmap(rings, ringsLength);
            syscalls.close(fd);
            return refused(reason("mmap", (int) -sqes));
        }
        final Ring ring =
                new Ring(syscalls, fd, new Mapping(rings, ringsLength), new Mapping(sqes, sqesLength), params);
        int registered = eventFd == NO_EVENTFD ? 0 : register(syscalls, fd, eventFd);
        if (registered == 0 && (params.getInt(Params.FLAGS) & Params.IORING_SETUP_R_DISABLED) != 0) {
            registered = restrictAndEnable(syscalls, fd);
        }
        final int probed = registered < 0 ? 0 : Probe.run(syscalls, ring, 0);
        if (registered < 0 || probed < 0) {
            ring.close();
            return refused(
                    registered < 0 ? reason("io_uring_register", -registered) : reason("io_uring_enter", -probed));
        }
        return new RingSetup(ring, eventFd, null);
    }

    /** Must run before the restrictions are in force, because they forbid registering. */
    private static int register(final Syscalls syscalls, final int fd, final int eventFd) {
        final ByteBuffer argument =
                NativeMemory.allocate(Integer.BYTES, Integer.BYTES).putInt(0, eventFd);
        final int result =
                syscalls.ioUringRegister(fd, Restriction.IORING_REGISTER_EVENTFD, NativeMemory.address(argument), 1);
        Reference.reachabilityFence(argument);
        return result;
    }

    private static int restrictAndEnable(final Syscalls syscalls, final int fd) {
        final ByteBuffer restrictions = Restriction.allowed();
        final int restricted = syscalls.ioUringRegister(
                fd, Restriction.IORING_REGISTER_RESTRICTIONS, NativeMemory.address(restrictions), Restriction.COUNT);
        Reference.reachabilityFence(restrictions);
        return restricted < 0
                ? restricted
                : syscalls.ioUringRegister(fd, Restriction.IORING_REGISTER_ENABLE_RINGS, 0, 0);
    }

    /** User space addresses are below 2^63, so a negative value is always an error. */
    private static boolean isErrno(final long address) {
        return address < 0;
    }
}
