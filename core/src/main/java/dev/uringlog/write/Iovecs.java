package dev.uringlog.write;

import dev.uringlog.sys.NativeMemory;
import java.nio.ByteBuffer;

/**
 * The iovec array of one submission, and scratch memory for the bytes that the kernel does not read in place.
 *
 * <p>The kernel has a cost per segment: 1024 segments of 256 bytes cost two to three times as much as one of 256 KiB. So heap
 * buffers and small direct buffers are copied back to back into scratch memory and become one iovec. Large direct buffers are
 * not copied; if they are adjacent in memory, they become one iovec. A small direct buffer is copied even if it is the only
 * one, because getting its address is a native call.
 *
 * <p>{@code struct iovec { void *iov_base; size_t iov_len; }}, see readv(2).
 */
final class Iovecs {
    private static final int SIZEOF = 16;
    private static final int LENGTH = 8;

    /** Copying this many bytes costs about as much as one more segment. */
    private static final int SMALL = 1024;

    private static final int SCRATCH_MIN = 64 << 10;

    /** The most that one submission copies. If there is more, the write is short and the next one takes the rest. */
    static final int SCRATCH_MAX = 1 << 20;

    private final ByteBuffer array = NativeMemory.allocate(VectoredWriter.MAX_IOVECS * SIZEOF, Long.BYTES);
    private final long arrayAddress = NativeMemory.address(array);
    private int scratchMax = SCRATCH_MAX;
    private ByteBuffer scratch = ByteBuffer.allocateDirect(0);
    private long scratchAddress;
    private int count;
    private long lastEnd;

    /** Builds the iovecs for the remaining bytes of the buffers, or for as many as scratch memory can hold. */
    void gather(final ByteBuffer[] buffers) {
        count = 0;
        lastEnd = 0;
        int from = 0; // Scratch bytes from here on have no iovec yet.
        int used = 0;
        for (final ByteBuffer buffer : buffers) {
            final int length = buffer == null ? 0 : buffer.remaining();
            if (goesAsItIs(buffer, length)) {
                add(scratchAddress + from, used - from);
                from = used;
                add(NativeMemory.address(buffer) + buffer.position(), length);
            } else if (length > 0) {
                final int room = Math.min(length, scratchMax - used);
                if (room > scratch.capacity() - used) {
                    grow(buffers); // Start over, because the iovecs point to the old memory.
                    gather(buffers);
                    return;
                }
                scratch.put(used, buffer, buffer.position(), room);
                used += room;
                if (room < length) {
                    break;
                }
            }
        }
        add(scratchAddress + from, used - from);
    }

    private static boolean goesAsItIs(final ByteBuffer buffer, final int length) {
        return length > SMALL && buffer.isDirect();
    }

    /** Makes scratch memory large enough for all bytes to copy, up to its maximum. */
    private void grow(final ByteBuffer[] buffers) {
        long needed = 0;
        for (final ByteBuffer buffer : buffers) {
            final int length = buffer == null ? 0 : buffer.remaining();
            needed += goesAsItIs(buffer, length) ? 0 : length;
        }
        final int capacity = (int) Math.min(scratchMax, needed);
        try {
            scratch =
                    NativeMemory.allocate(Math.max(SCRATCH_MIN, Integer.highestOneBit(capacity - 1) << 1), Long.BYTES);
        } catch (final OutOfMemoryError e) {
            if (capacity <= SCRATCH_MIN) {
                throw e;
            }
            scratchMax = SCRATCH_MIN; // From now on, copy in smaller pieces.
            scratch = NativeMemory.allocate(SCRATCH_MIN, Long.BYTES);
        }
        scratchAddress = NativeMemory.address(scratch);
    }

    private void add(final long address, final int length) {
        if (length == 0) {
            return;
        }
        if (count > 0 && address == lastEnd) {
            final int last = (count - 1) * SIZEOF + LENGTH;
            array.putLong(last, array.getLong(last) + length);
        } else {
            array.putLong(count * SIZEOF, address);
            array.putLong(count * SIZEOF + LENGTH, length);
            count++;
        }
        lastEnd = address + length;
    }

    long address() {
        return arrayAddress;
    }

    int count() {
        return count;
    }

    /** Advances the buffers' positions, in order, by the bytes written. */
    static void advance(final ByteBuffer[] buffers, final long written) {
        long left = written;
        for (int i = 0; left > 0; i++) {
            final ByteBuffer buffer = buffers[i];
            if (buffer != null) {
                final int taken = (int) Math.min(left, buffer.remaining());
                buffer.position(buffer.position() + taken);
                left -= taken;
            }
        }
    }
}
