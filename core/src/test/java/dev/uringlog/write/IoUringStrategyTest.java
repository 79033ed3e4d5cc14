package dev.uringlog.write;

import static dev.uringlog.sys.LinuxErrno.EACCES;
import static dev.uringlog.sys.LinuxErrno.EAGAIN;
import static dev.uringlog.sys.LinuxErrno.EBADF;
import static dev.uringlog.sys.LinuxErrno.EBADFD;
import static dev.uringlog.sys.LinuxErrno.EBADR;
import static dev.uringlog.sys.LinuxErrno.EBUSY;
import static dev.uringlog.sys.LinuxErrno.ECANCELED;
import static dev.uringlog.sys.LinuxErrno.EDQUOT;
import static dev.uringlog.sys.LinuxErrno.EEXIST;
import static dev.uringlog.sys.LinuxErrno.EFAULT;
import static dev.uringlog.sys.LinuxErrno.EFBIG;
import static dev.uringlog.sys.LinuxErrno.EINTR;
import static dev.uringlog.sys.LinuxErrno.EINVAL;
import static dev.uringlog.sys.LinuxErrno.EIO;
import static dev.uringlog.sys.LinuxErrno.ENOSPC;
import static dev.uringlog.sys.LinuxErrno.ENXIO;
import static dev.uringlog.sys.LinuxErrno.EOPNOTSUPP;
import static dev.uringlog.sys.LinuxErrno.EPERM;
import static dev.uringlog.sys.LinuxErrno.ETIME;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.uringlog.sys.Call;
import dev.uringlog.sys.FakeKernel;
import java.io.IOException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of a batch, whatever io_uring does: on the fake kernel, one fault a test. */
class IoUringStrategyTest {
    private static final String PATH = "/log";
    private static final int O_WRONLY_CREAT_APPEND =
            1 | FakeKernel.OPEN_FLAGS.create() | FakeKernel.OPEN_FLAGS.append();

    private final FakeKernel kernel = new FakeKernel();
    private IoUringStrategy strategy;
    private int fd;

    @BeforeEach
    void open() throws IOException {
        fd = kernel.open(PATH, O_WRONLY_CREAT_APPEND, 0600);
        strategy = IoUringStrategy.open(kernel, 16);
    }

    @AfterEach
    void close() {
        strategy.close();
        kernel.close(fd);
        if (!strategy.isMemoryQuarantined()) {
            kernel.assertNothingLeaked();
        }
    }

    private long write(final String... parts) throws IOException {
        final Batch batch = new Batch(parts);
        final long written = strategy.writev(fd, batch.address(), batch.count());
        batch.scribble();
        return written;
    }

    private String text() {
        return kernel.file(PATH).text();
    }

    private void assertOnTheRing() {
        assertNull(strategy.degradation());
        assertEquals(0, kernel.calls(Call.WRITEV));
    }

    /** The ring is gone, once, and nothing else is; the writer still writes. */
    private void assertReleasedAndOnWritev(final String expectedReason) throws IOException {
        assertTrue(strategy.degradation().contains(expectedReason), strategy.degradation());
        assertFalse(strategy.isMemoryQuarantined());
        assertEquals(0, kernel.mappings());
        assertEquals(1, kernel.openDescriptors());
        assertEquals(2, kernel.calls(Call.MUNMAP));
        final long enters = kernel.calls(Call.IO_URING_ENTER);
        final String before = text();
        assertEquals(6, write("after\n"));
        assertEquals(before + "after\n", text());
        assertEquals(enters, kernel.calls(Call.IO_URING_ENTER));
    }

    @Test
    void shouldWriteThroughTheRingOnly() throws IOException {
        final StringBuilder expected = new StringBuilder();
        for (int i = 0; i < 512; i++) {
            final String line = "line " + i + "\n";
            assertEquals(line.length() + 2, write("> ", line));
            expected.append("> ").append(line);
        }
        assertEquals(expected.toString(), text());
        assertEquals(513, kernel.calls(Call.SQE_WRITEV));
        assertOnTheRing();
    }

