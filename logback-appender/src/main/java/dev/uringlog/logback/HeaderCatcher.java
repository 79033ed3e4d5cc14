package dev.uringlog.logback;

import java.io.OutputStream;

/**
 * Takes the place of Logback's stream. Logback itself writes only the encoder's header there, in
 * {@code OutputStreamAppender.start}. The header is kept until the file is open.
 */
final class HeaderCatcher extends OutputStream {
    private static final byte[] NONE = {};

    private byte[] header = NONE;

    @Override
    public void write(final int b) {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(final byte[] bytes) {
        write(bytes, 0, bytes.length);
    }

    @Override
    public void write(final byte[] bytes, final int offset, final int length) {
        final byte[] longer = new byte[header.length + length];
        System.arraycopy(header, 0, longer, 0, header.length);
        System.arraycopy(bytes, offset, longer, header.length, length);
        header = longer;
    }

    /** Returns the header and forgets it. */
    byte[] take() {
        final byte[] taken = header;
        header = NONE;
        return taken;
    }
}
