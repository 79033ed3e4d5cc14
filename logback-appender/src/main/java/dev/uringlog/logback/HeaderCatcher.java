package dev.uringlog.logback;

import java.io.OutputStream;

/**
 * Stands where Logback keeps its stream. All that Logback itself writes there is the encoder's header, in
 * {@code OutputStreamAppender.start}; it is kept for the moment the file is open.
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

    /** The header, which is the caller's from now on. */
    byte[] take() {
        final byte[] taken = header;
        header = NONE;
        return taken;
    }
}
