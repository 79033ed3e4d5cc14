package dev.uringlog.sys;

import static dev.uringlog.sys.LinuxErrno.EAGAIN;
import static dev.uringlog.sys.LinuxErrno.EBADF;
import static dev.uringlog.sys.LinuxErrno.EBADR;
import static dev.uringlog.sys.LinuxErrno.EBUSY;
import static dev.uringlog.sys.LinuxErrno.EDQUOT;
import static dev.uringlog.sys.LinuxErrno.EINTR;
import static dev.uringlog.sys.LinuxErrno.EIO;
import static dev.uringlog.sys.LinuxErrno.EMFILE;
import static dev.uringlog.sys.LinuxErrno.ENOMEM;
import static dev.uringlog.sys.LinuxErrno.ENOSPC;
import static dev.uringlog.sys.LinuxErrno.EROFS;

import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The kernel that runs this, with faults of chance in its way: what is failed is not done, what is cut short is done in
 * part. Only calls on regular files and rings are touched. Safe from any thread.
 */
public final class FaultySyscalls extends ForwardingSyscalls {
    private static final int[] OF_WRITE = {EINTR, EINTR, EIO, EAGAIN, ENOMEM, ENOSPC, ENOSPC, EROFS, EDQUOT};
    private static final int[] OF_ENTER = {EINTR, EINTR, EAGAIN, EBUSY};
    private static final int[] OF_OPEN = {EINTR, EIO, EMFILE, ENOSPC};

    private final Random random;
    private final Set<Integer> files = ConcurrentHashMap.newKeySet();

    /** How likely each call is to fail, of a million. */
    private volatile int perMillion;

    private volatile boolean areSyncsFaulty;
    private volatile boolean areRingsBroken;

    /** Faults of a seed, once {@link #plan} has said how many. */
    public FaultySyscalls(final Syscalls delegate, final long seed) {
        super(delegate);
        random = new Random(seed);
    }

    /**
     * What is to go wrong from now on.
     *
     * @param failuresPerMillion of each kind of call
     * @param withSyncs whether an fdatasync may fail, which taints its file
     * @param withRings whether a ring may break for good
     */
    public void plan(final int failuresPerMillion, final boolean withSyncs, final boolean withRings) {
        perMillion = failuresPerMillion;
        areSyncsFaulty = withSyncs;
        areRingsBroken = withRings;
    }

    private synchronized int roll(final int bound) {
        return random.nextInt(bound);
    }

    private boolean fails() {
        return perMillion > 0 && roll(1_000_000) < perMillion;
    }

    private int one(final int... errnos) {
        return -errnos[roll(errnos.length)];
    }

    @Override
    public int open(final String path, final int flags, final int mode) {
        if (fails()) {
            return one(OF_OPEN);
        }
        final int fd = super.open(path, flags, mode);
        if (fd >= 0 && !path.startsWith("/dev/")) {
            files.add(fd);
        }
        return fd;
    }

    @Override
    public int close(final int fd) {
        files.remove(fd);
        return super.close(fd);
    }

    @Override
    public long writev(final int fd, final long iovecAddress, final int iovecCount) {
        if (!files.contains(fd) || !fails()) {
            return super.writev(fd, iovecAddress, iovecCount);
        }
        return roll(3) == 0 ? writeShort(fd, iovecAddress) : one(OF_WRITE);
    }

    /** Some of the first part: as a disk does that has just so much room. */
    private long writeShort(final int fd, final long iovecAddress) {
        final ByteBuffer given = NativeMemory.view(iovecAddress, 2 * Long.BYTES);
        final ByteBuffer cut = NativeMemory.allocate(2 * Long.BYTES, Long.BYTES);
        final long length = given.getLong(Long.BYTES);
        cut.putLong(0, given.getLong(0)).putLong(Long.BYTES, 1 + roll((int) length));
        final long written = super.writev(fd, NativeMemory.address(cut), 1);
        Reference.reachabilityFence(cut);
        return written;
    }

    @Override
    public int ioUringEnter(final int ringFd, final int toSubmit, final int minComplete, final int flags) {
        if (!fails()) {
            return super.ioUringEnter(ringFd, toSubmit, minComplete, flags);
        }
        if (areRingsBroken && roll(4) == 0) {
            if (roll(2) == 0) {
                super.ioUringEnter(ringFd, toSubmit, 0, flags); // It has the entry, and then it breaks.
            }
            return one(EBADR, EBADF);
        }
        return one(OF_ENTER);
    }

    @Override
    public int fdatasync(final int fd) {
        return fails() ? one(areSyncsFaulty && roll(4) == 0 ? EIO : EINTR) : super.fdatasync(fd);
    }

    @Override
    public int fsync(final int fd) {
        return fails() ? one(EIO, EINTR) : super.fsync(fd);
    }

    @Override
    public int rename(final String from, final String to) {
        return fails() ? one(EIO, EROFS) : super.rename(from, to);
    }
}
