package dev.uringlog.sys;

import static dev.uringlog.sys.LinuxErrno.EBADF;
import static dev.uringlog.sys.LinuxErrno.EFAULT;
import static dev.uringlog.sys.LinuxErrno.ENOSPC;

/** What a descriptor of the fake kernel stands for: an open file description, or a ring (then there is no file). */
final class FakeDescriptor {
    private static final int O_ACCMODE = 3;

    private final FakeFile file;
    private final FakeRing ring;
    private final int flags;
    private long position;
    private int errorsTold;

    FakeDescriptor(final FakeFile file, final FakeRing ring, final int flags) {
        this.file = file;
        this.ring = ring;
        this.flags = flags;
        errorsTold = file == null ? 0 : file.errorsTold();
    }

    /** Whether a write-back error is still to be told to this description. */
    boolean takeError() {
        final boolean isNew = file != null && errorsTold != file.errors();
        errorsTold = isNew ? file.tellErrors() : errorsTold;
        return isNew;
    }

    FakeFile file() {
        return file;
    }

    FakeRing ring() {
        return ring;
    }

    /** Writes at an offset, or at the current position (-1); with O_APPEND always at the end, as Linux has it. */
    int write(final Iovecs iovecs, final long offset, final FaultPlan plan) {
        if (file == null || (flags & O_ACCMODE) == 0) {
            return -EBADF;
        }
        if (!iovecs.isAddressable()) {
            return -EFAULT;
        }
        final int length = plan.takeLength(iovecs.length());
        if (length < 0) {
            return -ENOSPC;
        }
        final long at = (flags & FakeKernel.OPEN_FLAGS.append()) != 0 ? file.size() : offset == -1 ? position : offset;
        file.write(at, iovecs.gather(), length);
        if (offset == -1) {
            position = at + length;
        }
        return length;
    }
}
