package dev.uringlog.sys;

import static dev.uringlog.sys.LinuxErrno.EACCES;
import static dev.uringlog.sys.LinuxErrno.EINVAL;

import dev.uringlog.uring.Cqe;
import dev.uringlog.uring.Params;
import dev.uringlog.uring.Sqe;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;

/** The kernel's side of one io_uring: the rings in memory as the ABI has them, and the submissions on their way. */
final class FakeRing {
    private static final VarHandle INT = MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.nativeOrder());

    // Not where today's kernel has them: a user must read the offsets, not know them.
    private static final int SQ_HEAD = 128;
    private static final int SQ_TAIL = 64;
    private static final int CQ_HEAD = 256;
    private static final int CQ_TAIL = 192;
    private static final int SQ_ARRAY = 320;

    private static final short SQE_OP_RESTRICTION = 1;
    private static final short SQE_FLAGS_RESTRICTION = 2;

    private final FakeKernel kernel;
    private final FaultPlan plan;
    private final int sqEntries;
    private final int cqEntries;
    private final int cqes;
    private final ByteBuffer rings;
    private final ByteBuffer sqes;
    private final Deque<Submission> inFlight = new ArrayDeque<>();
    private boolean isEnabled;
    private boolean isRestricted;
    private long allowedOps;
    private int allowedFlags;
    private int eventFd = -1;

    /** A submission taken from the queue: its iovecs are read already (SUBMIT_STABLE), the bytes they name are not. */
    private static final class Submission {
        private final byte opcode;
        private final byte flags;
        private final int fd;
        private final long userData;
        private final long offset;
        private final Iovecs iovecs;
        private final boolean isSwallowed;
        private final boolean isHeld;
        private final long size;
        private int delay;

        Submission(final ByteBuffer sqes, final int sqe, final FaultPlan plan, final FakeKernel kernel) {
            opcode = sqes.get(sqe + Sqe.OPCODE);
            flags = sqes.get(sqe + Sqe.FLAGS);
            fd = sqes.getInt(sqe + Sqe.FD);
            userData = sqes.getLong(sqe + Sqe.USER_DATA);
            offset = sqes.getLong(sqe + Sqe.OFF);
            iovecs = opcode == Sqe.IORING_OP_WRITEV
                    ? Iovecs.read(sqes.getLong(sqe + Sqe.ADDR), sqes.getInt(sqe + Sqe.LEN))
                    : null;
            // A sync is good for what was written before it.
            final FakeFile file = kernel.openFile(fd);
            size = file == null ? 0 : file.size();
            isHeld = opcode == Sqe.IORING_OP_FSYNC && plan.areSyncsHeld();
            isSwallowed = plan.takeCompletionSwallowed();
            delay = plan.takeCompletionDelay();
        }
    }

    FakeRing(final FakeKernel kernel, final FaultPlan plan, final int entries, final ByteBuffer params) {
        this.kernel = kernel;
        this.plan = plan;
        sqEntries = entries;
        cqEntries = entries * 2;
        cqes = SQ_ARRAY + entries * Integer.BYTES;
        rings = NativeMemory.allocate(cqes + cqEntries * Cqe.SIZE, 4096);
        sqes = NativeMemory.allocate(entries * Sqe.SIZE, 4096);
        isEnabled = (params.getInt(Params.FLAGS) & Params.IORING_SETUP_R_DISABLED) == 0;
        params.putInt(Params.SQ_ENTRIES, sqEntries);
        params.putInt(Params.CQ_ENTRIES, cqEntries);
        params.putInt(Params.SQ_OFF_HEAD, SQ_HEAD);
        params.putInt(Params.SQ_OFF_TAIL, SQ_TAIL);
        params.putInt(Params.SQ_OFF_ARRAY, SQ_ARRAY);
        params.putInt(Params.CQ_OFF_HEAD, CQ_HEAD);
        params.putInt(Params.CQ_OFF_TAIL, CQ_TAIL);
        params.putInt(Params.CQ_OFF_CQES, cqes);
    }

    /** The memory behind an mmap offset, or null. */
    ByteBuffer memory(final long offset) {
        return offset == 0 ? rings : offset == 0x10000000L ? sqes : null;
    }

    int restrict(final long address, final int count) {
        if (isEnabled || isRestricted) {
            return -EINVAL;
        }
        final ByteBuffer restrictions = NativeMemory.view(address, count * 16);
        for (int i = 0; i < count; i++) {
            final byte operand = restrictions.get(i * 16 + 2);
            switch (restrictions.getShort(i * 16)) {
                case SQE_OP_RESTRICTION -> allowedOps |= 1L << operand;
                case SQE_FLAGS_RESTRICTION -> allowedFlags |= operand;
                default -> {
                    return -EINVAL;
                }
            }
        }
        isRestricted = true;
        return 0;
    }

    int enable() {
        if (isEnabled) {
            return -EINVAL;
        }
        isEnabled = true;
        return 0;
    }

    boolean isEnabled() {
        return isEnabled;
    }

    /** Takes queued entries and runs those that nothing delays. */
    int submit(final int count) {
        // Acquire: pairs with the submitter's release of tail.
        final int tail = (int) INT.getAcquire(rings, SQ_TAIL);
        int head = rings.getInt(SQ_HEAD);
        if (count > tail - head) {
            // The real kernel would take what there is and return at once, without the wait that was asked for.
            throw kernel.violation("io_uring_enter submits " + count + " of " + (tail - head));
        }
        for (int i = 0; i < count; i++) {
            final int index = rings.getInt(SQ_ARRAY + (head++ & (sqEntries - 1)) * Integer.BYTES);
            final Submission submission = new Submission(sqes, index * Sqe.SIZE, plan, kernel);
            inFlight.add(submission);
            kernel.submitted(submission.userData);
        }
        // Release: pairs with the submitter's acquire of head.
        INT.setRelease(rings, SQ_HEAD, head);
        kernel.notifyAll(); // A thread may wait for a sync to be held.
        runDue();
        return count;
    }

    /** One io_uring_enter's worth of time goes by for what is in flight. */
    void tick() {
        inFlight.forEach(submission -> submission.delay--);
        runDue();
    }

    private void runDue() {
        for (final Iterator<Submission> it = inFlight.iterator(); it.hasNext(); ) {
            final Submission submission = it.next();
            if (submission.delay <= 0 && !submission.isHeld) {
                it.remove();
                final int result = run(submission);
                for (int stale = plan.takeStaleCount(); stale > 0; stale--) {
                    complete(plan.staleUserData(), 1);
                }
                if (!submission.isSwallowed) {
                    complete(submission.userData, result);
                }
            }
        }
    }

    int heldCount() {
        return (int) inFlight.stream().filter(submission -> submission.isHeld).count();
    }

    void completeHeld(final int index, final int errno) {
        final Submission submission = inFlight.stream()
                .filter(candidate -> candidate.isHeld)
                .skip(index)
                .findFirst()
                .orElseThrow();
        inFlight.remove(submission);
        complete(submission.userData, errno != 0 ? -errno : run(submission));
    }

    int registerEventfd(final long address) {
        eventFd = NativeMemory.view(address, Integer.BYTES).getInt(0);
        return 0;
    }

    private int run(final Submission submission) {
        if (isRestricted && ((allowedOps >> submission.opcode & 1) == 0 || (submission.flags & ~allowedFlags) != 0)) {
            return -EACCES;
        }
        return switch (submission.opcode) {
            case Sqe.IORING_OP_NOP -> 0;
            case Sqe.IORING_OP_WRITEV -> kernel.runWritev(submission.fd, submission.iovecs, submission.offset);
            // A worker looks the descriptor up: it may be closed by then.
            case Sqe.IORING_OP_FSYNC -> kernel.runFsync(kernel.openFile(submission.fd), submission.size);
            default -> -EINVAL;
        };
    }

    private void complete(final long userData, final int result) {
        final int tail = rings.getInt(CQ_TAIL);
        // Acquire: pairs with the reaper's release of head.
        if (tail - (int) INT.getAcquire(rings, CQ_HEAD) == cqEntries) {
            throw kernel.violation("completion queue overflow");
        }
        final int cqe = cqes + (tail & (cqEntries - 1)) * Cqe.SIZE;
        rings.putLong(cqe + Cqe.USER_DATA, userData);
        rings.putInt(cqe + Cqe.RES, result);
        // Release: pairs with the reaper's acquire of tail.
        INT.setRelease(rings, CQ_TAIL, tail + 1);
        kernel.events().signal(eventFd);
    }

    int completionCount() {
        return rings.getInt(CQ_TAIL) - (int) INT.getAcquire(rings, CQ_HEAD);
    }

    boolean isIdle() {
        return inFlight.isEmpty();
    }
}