    @Test
    void shouldGiveEachSubmissionALargerUserData() throws IOException {
        write("one\n");
        write("two\n");
        write("three\n");
        assertEquals(4, kernel.userData().size());
        for (int i = 1; i < kernel.userData().size(); i++) {
            assertTrue(kernel.userData().get(i) > kernel.userData().get(i - 1), kernel.userData()::toString);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 1000})
    void shouldWaitAgainAfterEachSignalThatEndsTheWait(final int signals) throws IOException {
        kernel.plan().delayNextCompletion(signals);
        assertEquals(4, write("one\n"));
        assertEquals(4, write("two\n"));
        assertEquals("one\ntwo\n", text());
        assertOnTheRing();
    }

    @ParameterizedTest
    @ValueSource(ints = {EINTR, ETIME, EAGAIN, EBUSY})
    void shouldSubmitAgainWhenEnterFailedInPassing(final int errno) throws IOException {
        kernel.plan().failNext(Call.IO_URING_ENTER, errno).failNth(Call.IO_URING_ENTER, 2, errno);
        assertEquals(4, write("one\n"));
        assertEquals("one\n", text());
        assertOnTheRing();
    }

    @ParameterizedTest
    @ValueSource(ints = {EINTR, ETIME, EAGAIN, EBUSY})
    void shouldNotSubmitAgainWhenOnlyTheWaitFailedInPassing(final int errno) throws IOException {
        kernel.plan().delayNextCompletion(3).failNth(Call.IO_URING_ENTER, 2, errno);
        assertEquals(4, write("one\n"));
        assertEquals("one\n", text());
        assertOnTheRing();
    }

    @Test
    void shouldDiscardCompletionsOfOtherSubmissions() throws IOException {
        kernel.plan().addStaleCompletions(3, 0);
        assertEquals(4, write("one\n"));
        kernel.plan().addStaleCompletions(3, 1).delayNextCompletion(2);
        assertEquals(6, write("second"));
        assertEquals("one\nsecond", text());
        assertOnTheRing();
    }

    @ParameterizedTest
    @ValueSource(ints = {EAGAIN, EBUSY})
    void shouldGiveUpOnWhatShouldHavePassed(final int errno) throws IOException {
        kernel.plan().failFrom(Call.IO_URING_ENTER, 1, errno);
        assertEquals(4, write("one\n"));
        assertEquals("one\n", text());
        assertReleasedAndOnWritev("io_uring_enter");
    }

    @ParameterizedTest(name = "errno {0}")
    @ValueSource(ints = {EPERM, ENXIO, EBADF, EACCES, EFAULT, EEXIST, EINVAL, EBADR, EBADFD, EOPNOTSUPP, 133})
    void shouldRewindAndWritevOnceWhenTheKernelNeverSawTheEntry(final int errno) throws IOException {
        write("before\n");
        kernel.plan().failNext(Call.IO_URING_ENTER, errno);
        assertEquals(4, write("one\n"));
        assertEquals("before\none\n", text());
        assertEquals(1, kernel.calls(Call.WRITEV));
        assertReleasedAndOnWritev("io_uring_enter");
    }

    @Test
    void shouldBelieveACompletionThatCameWithAnError() throws IOException {
        kernel.plan().failNextEnterAfterSubmission(EBADR);
        assertEquals(4, write("one\n"));
        assertEquals(4, write("two\n"));
        assertEquals("one\ntwo\n", text());
        assertOnTheRing();
    }

    @ParameterizedTest(name = "errno {0}")
    @ValueSource(ints = {EPERM, ENXIO, EBADF, EACCES, EFAULT, EEXIST, EINVAL, EBADR, EBADFD, EOPNOTSUPP, 133})
    void shouldWaitForTheCompletionWhenTheRingBreaksAfterSubmission(final int errno) throws IOException {
        kernel.plan().failNextEnterAfterSubmission(errno).delayNextCompletion(3);
        assertEquals(4, write("one\n"));
        assertEquals("one\n", text());
        assertEquals(0, kernel.calls(Call.WRITEV));
        assertReleasedAndOnWritev("io_uring_enter");
    }

    @Test
    void shouldReportAFailureThatCompletesAfterTheRingBroke() throws IOException {
        kernel.plan().failNextEnterAfterSubmission(EBADR).delayNextCompletion(3);
        kernel.plan().failNext(Call.SQE_WRITEV, ENOSPC);
        assertEquals(
                ENOSPC, assertThrows(ErrnoException.class, () -> write("one\n")).errno());
        assertEquals("", text());
        assertReleasedAndOnWritev("io_uring_enter");
    }

