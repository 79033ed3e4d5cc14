package dev.uringlog.uring;

import static dev.uringlog.sys.LinuxErrno.EACCES;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.uringlog.sys.Call;
import dev.uringlog.sys.FakeKernel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The two queues against the fake kernel's side of them. */
class RingTest {
    private static final int DEPTH = 4;

    private final FakeKernel kernel = new FakeKernel();
    private Ring ring;
    private SubmissionQueue submissions;
    private CompletionQueue completions;
    private int devNull;

    @BeforeEach
    void open() {
        devNull = kernel.open("/dev/null", 1, 0);
        ring = RingSetup.open(kernel, DEPTH).ring();
        submissions = ring.submissionQueue();
        completions = ring.completionQueue();
    }

    @AfterEach
    void close() {
        ring.close();
        kernel.close(devNull);
        kernel.assertNothingLeaked();
    }

    private boolean offer(final long userData) {
        return submissions.offerWritev(devNull, 0, 0, userData);
    }

    @Test
    void shouldRefuseAnEntryWhenTheQueueIsFull() {
        for (int i = 0; i < DEPTH; i++) {
            assertTrue(offer(i));
        }
        assertFalse(offer(DEPTH));
        assertEquals(DEPTH, submissions.pending());
        assertEquals(DEPTH, ring.submitAndWait(DEPTH));
        assertTrue(offer(DEPTH));
        assertEquals(1, ring.submitAndWait(1));
        for (int i = 0; i <= DEPTH; i++) {
            assertTrue(completions.poll());
            assertEquals(i, completions.userData());
            assertEquals(0, completions.result());
        }
        assertFalse(completions.poll());
    }

    @Test
    void shouldKeepItsPlaceRoundAfterRound() {
        for (long userData = 1; userData <= 100 * DEPTH; userData += 3) {
            for (int i = 0; i < 3; i++) {
                assertTrue(offer(userData + i));
            }
            assertEquals(3, ring.submitAndWait(3));
            for (int i = 0; i < 3; i++) {
                assertTrue(completions.pollFor(userData + i));
            }
            assertFalse(completions.poll());
        }
    }

    @Test
    void shouldTakeBackOnlyWhatTheKernelHasNotTaken() {
        offer(1);
        ring.submitAndWait(1);
        offer(2);
        offer(3);
        submissions.rewind();
        assertEquals(0, submissions.pending());
        assertEquals(0, ring.submitAndWait(0));
        offer(4);
        ring.submitAndWait(1);
        assertTrue(completions.pollFor(1));
        assertTrue(completions.poll());
        assertEquals(4, completions.userData());
        assertFalse(completions.poll());
    }

    @Test
    void shouldFindACompletionBehindOthers() {
        kernel.plan().delayNextCompletion(1);
        offer(1);
        offer(2);
        ring.submitAndWait(2);
        assertTrue(completions.pollFor(2), "completions come in any order");
        assertEquals(0, ring.submitAndWait(1));
        assertFalse(completions.pollFor(2));
    }

    @Test
    void shouldBeForbiddenWhatItDoesNotNeed() {
        submissions.offer(Sqe.IORING_OP_NOP, -1, 1);
        submissions.offer(Sqe.IORING_OP_FSYNC, devNull, 2);
        ring.submitAndWait(2);
        assertTrue(completions.pollFor(1));
        assertEquals(-EACCES, completions.result());
        assertTrue(completions.pollFor(2));
        assertEquals(0, completions.result());
    }

    @Test
    void shouldUnmapEachMappingOnce() {
        ring.close();
        ring.close();
        assertEquals(2, kernel.calls(Call.MMAP));
        assertEquals(2, kernel.calls(Call.MUNMAP));
    }
}
