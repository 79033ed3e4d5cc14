package dev.uringlog.file;

import static dev.uringlog.sys.LinuxErrno.EACCES;
import static dev.uringlog.sys.LinuxErrno.EAGAIN;
import static dev.uringlog.sys.LinuxErrno.EBADR;
import static dev.uringlog.sys.LinuxErrno.ECANCELED;
import static dev.uringlog.sys.LinuxErrno.EIO;
import static dev.uringlog.sys.LinuxErrno.EMFILE;
import static dev.uringlog.sys.LinuxErrno.EPERM;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.uringlog.sys.Call;
import dev.uringlog.sys.FakeKernel;
import dev.uringlog.write.ErrnoException;
import dev.uringlog.write.LogFile;
import dev.uringlog.write.OnKernel;
import dev.uringlog.write.UnsupportedStrategyException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class SyncQueueTest {
    private static final int DEPTH = 4;

    private final FakeKernel kernel = new FakeKernel();
    private LogFile file;
    private SyncQueue queue;

    @BeforeEach
    void open() throws IOException {
        file = OnKernel.file(kernel, Path.of("/log")).open();
        queue = SyncQueue.open(file, kernel, DEPTH);
    }

    @AfterEach
    void close() throws IOException {
        queue.close();
        file.close();
        kernel.assertNothingLeaked();
    }

    @Test
    void shouldBeginAsManyAsItIsDeepAndReuseTheirSlots() {
        kernel.plan().holdSyncs();
        queue.prepare(DEPTH);
        final Set<Integer> slots = new HashSet<>();
        for (int i = 0; i < DEPTH; i++) {
            slots.add(queue.begin());
        }
        assertEquals(Set.of(0, 1, 2, 3), slots);
        assertEquals(SyncQueue.NONE, queue.begin());
        assertEquals(SyncQueue.NONE, queue.poll());
        assertFalse(queue.hasNews());
        kernel.heldSyncs().complete(2, 0);
        assertTrue(queue.hasNews());
        assertEquals(2, queue.poll());
        assertNull(queue.failure());
        assertEquals(2, queue.begin());
    }

    @Test
    void shouldTellAFailureOfTheFileAndGoOn() {
        kernel.plan().failNext(Call.SQE_FSYNC, EIO);
        final int slot = queue.begin();
        assertEquals(slot, queue.poll());
        assertEquals(
                EIO,
                assertThrows(ErrnoException.class, () -> {
                            throw queue.failure();
                        })
                        .errno());
        assertNull(queue.degradation());
        assertEquals(queue.begin(), queue.poll());
        assertNull(queue.failure());
    }

    @Test
    void shouldBeginNoneWhileTheKernelIsShortOfSomething() {
        kernel.plan().failNext(Call.IO_URING_ENTER, EAGAIN);
        assertEquals(SyncQueue.NONE, queue.begin());
        assertNull(queue.degradation());
        assertEquals(queue.begin(), queue.poll());
    }

    @Test
    void shouldCountASyncThatWasTakenWhateverEnterSays() {
        kernel.plan().failNextEnterAfterSubmission(EBADR);
        assertEquals(queue.begin(), queue.poll());
        assertNull(queue.failure());
        assertEquals(1, kernel.calls(Call.SQE_FSYNC));
    }

    @Test
    void shouldGiveUpARingThatIsBroken() {
        kernel.plan().failNext(Call.IO_URING_ENTER, EBADR);
        assertEquals(SyncQueue.NONE, queue.begin());
        assertTrue(queue.degradation().contains("EBADR"), queue.degradation());
        assertTrue(queue.hasNews(), "it is to be told");
        assertEquals(SyncQueue.NONE, queue.begin());
        assertEquals(SyncQueue.NONE, queue.poll());
    }

    @Test
    void shouldGiveUpARingThatHasNoWorkers() {
        kernel.plan().failNext(Call.SQE_FSYNC, ECANCELED);
        queue.begin();
        assertEquals(SyncQueue.NONE, queue.poll());
        assertTrue(queue.degradation().contains("RLIMIT_NPROC"), queue.degradation());
    }

    @Test
    void shouldGiveUpARingThatLosesACompletion() throws IOException {
        queue.close();
        queue = SyncQueue.open(file, kernel, DEPTH, TimeUnit.MILLISECONDS.toNanos(20));
        kernel.plan().swallowNextCompletion();
        assertNotEquals(SyncQueue.NONE, queue.begin());
        assertEquals(SyncQueue.NONE, queue.poll());
        await().until(queue::hasNews);
        assertEquals(SyncQueue.NONE, queue.poll());
        assertTrue(queue.degradation().contains("did not come"), queue.degradation());
    }

    @Test
    void shouldGiveUpWhereTheFileCannotBeOpenedOnceMore() throws IOException {
        kernel.plan().failNext(Call.OPEN, EACCES);
        queue.follow(file);
        assertEquals(SyncQueue.NONE, queue.begin());
        assertTrue(queue.degradation().contains("open again"), queue.degradation());
    }

    /** A descriptor that is opened later does not know of an error that another process was told of before. */
    @Test
    void shouldSyncByNoDescriptorThatWasOpenedNeitherWithTheFileNorBeforeASyncOfItsOwn() throws IOException {
        kernel.plan().holdSyncs();
        final long opened = kernel.calls(Call.OPEN);
        assertEquals(0, queue.begin());
        assertEquals(SyncQueue.NONE, queue.begin());
        assertEquals(opened, kernel.calls(Call.OPEN));
        queue.prepare(1);
        file.sync();
        assertEquals(1, queue.begin());
        assertEquals(SyncQueue.NONE, queue.begin());
        assertNull(queue.degradation());
        kernel.heldSyncs().complete(0, 0);
        kernel.heldSyncs().complete(0, 0);
        while (queue.poll() != SyncQueue.NONE) {}
        queue.follow(file);
        assertEquals(opened + 1 + 4, kernel.calls(Call.OPEN), "as many as the file before needed");
    }

    @Test
    void shouldDoWithTheDescriptorsItHasWhereThereAreNoMore() {
        kernel.plan().holdSyncs().failFrom(Call.OPEN, 1, EMFILE);
        queue.prepare(DEPTH);
        assertEquals(0, queue.begin());
        assertEquals(SyncQueue.NONE, queue.begin());
        assertNull(queue.degradation());
        kernel.plan().heal();
        queue.prepare(DEPTH);
        assertNotEquals(SyncQueue.NONE, queue.begin());
    }

    /** The kernel looks a descriptor up in its worker: EBADF would have the ring given up for good. */
    @Test
    void shouldKeepTheDescriptorsOfAFileThatIsLeftUntilItsSyncsHaveCompleted() throws IOException {
        kernel.plan().holdSyncs();
        queue.prepare(DEPTH);
        final int descriptors = kernel.openDescriptors();
        queue.begin();
        queue.begin();
        kernel.file("/log").append("text");
        try (LogFile other = OnKernel.file(kernel, Path.of("/other")).open()) {
            queue.follow(other);
            assertEquals(
                    descriptors + 1, kernel.openDescriptors(), "two in flight, two of the new file, which has one too");
            kernel.heldSyncs().complete(1, 0);
            kernel.heldSyncs().complete(0, 0);
            assertNotEquals(SyncQueue.NONE, queue.poll());
            assertNull(queue.failure());
            assertNotEquals(SyncQueue.NONE, queue.poll());
            assertEquals(descriptors + 1 - 2, kernel.openDescriptors());
            assertNull(queue.degradation());
            queue.prepare(DEPTH);
            queue.leave();
            assertEquals(descriptors + 1 - DEPTH, kernel.openDescriptors());
            assertEquals(SyncQueue.NONE, queue.begin(), "there is no file");
            queue.follow(other);
        }
    }

    @Test
    void shouldDiscardCompletionsOfAnotherSubmission() {
        kernel.plan().addStaleCompletions(2, 77);
        assertEquals(queue.begin(), queue.poll());
    }

    @Test
    void shouldEndAWaitWithACompletion() {
        kernel.plan().delayNextCompletion(3);
        final int slot = queue.begin();
        while (!queue.hasNews()) {
            queue.await(TimeUnit.SECONDS.toNanos(30));
        }
        assertEquals(slot, queue.poll());
    }

    @Test
    void shouldEndAWaitFromAnyThreadAndNotMindOnceItIsClosed() throws InterruptedException {
        queue.await(0); // The probe's completion.
        final Thread waker = new Thread(queue::wake);
        waker.start();
        queue.await(TimeUnit.SECONDS.toNanos(60)); // Ended within the test's time.
        waker.join();
        queue.close();
        queue.wake();
    }

    @Test
    void shouldSyncTheFileItFollowsAndNotTheOneBefore() throws IOException {
        queue.begin();
        queue.poll();
        final int descriptors = kernel.openDescriptors();
        try (LogFile other = OnKernel.file(kernel, Path.of("/other")).open()) {
            queue.follow(other);
            assertEquals(descriptors + 1, kernel.openDescriptors(), "one more file");
            kernel.file("/other").append("text");
            assertEquals(queue.begin(), queue.poll());
            assertEquals(4, kernel.file("/other").syncedSize());
        }
    }

    @Test
    void shouldSayWhatRefusedItAndLeaveNothingBehind() {
        final int descriptors = kernel.openDescriptors();
        for (final Call call :
                new Call[] {Call.EVENTFD, Call.IO_URING_SETUP, Call.MMAP, Call.IO_URING_REGISTER, Call.IO_URING_ENTER
                }) {
            kernel.plan().failNext(call, EPERM);
            final UnsupportedStrategyException refusal =
                    assertThrows(UnsupportedStrategyException.class, () -> SyncQueue.open(file, kernel, DEPTH));
            assertNotNull(refusal.getMessage());
            assertTrue(refusal.getMessage().contains("EPERM"), refusal.getMessage());
            assertEquals(descriptors, kernel.openDescriptors(), call.toString());
        }
    }
}