    @Test
    void shouldQuarantineMemoryAndRingWhenTheCompletionNeverComes() throws IOException {
        strategy.close();
        strategy = IoUringStrategy.open(kernel, 16, TimeUnit.MILLISECONDS.toNanos(2));
        kernel.plan().failNextEnterAfterSubmission(EBADR).swallowNextCompletion();
        final ErrnoException failure = assertThrows(ErrnoException.class, () -> write("one\n"));
        assertEquals(EBADR, failure.errno());
        assertTrue(failure.getMessage().contains("unknown"), failure.getMessage());
        assertTrue(strategy.isMemoryQuarantined());
        assertNotNull(strategy.degradation());

        assertEquals(4, write("two\n"));
        assertEquals(1, kernel.calls(Call.WRITEV));
        strategy.close();
        assertEquals(2, kernel.mappings(), "the kernel may still use the ring");
        assertEquals(2, kernel.openDescriptors(), "the file's and the ring's");
    }

    @Test
    void shouldReadTheBytesOfALateWriteBeforeTheCallReturns() throws IOException {
        kernel.plan().failNextEnterAfterSubmission(EBADR).delayNextCompletion(2);
        final Batch batch = new Batch("late\n");
        assertEquals(5, strategy.writev(fd, batch.address(), batch.count()));
        batch.scribble();
        assertEquals("late\n", text());
    }

    @Test
    void shouldWritevTheBatchWhenThereIsNoWorkerForIt() throws IOException {
        kernel.plan().failFrom(Call.SQE_WRITEV, 1, ECANCELED);
        assertEquals(4, write("one\n"));
        assertEquals("one\n", text());
        assertReleasedAndOnWritev("RLIMIT_NPROC");
    }

    @ParameterizedTest
    @ValueSource(ints = {EAGAIN, EINTR})
    void shouldWritevTheBatchThatCompletedWithNothingDone(final int errno) throws IOException {
        kernel.plan().failNext(Call.SQE_WRITEV, errno);
        assertEquals(4, write("one\n"));
        assertEquals(4, write("two\n"));
        assertEquals("one\ntwo\n", text());
        assertEquals(1, kernel.calls(Call.WRITEV));
        assertNull(strategy.degradation());
    }

    @ParameterizedTest
    @ValueSource(ints = {EIO, EBADF, EFBIG, ENOSPC, EDQUOT})
    void shouldKeepTheRingWhenTheFileRefusesTheWrite(final int errno) throws IOException {
        kernel.plan().failNext(Call.SQE_WRITEV, errno);
        assertEquals(
                errno, assertThrows(ErrnoException.class, () -> write("one\n")).errno());
        assertEquals(4, write("two\n"));
        assertEquals("two\n", text());
        assertOnTheRing();
    }

    @Test
    void shouldReturnAShortCount() throws IOException {
        kernel.plan().shortWriteAt(5);
        assertEquals(5, write("first\n", "second\n"));
        assertEquals("first", text());
        kernel.plan().limitSpace(3);
        assertEquals(3, write("second\n"));
        assertEquals(
                ENOSPC,
                assertThrows(ErrnoException.class, () -> write("third\n")).errno());
        kernel.plan().addSpace(100);
        assertEquals(6, write("third\n"));
        assertEquals("firstsecthird\n", text());
        assertOnTheRing();
    }

    @Test
    void shouldServeAnotherThreadThanTheOneThatOpenedIt() throws Exception {
        final FutureTask<Long> task = new FutureTask<>(() -> write("one\n"));
        new Thread(task).start();
        assertEquals(4, task.get());
        assertEquals(4, write("two\n"));
        assertEquals("one\ntwo\n", text());
        assertOnTheRing();
    }

    @Test
    void shouldReleaseTheRingOnceHoweverOftenItIsClosed() {
        strategy.close();
        strategy.close();
        assertEquals(2, kernel.calls(Call.MUNMAP));
        assertEquals(1, kernel.openDescriptors());
        assertThrows(WriterClosedException.class, () -> write("one\n"));
        assertEquals("", text());
    }

    @Test
    void shouldRefuseToWriteAfterCloseAlsoWhenTheRingWasGivenUp() throws IOException {
        kernel.plan().failNext(Call.IO_URING_ENTER, EBADR);
        write("one\n");
        strategy.close();
        assertThrows(WriterClosedException.class, () -> write("two\n"));
        assertEquals(2, kernel.calls(Call.MUNMAP));
    }
}
