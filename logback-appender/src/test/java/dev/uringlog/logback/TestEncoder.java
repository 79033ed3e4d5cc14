package dev.uringlog.logback;

import ch.qos.logback.core.encoder.EncoderBase;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;

/** An encoder that does what a test says. */
class TestEncoder<E> extends EncoderBase<E> {
    private final Function<E, byte[]> encoding;
    private String header = "";
    private String footer = "";
    private boolean isStateful;

    TestEncoder(final Function<E, byte[]> encoding) {
        this.encoding = encoding;
        start();
    }

    static byte[] utf8(final String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    TestEncoder<E> header(final String text) {
        header = text;
        return this;
    }

    TestEncoder<E> footer(final String text) {
        footer = text;
        return this;
    }

    TestEncoder<E> stateful() {
        isStateful = true;
        return this;
    }

    @Override
    public byte[] headerBytes() {
        return utf8(header);
    }

    @Override
    public byte[] encode(final E event) {
        return encoding.apply(event);
    }

    @Override
    public byte[] footerBytes() {
        return utf8(footer);
    }

    @Override
    public boolean isStateful() {
        return isStateful;
    }
}
