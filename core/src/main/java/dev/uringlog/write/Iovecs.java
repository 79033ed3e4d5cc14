package dev.uringlog.write;

import dev.uringlog.sys.NativeMemory;
import java.nio.ByteBuffer;

/**
 * The iovec array of one submission, and the scratch memory that gathers what the kernel cannot read in place.
 *
 * <p>The kernel pays per segment: 1024 segments of 256 bytes cost two to three times one of 256 KiB. So heap buffers and
 * small direct ones are copied back to back into scratch and go as one iovec; large direct buffers go as they are, those
 * that happen to lie back to back as one.
 *
 * <p>{@code struct iovec { void *iov_base; size_t iov_len; }}, see readv(2).
 */
final class Iovecs {
    private static final int SIZEOF = 16;
    private static final int LENGTH = 8;

    /** Copying so much costs about what a segment of its own does. */
    private static final int SMALL = 1024;

    /** Two buffers are no crowd: below this many a direct buffer always goes as it is. */
    private static final int CROWD = 3;

    private static final int SCRATCH_MIN = 64 << 10;

    /** What one submission gathers at most; beyond it the write is short, and the rest goes with the next. */
    static final int SCRATCH_MAX = 1 << 20;

    private final ByteBuffer array = NativeMemory.allocate(VectoredWriter.MAX_IOVECS * SIZEOF, Long.BYTES);
    private final long arrayAddress = NativeMemory.address(array);
    private ByteBuffer scratch;
    private long scratchAddress;
    private int scratchUsed;
    private int count;
    private long lastEnd;

    /** Lays out what remains in the buffers, or as much of it as scratch can hold. */
    void gather(final ByteBuffer[] buffers) {
        count = 0;
        scratchUsed = 0;
        lastEnd = 0;
        final int smallMax = buffers.length < CROWD ? 0 : SMALL;
        reserve(buffers, smallMax);
        for (final ByteBuffer buffer : buffers) {
            if (buffer == null || !buffer.hasRemaining()) {
                continue;
            }
            final int length = buffer.remaining();
            if (buffer.isDirect() && length > smallMax) {
                add(NativeMemory.address(buffer) + buffer.position(), length);
                continue;
            }
            final int room = Math.min(length, SCRATCH_MAX - scratchUsed);
            if (room > 0) {
                scratch.put(scratchUsed, buffer, buffer.position(), room);
                add(scratchAddress + scratchUsed, room);
                scratchUsed += room;
            }
            if (room < length) {
                return;
            }
        }
    }

    /** Makes scratch large enough before anything points into it. */
    private void reserve(final ByteBuffer[] buffers, final int smallMax) {
        long needed = 0;
        for (final ByteBuffer buffer : buffers) {
            if (buffer != null && (!buffer.isDirect() || buffer.remaining() <= smallMax)) {
                needed += buffer.remaining();
            }
        }
        final int capacity = (int) Math.min(SCRATCH_MAX, needed);
        if (capacity > 0 && (scratch == null || scratch.capacity() < capacity)) {
            scratch =
                    NativeMemory.allocate(Math.max(SCRATCH_MIN, Integer.highestOneBit(capacity - 1) << 1), Long.BYTES);
            scratchAddress = NativeMemory.address(scratch);
        }
    }

    private void add(final long address, final int length) {
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

    /** Moves the buffers' positions by what was written, in order. */
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
