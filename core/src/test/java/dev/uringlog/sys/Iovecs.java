package dev.uringlog.sys;

import java.nio.ByteBuffer;

/** A copy of a struct iovec array; the bytes it names stay where they are until {@link #gather}. */
record Iovecs(long[] bases, int[] lengths) {
    private static final int SIZEOF_IOVEC = 16;

    static Iovecs read(final long address, final int count) {
        final long[] bases = new long[count];
        final int[] lengths = new int[count];
        if (count > 0) {
            final ByteBuffer iovecs = NativeMemory.view(address, count * SIZEOF_IOVEC);
            for (int i = 0; i < count; i++) {
                bases[i] = iovecs.getLong(i * SIZEOF_IOVEC);
                lengths[i] = Math.toIntExact(iovecs.getLong(i * SIZEOF_IOVEC + 8));
            }
        }
        return new Iovecs(bases, lengths);
    }

    int count() {
        return bases.length;
    }

    int length() {
        int sum = 0;
        for (final int length : lengths) {
            sum += length;
        }
        return sum;
    }

    boolean isAddressable() {
        for (int i = 0; i < bases.length; i++) {
            if (bases[i] == 0 && lengths[i] > 0) {
                return false;
            }
        }
        return true;
    }

    byte[] gather() {
        final byte[] bytes = new byte[length()];
        int at = 0;
        for (int i = 0; i < bases.length; i++) {
            if (lengths[i] > 0) {
                NativeMemory.view(bases[i], lengths[i]).get(bytes, at, lengths[i]);
                at += lengths[i];
            }
        }
        return bytes;
    }
}
