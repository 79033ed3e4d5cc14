package dev.uringlog.write;

import static dev.uringlog.sys.LinuxErrno.EAGAIN;
import static dev.uringlog.sys.LinuxErrno.EBADF;
import static dev.uringlog.sys.LinuxErrno.EBADR;
import static dev.uringlog.sys.LinuxErrno.EBUSY;
import static dev.uringlog.sys.LinuxErrno.ECANCELED;
import static dev.uringlog.sys.LinuxErrno.EEXIST;
import static dev.uringlog.sys.LinuxErrno.EFAULT;
import static dev.uringlog.sys.LinuxErrno.EINTR;
import static dev.uringlog.sys.LinuxErrno.EINVAL;
import static dev.uringlog.sys.LinuxErrno.EIO;
import static dev.uringlog.sys.LinuxErrno.ENOMEM;
import static dev.uringlog.sys.LinuxErrno.ENOSPC;
import static dev.uringlog.sys.LinuxErrno.ENOSYS;
import static dev.uringlog.sys.LinuxErrno.ENXIO;
import static dev.uringlog.sys.LinuxErrno.EPERM;
import static dev.uringlog.sys.LinuxErrno.ETIME;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.uringlog.sys.Call;
import dev.uringlog.sys.FakeKernel;
import java.io.IOException;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Fails the n-th call of a small run, for every n until a run completes unharmed, as SQLite's ioerr tests do. Whatever
 * fails: the file holds whole batches, in order, each at most once; what a call returned is what the file got; nothing is
 * left open.
 */
class IoUringSweepTest {
    private static final String PATH = "/log";
    private static final int O_WRONLY_CREAT_APPEND =
            1 | FakeKernel.OPEN_FLAGS.create() | FakeKernel.OPEN_FLAGS.append();
    private static final int BATCHES = 4;

    /** A run: opens, writes, closes, and remembers what each call claimed. */
    private static final class Run {
        private final FakeKernel kernel = new FakeKernel();
        private final StringBuilder claimed = new StringBuilder();
        private String unknown = "";
        private boolean isQuarantined;
        private final int fd;

        Run() {
            fd = kernel.open(PATH, O_WRONLY_CREAT_APPEND, 0600);
        }

        void go(final int batches, final long fateWaitNanosMax) throws IOException {
            final WriteStrategy strategy = strategy(fateWaitNanosMax);
            for (int i = 0; i < batches; i++) {
                writeWhole(strategy, "batch " + i + "\n");
            }
            isQuarantined = strategy.isMemoryQuarantined();
            strategy.close();
        }

        private WriteStrategy strategy(final long fateWaitNanosMax) {
            try {
                return IoUringStrategy.open(kernel, 4, fateWaitNanosMax);
            } catch (final UnsupportedStrategyException refusal) {
                return new WritevStrategy(kernel);
            }
        }

        private void writeWhole(final WriteStrategy strategy, final String text) {
            String rest = text;
            try {
                while (!rest.isEmpty()) {
                    final Batch batch = new Batch(rest.substring(0, 1), rest.substring(1));
                    final long written = strategy.writev(fd, batch.address(), batch.count());
                    // Not so if its fate were unknown; a call that returns has no bytes under way.
                    batch.scribble();
                    claimed.append(rest, 0, (int) written);
                    rest = rest.substring((int) written);
                }
            } catch (final IOException failure) {
                if (unknown.isEmpty() && strategy.isMemoryQuarantined()) {
                    unknown = rest;
                    // Known to the test alone: everything after the unknown batch follows it.
                    if (kernel.file(PATH).text().length() > claimed.length()) {
                        claimed.append(rest);
                    }
                }
            }
        }

        void check(final String what) {
            assertEquals(claimed.toString(), kernel.file(PATH).text(), what);
            if (isQuarantined) {
                assertEquals(2, kernel.mappings(), what);
                assertEquals(2, kernel.openDescriptors(), what);
            } else {
                kernel.close(fd);
                kernel.assertNothingLeaked();
            }
        }
    }

