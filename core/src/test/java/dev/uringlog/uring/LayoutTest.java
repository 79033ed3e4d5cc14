package dev.uringlog.uring;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.uringlog.sys.NativeMemory;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** The kernel's structs, by the numbers of its header. */
class LayoutTest {
    @Test
    void shouldHaveTheKernelsSizes() {
        assertEquals(64, Sqe.SIZE);
        assertEquals(16, Cqe.SIZE);
        assertEquals(120, Params.SIZE);
        assertEquals(16, Restriction.SIZE);
    }

    @Test
    void shouldLeaveNothingOfAnOlderEntryInAWritev() {
        final ByteBuffer sqes = NativeMemory.allocate(3 * Sqe.SIZE, Long.BYTES);
        for (int i = 0; i < sqes.capacity(); i++) {
            sqes.put(i, (byte) 0xFF);
        }
        Sqe.encodeWritev(sqes, Sqe.SIZE, 7, 0x1234_5678_9ABCL, 2, 99);

        final ByteBuffer expected = NativeMemory.allocate(3 * Sqe.SIZE, Long.BYTES);
        for (int i = 0; i < expected.capacity(); i++) {
            expected.put(i, (byte) (i >= Sqe.SIZE && i < 2 * Sqe.SIZE ? 0 : 0xFF));
        }
        expected.put(Sqe.SIZE, (byte) 2);
        expected.putInt(Sqe.SIZE + 4, 7);
        expected.putLong(Sqe.SIZE + 8, -1);
        expected.putLong(Sqe.SIZE + 16, 0x1234_5678_9ABCL);
        expected.putInt(Sqe.SIZE + 24, 2);
        expected.putLong(Sqe.SIZE + 32, 99);
        assertEquals(expected, sqes);
    }

    @Test
    void shouldAllowNothingButWritingAndSyncing() {
        final ByteBuffer restrictions = Restriction.allowed();
        assertEquals(Restriction.COUNT * Restriction.SIZE, restrictions.capacity());
        assertEquals(1, restrictions.getShort(0));
        assertEquals(Sqe.IORING_OP_WRITEV, restrictions.get(2));
        assertEquals(1, restrictions.getShort(16));
        assertEquals(Sqe.IORING_OP_FSYNC, restrictions.get(18));
    }
}
