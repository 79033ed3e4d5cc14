package dev.uringlog.log4j2;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/** US-ASCII and ISO-8859-1, as the JDK encodes them; the first is the default of a JVM 17 without a locale. */
final class SingleByte {
    private static final int NOT_ONE = 0;

    private SingleByte() {}

    /** How many characters the charset has, or 0 if it is neither of the two. */
    static int charCount(final Charset charset) {
        if (charset == StandardCharsets.US_ASCII) {
            return 0x80;
        }
        return charset == StandardCharsets.ISO_8859_1 ? 0x100 : NOT_ONE;
    }

    /** Encodes characters from the start of an array on, one byte each at most, and says where it ended. */
    static int encode(final char[] chars, final int length, final int charCount, final byte[] bytes) {
        int at = 0;
        for (int i = 0; i < length; i++) {
            final char c = chars[i];
            if (c < charCount) {
                bytes[at++] = (byte) c;
            } else {
                bytes[at++] = '?';
                // A pair is one character.
                if (i + 1 < length && Character.isSurrogatePair(c, chars[i + 1])) {
                    i++;
                }
            }
        }
        return at;
    }
}
