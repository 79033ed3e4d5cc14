package dev.uringlog.sys;

import static dev.uringlog.sys.LinuxErrno.EBADF;
import static dev.uringlog.sys.LinuxErrno.EBADFD;
import static dev.uringlog.sys.LinuxErrno.EEXIST;
import static dev.uringlog.sys.LinuxErrno.EINTR;
import static dev.uringlog.sys.LinuxErrno.EINVAL;
import static dev.uringlog.sys.LinuxErrno.EIO;
import static dev.uringlog.sys.LinuxErrno.ENOENT;

import dev.uringlog.uring.Params;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A kernel in memory: files, and io_uring with its real queue layout, behind the seam. It reads iovecs and queue entries by
 * address as the real one does, and fails as its {@link #plan()} says.
 *
 * <pre>
 *   final FakeKernel kernel = new FakeKernel();
 *   kernel.plan().failNext(Call.WRITEV, ENOSPC);
 *   …
 *   assertEquals("first\n", kernel.file("/log").text());
 *   kernel.assertNothingLeaked();
 * </pre>
 *
 * <p>Thread-safe. Misuse (unmapping twice, waiting for a completion that cannot come) throws AssertionError at once, and
 * again from {@link #assertNothingLeaked()}.
 */
public final class FakeKernel implements Syscalls {
    /** This machine's own, because the code under test uses them; errnos are Linux's. */
    public static final Platform.OpenFlags OPEN_FLAGS =
            (Platform.current() == null ? Platform.of("Linux", "amd64") : Platform.current()).openFlags();

    private static final String SELF = "/proc/self/fd/";
    private static final int UMASK = 022;
    private static final int UIO_MAXIOV = 1024;
    private static final int FIRST_FD = 3;
    private static final int ALL_FEATURES = -1;

    private final FaultPlan plan = new FaultPlan(this);
    final Map<String, FakeFile> files = new HashMap<>();
    private final Map<Integer, FakeDescriptor> descriptors = new HashMap<>();
    public final FakeDirectories directories = new FakeDirectories(this);
    private final FakeEvents events = new FakeEvents(this);
    private final List<FakeRing> rings = new ArrayList<>();
    private final HeldSyncs heldSyncs = new HeldSyncs(this, rings);
    private final FakeMappings mappings = new FakeMappings(this);
    private final List<String> violations = new ArrayList<>();
    private final List<Long> userData = new ArrayList<>();
    private int setupFlags;
    private int nextFd = FIRST_FD;
    private long nextInode = 1;
    private int iovecCountMax;
    private int stalledCount;

    /** Makes a kernel with an empty file system, but for /dev/null. */
    public FakeKernel() {
        files.put("/dev/null", new FakeFile(this, nextInode++, 0666, false));
    }

    /** What goes wrong, and when. */
    public FaultPlan plan() {
        return plan;
    }

    /** The file of that name now; it stays the same file when it is renamed. Fails the test if there is none. */
    public synchronized FakeFile file(final String path) {
        final FakeFile file = files.get(path);
        if (file == null) {
            throw new AssertionError("no file " + path + " among " + files.keySet());
        }
        return file;
    }

    /** Whether there is a file of that name. */
    public synchronized boolean exists(final String path) {
        return files.containsKey(path);
    }

    @Override
    public synchronized int rename(final String from, final String to) {
        final int errno = plan.next(Call.RENAME);
        if (errno != 0 || !files.containsKey(from)) {
            return errno != 0 ? -errno : -ENOENT;
        }
        files.put(to, files.remove(from));
        return 0;
    }

    /** The names of all files, sorted. */
    public synchronized List<String> names() {
        return files.keySet().stream().sorted().toList();
    }

    /** unlink(2), as another process may. */
    public synchronized void unlink(final String path) {
        files.remove(path);
    }

    /** How often a call was made, failed ones included. */
    public synchronized long calls(final Call call) {
        return plan.count(call);
    }

    /** How many calls were made, whichever. */
    public synchronized long calls() {
        return plan.countOfAll();
    }

    /** Every call so far, in order, failed ones included. */
    public synchronized List<Call> history() {
        return plan.history();
    }

    /** The most iovecs any one write had. */
    public synchronized int iovecCountMax() {
        return iovecCountMax;
    }

    /** The user_data of every submission the kernel took, in order. */
    public synchronized List<Long> userData() {
        return List.copyOf(userData);
    }

    void submitted(final long submissionUserData) {
        userData.add(submissionUserData);
    }

    /** The flags of the last io_uring_setup. */
    public synchronized int setupFlags() {
        return setupFlags;
    }

    /** How many descriptors are open, of files and of rings. */
    public synchronized int openDescriptors() {
        return descriptors.size();
    }

    /** How many mappings there are. */
    public synchronized int mappings() {
        return mappings.size();
    }

    /** Fails the test if a descriptor or a mapping is left, or if the kernel was misused. */
    public synchronized void assertNothingLeaked() {
        if (!descriptors.isEmpty() || !mappings.isEmpty() || !violations.isEmpty()) {
            throw new AssertionError("left: descriptors " + descriptors.keySet() + ", mappings " + mappings.size()
                    + "; misuse: " + violations);
        }
    }

    /** Waits until some write is held by {@link FaultPlan#stallWrites()}. */
    public synchronized void awaitStalledWrite() throws InterruptedException {
        while (stalledCount == 0) {
            wait();
        }
    }

    synchronized AssertionError violation(final String what) {
        violations.add(what);
        return new AssertionError(what);
    }

    @Override
    public synchronized int open(final String path, final int flags, final int mode) {
        final int errno = plan.next(Call.OPEN);
        if (errno != 0) {
            return -errno;
        }
        if ((flags & OPEN_FLAGS.directory()) != 0) {
            return directories.open(path, () -> install(new FakeDescriptor(null, null, flags)));
        }
        if (path.startsWith(SELF)) {
            final FakeFile same = openFile(Integer.parseInt(path.substring(SELF.length())));
            return same == null ? -ENOENT : install(new FakeDescriptor(same, null, flags));
        }
        FakeFile file = files.get(path);
        if (file == null && (flags & OPEN_FLAGS.create()) == 0) {
            return -ENOENT;
        } else if (file == null) {
            file = new FakeFile(this, nextInode++, mode & ~UMASK, true);
            files.put(path, file);
        } else if ((flags & OPEN_FLAGS.exclusive()) != 0) {
            return -EEXIST;
        }
        if ((flags & OPEN_FLAGS.truncate()) != 0) {
            file.truncate(0);
        }
        return install(new FakeDescriptor(file, null, flags));
    }

    private int install(final FakeDescriptor descriptor) {
        // Never the same number twice: a descriptor used after its close must not work by luck.
        descriptors.put(nextFd, descriptor);
        return nextFd++;
    }

    @Override
    public synchronized int close(final int fd) {
        final int errno = plan.next(Call.CLOSE);
        final FakeDescriptor closed = descriptors.remove(fd);
        if (closed == null) {
            throw violation("close of " + fd + ", which is not open");
        }
        events.remove(fd);
        rings.remove(closed.ring());
        return -errno;
    }

    @Override
    public synchronized int duplicate(final int fd) {
        final int errno = plan.next(Call.DUPLICATE);
        final FakeDescriptor same = descriptors.get(fd);
        return errno != 0 ? -errno : same == null ? -EBADF : install(same);
    }

    @Override
    public synchronized long writev(final int fd, final long iovecAddress, final int iovecCount) {
        awaitNoStall();
        if (events.has(fd)) {
            events.signal(fd); // No caller looks at the result, so its failure cannot be planned.
            return Long.BYTES;
        }
        final int errno = plan.next(Call.WRITEV);
        if (errno != 0) {
            return -errno;
        }
        return iovecCount < 0 || iovecCount > UIO_MAXIOV
                ? -EINVAL
                : write(fd, Iovecs.read(iovecAddress, iovecCount), -1);
    }

    synchronized int runWritev(final int fd, final Iovecs iovecs, final long offset) {
        final int errno = plan.next(Call.SQE_WRITEV);
        return errno != 0 ? -errno : write(fd, iovecs, offset);
    }

    private int write(final int fd, final Iovecs iovecs, final long offset) {
        final FakeDescriptor descriptor = descriptors.get(fd);
        iovecCountMax = Math.max(iovecCountMax, iovecs.count());
        return descriptor == null ? -EBADF : descriptor.write(iovecs, offset, plan);
    }

    @Override
    public int fdatasync(final int fd) {
        return sync(Call.FDATASYNC, fd);
    }

    @Override
    public int fsync(final int fd) {
        return sync(Call.FSYNC, fd);
    }

    private synchronized int sync(final Call call, final int fd) {
        awaitNoStall();
        final int errno = plan.next(call);
        final FakeDescriptor synced = descriptors.get(fd);
        if (errno != 0 || synced == null || synced.takeError()) {
            return errno != 0 ? -errno : synced == null ? -EBADF : -EIO;
        }
        directories.synced(fd, synced.file());
        return 0;
    }

    synchronized int runFsync(final FakeFile file, final long size) {
        awaitNoStall();
        final int errno = plan.next(Call.SQE_FSYNC);
        if (errno == 0 && file != null) {
            file.synced(size);
        }
        return errno != 0 ? -errno : file == null ? -EBADF : 0;
    }

    /** The syncs that {@link FaultPlan#holdSyncs()} holds. */
    public HeldSyncs heldSyncs() {
        return heldSyncs;
    }

    @Override
    public synchronized int eventfd() {
        final int errno = plan.next(Call.EVENTFD);
        if (errno != 0) {
            return -errno;
        }
        final int fd = install(new FakeDescriptor(null, null, 0));
        events.add(fd);
        return fd;
    }

    FakeEvents events() {
        return events;
    }

    @Override
    public synchronized int ppoll(final long pollfdAddress, final long timespecAddress) {
        final int errno = plan.next(Call.PPOLL);
        if (errno != 0) {
            return -errno;
        }
        return events.poll(pollfdAddress, timespecAddress, rings);
    }

    @Override
    public synchronized long read(final int fd, final long address, final long count) {
        final int errno = plan.next(Call.READ);
        if (errno != 0) {
            return -errno;
        }
        return events.read(fd, address);
    }

    @Override
    public synchronized int fstat(final int fd, final FileStatus status) {
        final int errno = plan.next(Call.FSTAT);
        final FakeFile file = openFile(fd);
        if (errno != 0 || file == null) {
            return errno != 0 ? -errno : -EBADF;
        }
        file.status(status);
        return 0;
    }

    @Override
    public synchronized int lstat(final String path, final FileStatus status) {
        final int errno = plan.next(Call.LSTAT);
        final FakeFile file = files.get(path);
        if (errno != 0 || file == null) {
            return errno != 0 ? -errno : -ENOENT;
        }
        file.status(status);
        return 0;
    }

    @Override
    public synchronized int fchmod(final int fd, final int mode) {
        final int errno = plan.next(Call.FCHMOD);
        final FakeFile file = openFile(fd);
        if (errno != 0 || file == null) {
            return errno != 0 ? -errno : -EBADF;
        }
        file.chmod(mode);
        return 0;
    }

    @Override
    public synchronized int ioUringSetup(final int entries, final long paramsAddress) {
        final int errno = plan.next(Call.IO_URING_SETUP);
        final ByteBuffer params = NativeMemory.view(paramsAddress, Params.SIZE);
        setupFlags = params.getInt(Params.FLAGS);
        // The kernel rounds up to a power of two; this one insists that the caller has done so.
        if (errno != 0 || Integer.bitCount(entries) != 1 || (setupFlags & plan.refusedSetupFlags()) != 0) {
            return errno != 0 ? -errno : -EINVAL;
        }
        params.putInt(Params.FEATURES, ALL_FEATURES & ~plan.missingFeatures());
        final FakeRing ring = new FakeRing(this, plan, entries, params);
        rings.add(ring);
        return install(new FakeDescriptor(null, ring, 0));
    }

    @Override
    public synchronized int ioUringEnter(final int ringFd, final int toSubmit, final int minComplete, final int flags) {
        awaitNoStall();
        final FakeRing ring = ring(ringFd);
        if (ring != null) {
            // Before any failure: what is in flight goes on whether or not enter does.
            ring.tick();
        }
        final int errno = plan.next(Call.IO_URING_ENTER);
        if (errno != 0 || ring == null || !ring.isEnabled()) {
            return errno != 0 ? -errno : ring == null ? -EBADF : -EBADFD;
        }
        final int submitted = ring.submit(toSubmit);
        final int lateErrno = plan.takeEnterErrnoAfterSubmission();
        if (lateErrno != 0) {
            return -lateErrno;
        }
        if (submitted > 0 || ring.completionCount() >= minComplete) {
            return submitted;
        }
        if (ring.isIdle()) {
            throw violation("io_uring_enter waits for ever: nothing is in flight");
        }
        return -EINTR;
    }

    @Override
    public synchronized int ioUringRegister(
            final int ringFd, final int opcode, final long argAddress, final int argCount) {
        final int errno = plan.next(Call.IO_URING_REGISTER);
        final FakeRing ring = ring(ringFd);
        if (errno != 0 || ring == null) {
            return errno != 0 ? -errno : -EBADF;
        }
        return switch (opcode) {
            case 4 -> ring.registerEventfd(argAddress);
            case 11 -> ring.restrict(argAddress, argCount);
            case 12 -> ring.enable();
            default -> -EINVAL;
        };
    }

    FakeFile openFile(final int fd) {
        final FakeDescriptor descriptor = descriptors.get(fd);
        return descriptor == null ? null : descriptor.file();
    }

    private FakeRing ring(final int fd) {
        final FakeDescriptor descriptor = descriptors.get(fd);
        return descriptor == null ? null : descriptor.ring();
    }

    @Override
    public synchronized long mmap(final long length, final int fd, final long offset) {
        final int errno = plan.next(Call.MMAP);
        final FakeRing ring = ring(fd);
        final ByteBuffer memory = ring == null ? null : ring.memory(offset);
        if (errno != 0 || memory == null || length > memory.capacity()) {
            return errno != 0 ? -errno : -EINVAL;
        }
        return mappings.add(memory, length);
    }

    @Override
    public synchronized int munmap(final long address, final long length) {
        final int errno = plan.next(Call.MUNMAP);
        mappings.remove(address, length);
        return -errno;
    }

    private void awaitNoStall() {
        boolean isInterrupted = false;
        while (plan.areWritesStalled()) {
            stalledCount++;
            notifyAll();
            try {
                wait();
            } catch (final InterruptedException e) {
                isInterrupted = true; // A Java interrupt does not end a system call.
            }
            stalledCount--;
        }
        if (isInterrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
