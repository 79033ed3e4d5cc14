package dev.uringlog.sys;

import static dev.uringlog.sys.LinuxErrno.EIO;
import static dev.uringlog.sys.LinuxErrno.ENOSPC;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

/** The fake has to fail like a kernel, or every test on it proves nothing. */
class FakeKernelTest {
    private static final int O_WRONLY_CREAT = 1 | FakeKernel.OPEN_FLAGS.create();
    private static final int O_APPEND = FakeKernel.OPEN_FLAGS.append();

    private final FakeKernel kernel = new FakeKernel();

    private long write(final int fd, final String text) {
        final byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        final ByteBuffer payload = NativeMemory.allocate(bytes.length, 1).put(0, bytes);
        final ByteBuffer iovec = NativeMemory.allocate(16, 8);
        iovec.putLong(0, NativeMemory.address(payload)).putLong(8, bytes.length);
        final long result = kernel.writev(fd, NativeMemory.address(iovec), 1);
        Reference.reachabilityFence(payload);
        Reference.reachabilityFence(iovec);
        return result;
    }

    @Test
    void shouldAppendOnlyWhereAsked() {
        final int appending = kernel.open("/log", O_WRONLY_CREAT | O_APPEND, 0666);
        final int positioned = kernel.open("/log", O_WRONLY_CREAT, 0666);
        write(appending, "first\n");
        write(appending, "second\n");
        write(positioned, "FIRST");
        assertEquals("FIRST\nsecond\n", kernel.file("/log").text());
        assertEquals(0644, kernel.file("/log").permissions());
        assertThrows(AssertionError.class, kernel::assertNothingLeaked);
        kernel.close(appending);
        kernel.close(positioned);
        kernel.assertNothingLeaked();
    }

    @Test
    void shouldFailExactlyTheCallsPlanned() {
        final int fd = kernel.open("/log", O_WRONLY_CREAT, 0600);
        kernel.plan().failNth(Call.WRITEV, 2, EIO).failFrom(Call.WRITEV, 4, ENOSPC);
        assertEquals(1, write(fd, "1"));
        assertEquals(-EIO, write(fd, "2"));
        assertEquals(1, write(fd, "3"));
        assertEquals(-ENOSPC, write(fd, "4"));
        assertEquals(-ENOSPC, write(fd, "5"));
        kernel.plan().heal();
        assertEquals(1, write(fd, "6"));
        assertEquals("136", kernel.file("/log").text());
        assertEquals(6, kernel.calls(Call.WRITEV));
    }

    @Test
    void shouldRunOutOfSpaceShortFirst() {
        final int fd = kernel.open("/log", O_WRONLY_CREAT, 0600);
        kernel.plan().limitSpace(4);
        assertEquals(4, write(fd, "first\n"));
        assertEquals(-ENOSPC, write(fd, "t\n"));
        kernel.plan().addSpace(100);
        assertEquals(2, write(fd, "t\n"));
        assertEquals("first\n", kernel.file("/log").text());
    }

    @Test
    void shouldHoldAWriteUntilTheDeviceGoesOn() throws Exception {
        final int fd = kernel.open("/log", O_WRONLY_CREAT, 0600);
        kernel.plan().stallWrites();
        final FutureTask<Long> writing = new FutureTask<>(() -> write(fd, "late\n"));
        final Thread writer = new Thread(writing);
        writer.start();
        kernel.awaitStalledWrite();
        writer.interrupt();
        assertFalse(writing.isDone());
        assertEquals("", kernel.file("/log").text());
        kernel.plan().resumeWrites();
        assertEquals(5, writing.get());
        assertEquals("late\n", kernel.file("/log").text());
    }

    @Test
    void shouldReplayASeed() {
        final String first = randomRun(7);
        assertEquals(first, randomRun(7));
        assertNotEquals(first, randomRun(8));
    }

    private static String randomRun(final long seed) {
        final FakeKernel kernel = new FakeKernel();
        final int fd = kernel.open("/log", O_WRONLY_CREAT, 0600);
        kernel.plan().failRandomly(seed, Call.FSYNC, 0.5, EIO, ENOSPC);
        final StringBuilder results = new StringBuilder();
        for (int i = 0; i < 50; i++) {
            results.append(kernel.fsync(fd)).append(' ');
        }
        assertTrue(kernel.plan().toString().contains("seed=" + seed));
        return results.toString();
    }

    @Test
    void shouldKeepAFileThroughRenameAndUnlink() {
        final int fd = kernel.open("/log", O_WRONLY_CREAT, 0600);
        final FakeFile file = kernel.file("/log");
        kernel.rename("/log", "/log.1");
        write(fd, "first\n");
        assertEquals("first\n", kernel.file("/log.1").text());
        assertFalse(kernel.exists("/log"));
        kernel.unlink("/log.1");
        write(fd, "second\n");
        assertEquals("first\nsecond\n", file.text());
    }

    @Test
    void shouldTellMisuse() {
        final int fd = kernel.open("/log", O_WRONLY_CREAT, 0600);
        kernel.close(fd);
        assertThrows(AssertionError.class, () -> kernel.close(fd));
        assertThrows(AssertionError.class, () -> kernel.munmap(4096, 4096));
        assertThrows(AssertionError.class, kernel::assertNothingLeaked);
    }
}