    @ParameterizedTest(name = "errno {0}")
    // EPERM, EIO, ENXIO, EBADF, EAGAIN, ENOMEM, EFAULT, EBUSY, EEXIST, EINVAL, ENOSPC, ENOSYS, EBADR, ECANCELED
    @ValueSource(
            ints = {
                EPERM, EIO, ENXIO, EBADF, EAGAIN, ENOMEM, EFAULT, EBUSY, EEXIST, EINVAL, ENOSPC, ENOSYS, EBADR,
                ECANCELED
            })
    void shouldSurviveAnyCallFailingOnceOrForEver(final int errno) throws IOException {
        for (final boolean forEver : new boolean[] {false, true}) {
            long calls;
            int n = 0;
            do {
                n++;
                final Run run = new Run();
                if (forEver) {
                    run.kernel.plan().failFromNthOfAll(n, errno);
                } else {
                    run.kernel.plan().failNthOfAll(n, errno);
                }
                run.go(BATCHES, TimeUnit.SECONDS.toNanos(5));
                calls = run.kernel.calls();
                run.check("errno " + errno + ", call " + n + (forEver ? " and all after it" : ""));
            } while (calls >= n);
            assertTrue(n > 20, "the sweep ended early, at " + n);
        }
    }

    @ParameterizedTest(name = "errno {0}")
    @ValueSource(ints = {EINTR, ETIME})
    void shouldSurviveASignalAtAnyCall(final int errno) throws IOException {
        for (int n = 1; ; n++) {
            final Run run = new Run();
            run.kernel.plan().failNthOfAll(n, errno);
            run.go(BATCHES, TimeUnit.SECONDS.toNanos(5));
            final long calls = run.kernel.calls();
            run.check("errno " + errno + ", call " + n);
            if (calls < n) {
                break;
            }
        }
    }

    /** Enter fails at the n-th submission, after the kernel took the entry; its completion comes late, or never. */
    @Test
    void shouldSurviveARingThatBreaksAtAnySubmission() throws IOException {
        for (int n = 0; n < BATCHES; n++) {
            for (final int delay : new int[] {0, 1, 5, -1}) {
                final Run run = new Run();
                final IoUringStrategy strategy = IoUringStrategy.open(
                        run.kernel, 4, delay < 0 ? TimeUnit.MILLISECONDS.toNanos(1) : TimeUnit.SECONDS.toNanos(5));
                for (int i = 0; i < BATCHES; i++) {
                    if (i == n) {
                        run.kernel.plan().failNextEnterAfterSubmission(EBADR);
                        if (delay < 0) {
                            run.kernel.plan().swallowNextCompletion();
                        } else {
                            run.kernel.plan().delayNextCompletion(delay);
                        }
                    }
                    run.writeWhole(strategy, "batch " + i + "\n");
                }
                run.isQuarantined = strategy.isMemoryQuarantined();
                strategy.close();
                assertEquals(delay < 0, run.isQuarantined);
                run.check("submission " + n + ", delay " + delay);
            }
        }
    }

    @Test
    void shouldSurviveFaultsAtRandom() throws IOException {
        final Random seeds = new Random();
        for (int i = 0; i < 200; i++) {
            final long seed = seeds.nextLong();
            final Run run = new Run();
            run.kernel
                    .plan()
                    .failRandomly(seed, Call.IO_URING_ENTER, 0.2, EINTR, EINTR, EINTR, EAGAIN, EBUSY, ETIME)
                    .failRandomly(seed, Call.IO_URING_ENTER, 0.01, EPERM, EBADF, EFAULT, EINVAL, EBADR)
                    .failRandomly(seed, Call.SQE_WRITEV, 0.1, EINTR, EIO, EAGAIN, ENOSPC)
                    .failRandomly(seed, Call.WRITEV, 0.1, EINTR, EIO, ENOSPC)
                    .limitSpace(seed & 0x3FF);
            run.go(60, TimeUnit.SECONDS.toNanos(5));
            run.check("replay with " + run.kernel.plan());
        }
    }
}
