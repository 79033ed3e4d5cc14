package dev.uringlog.sys;

import com.kenai.jffi.MemoryIO;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Converts between direct buffers and native addresses. A view of an address does not keep its memory alive. */
public final class NativeMemory {
    private NativeMemory() {}

    /**
     * Allocates zeroed memory that lives as long as the buffer, or any view of it, is reachable.
     *
     * @param size bytes
     * @param alignment power of two
     * @return a direct buffer in native byte order whose address is a multiple of {@code alignment}
     */
    public static ByteBuffer allocate(final int size, final int alignment) {
        // alignedSlice rounds both ends inwards, so this allocates whole units and one more.
        final int roundedSize = (size + alignment - 1) & -alignment;
        final ByteBuffer buffer =
                ByteBuffer.allocateDirect(roundedSize + alignment).alignedSlice(alignment);
        return buffer.limit(size).slice().order(ByteOrder.nativeOrder());
    }

    /**
     * The address of a direct buffer's index 0, independent of its position.
     *
     * @param buffer a direct buffer; the caller keeps it reachable while the address is in use
     * @return the native address
     */
    public static long address(final ByteBuffer buffer) {
        return MemoryIO.getInstance().getDirectBufferAddress(buffer);
    }

    /**
     * Creates a view of native memory.
     *
     * @param address its address
     * @param size bytes
     * @return a direct buffer in native byte order that does not own the memory
     */
    public static ByteBuffer view(final long address, final int size) {
        return MemoryIO.getInstance().newDirectByteBuffer(address, size).order(ByteOrder.nativeOrder());
    }
}
