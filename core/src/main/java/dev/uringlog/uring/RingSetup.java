package dev.uringlog.uring;

import dev.uringlog.sys.NativeMemory;
import dev.uringlog.sys.Syscalls;
import dev.uringlog.uring.Ring.Mapping;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;

/**
 * What came of setting a ring up.
 *
 * @param ring the ring, restricted and enabled; null if it was refused
 * @param refusedBy the system call that refused it, or null
 * @param errno the positive errno it refused with, or 0
 */
public record RingSetup(Ring ring, String refusedBy, int errno) {
    private static final int EINVAL = 22;
    private static final int EOPNOTSUPP = 95;

    private static final int NO_EVENTFD = -1;

    private static final long IORING_OFF_SQ_RING = 0;
    private static final long IORING_OFF_SQES = 0x10000000L;

    private static final int RESTRICTABLE = Params.IORING_SETUP_CLAMP | Params.IORING_SETUP_R_DISABLED;
    /** Best first; a kernel that knows not all of a rung's flags answers EINVAL. The last rung's ring is unrestricted. */
    private static final int[] FLAG_LADDER = {
        Params.IORING_SETUP_SINGLE_ISSUER
                | Params.IORING_SETUP_DEFER_TASKRUN
                | Params.IORING_SETUP_SUBMIT_ALL
                | RESTRICTABLE,
        Params.IORING_SETUP_COOP_TASKRUN | Params.IORING_SETUP_SUBMIT_ALL | RESTRICTABLE,
        RESTRICTABLE,
        0
    };

    /** All there since 5.12; {@link Params} says what each is for. */
    private static final int REQUIRED_FEATURES = Params.IORING_FEAT_SINGLE_MMAP
            | Params.IORING_FEAT_NODROP
            | Params.IORING_FEAT_SUBMIT_STABLE
            | Params.IORING_FEAT_RW_CUR_POS
            | Params.IORING_FEAT_EXT_ARG
            | Params.IORING_FEAT_NATIVE_WORKERS;

    /** Which threads will enter the ring. */
    public enum Issuers {
        /** One thread, the one that opens it: any other gets EEXIST. */
        ONE_THREAD,
        /** Any thread, one at a time. */
        ANY_THREAD
    }

    /**
     * Sets a ring up: setup, map, restrict, enable. What was acquired before a refusal is released.
     *
     * @param syscalls the kernel
     * @param entries submission queue entries, a power of two, 1…4096
     * @param issuers which threads will enter it
     * @return the ring, or who refused it
     */
    public static RingSetup open(final Syscalls syscalls, final int entries, final Issuers issuers) {
        return open(syscalls, entries, issuers, NO_EVENTFD);
    }

    /**
     * Sets a ring up as {@link #open(Syscalls, int, Issuers)} does, with a counter that each completion adds to.
     *
     * @param syscalls the kernel
     * @param entries submission queue entries, a power of two, 1…4096
     * @param issuers which threads will enter it
     * @param eventFd from {@link Syscalls#eventfd}; stays the caller's
     * @return the ring, or who refused it
     */
    public static RingSetup open(final Syscalls syscalls, final int entries, final Issuers issuers, final int eventFd) {
        final ByteBuffer params = NativeMemory.allocate(Params.SIZE, Long.BYTES);
        int rung = issuers == Issuers.ONE_THREAD ? 0 : 1;
        int fd = setup(syscalls, entries, params, FLAG_LADDER[rung]);
        while (fd == -EINVAL && rung + 1 < FLAG_LADDER.length) {
            fd = setup(syscalls, entries, params, FLAG_LADDER[++rung]);
        }
        if (fd < 0) {
            return new RingSetup(null, "io_uring_setup", -fd);
        }
        if ((params.getInt(Params.FEATURES) & REQUIRED_FEATURES) != REQUIRED_FEATURES) {
            syscalls.close(fd);
            return new RingSetup(null, "io_uring_setup (features)", EOPNOTSUPP);
        }
        return map(syscalls, fd, params, eventFd);
    }

    private static int setup(final Syscalls syscalls, final int entries, final ByteBuffer params, final int flags) {
        // The kernel writes into params before it refuses, and wants what it does not read to be zero.
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
            return new RingSetup(null, "mmap", (int) -rings);
        }
        final int sqesLength = params.getInt(Params.SQ_ENTRIES) * Sqe.SIZE;
        final long sqes = syscalls.mmap(sqesLength, fd, IORING_OFF_SQES);
        if (isErrno(sqes)) {
            syscalls.munmap(rings, ringsLength);
            syscalls.close(fd);
            return new RingSetup(null, "mmap", (int) -sqes);
        }
        final Ring ring =
                new Ring(syscalls, fd, new Mapping(rings, ringsLength), new Mapping(sqes, sqesLength), params);
        int registered = eventFd == NO_EVENTFD ? 0 : register(syscalls, fd, eventFd);
        if (registered == 0 && (params.getInt(Params.FLAGS) & Params.IORING_SETUP_R_DISABLED) != 0) {
            registered = restrictAndEnable(syscalls, fd);
        }
        if (registered < 0) {
            ring.close();
            return new RingSetup(null, "io_uring_register", -registered);
        }
        return new RingSetup(ring, null, 0);
    }

    /** Before the restrictions are in force: they leave no registering. */
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

    /** Addresses above 2^63 do not exist in user space, but those near the top of the range stand for errors. */
    private static boolean isErrno(final long address) {
        return address < 0;
    }
}
