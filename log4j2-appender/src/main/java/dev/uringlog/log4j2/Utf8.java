package dev.uringlog.log4j2;

/** UTF-8 from characters, without the JDK encoder's detour through buffers: most of a log is ASCII. */
final class Utf8 {
    /** The most bytes that one {@code char} needs; a surrogate pair needs four for two. */
    static final int BYTES_PER_CHAR_MAX = 3;

    private static final byte REPLACEMENT = '?';

    private Utf8() {}

    /**
     * Encodes characters; half a surrogate pair becomes a question mark, as in {@link String#getBytes}.
     *
     * @param chars the characters
     * @param length how many of them
     * @param bytes room for {@link #BYTES_PER_CHAR_MAX} bytes for each, from {@code offset} on
     * @param offset where to begin
     * @return the end of what was written
     */
    static int encode(final char[] chars, final int length, final byte[] bytes, final int offset) {
        int from = 0;
        int to = offset;
        // On its own, this loop is one that the compiler makes good code of.
        while (from < length && chars[from] < 0x80) {
            bytes[to++] = (byte) chars[from++];
        }
        while (from < length) {
            final char c = chars[from++];
            if (c < 0x80) {
                bytes[to++] = (byte) c;
            } else if (c < 0x800) {
                bytes[to++] = (byte) (0xC0 | c >> 6);
                bytes[to++] = (byte) (0x80 | c & 0x3F);
            } else if (!Character.isSurrogate(c)) {
                bytes[to++] = (byte) (0xE0 | c >> 12);
                bytes[to++] = (byte) (0x80 | c >> 6 & 0x3F);
                bytes[to++] = (byte) (0x80 | c & 0x3F);
            } else if (Character.isHighSurrogate(c) && from < length && Character.isLowSurrogate(chars[from])) {
                final int point = Character.toCodePoint(c, chars[from++]);
                bytes[to++] = (byte) (0xF0 | point >> 18);
                bytes[to++] = (byte) (0x80 | point >> 12 & 0x3F);
                bytes[to++] = (byte) (0x80 | point >> 6 & 0x3F);
                bytes[to++] = (byte) (0x80 | point & 0x3F);
            } else {
                bytes[to++] = REPLACEMENT;
            }
        }
        return to;
    }
}
