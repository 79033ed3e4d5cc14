package dev.uringlog.examples.quickstart;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A growing array of bytes, reused for each record. */
final class Bytes {
    private byte[] array = new byte[4096];
    private int length;

    byte[] array() {
        return array;
    }

    int length() {
        return length;
    }

    void clear() {
        length = 0;
    }

    Bytes put(final char ascii) {
        room(1);
        array[length++] = (byte) ascii;
        return this;
    }

    Bytes put(final String ascii) {
        return put(ascii.getBytes(StandardCharsets.US_ASCII));
    }

    Bytes putPadded(final String ascii, final int width) {
        put(ascii);
        for (int i = ascii.length(); i < width; i++) {
            put(' ');
        }
        return this;
    }

    Bytes put(final byte[] bytes) {
        return put(bytes, 0, bytes.length);
    }

    Bytes put(final byte[] bytes, final int offset, final int count) {
        room(count);
        System.arraycopy(bytes, offset, array, length, count);
        length += count;
        return this;
    }

    private void room(final int count) {
        if (array.length - length < count) {
            array = Arrays.copyOf(array, Math.max(array.length * 2, Math.addExact(length, count)));
        }
    }
}
