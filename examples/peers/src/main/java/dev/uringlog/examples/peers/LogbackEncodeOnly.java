package dev.uringlog.examples.peers;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import ch.qos.logback.core.encoder.Encoder;
import java.util.concurrent.atomic.LongAdder;

/** The ceiling under Logback: the encoder's bytes are read and discarded. */
public final class LogbackEncodeOnly extends UnsynchronizedAppenderBase<ILoggingEvent> {
    private final LongAdder count = new LongAdder();
    private Encoder<ILoggingEvent> encoder;

    /**
     * Takes the encoder.
     *
     * @param encoder what is measured
     */
    public void setEncoder(final Encoder<ILoggingEvent> encoder) {
        this.encoder = encoder;
    }

    @Override
    protected void append(final ILoggingEvent event) {
        event.prepareForDeferredProcessing();
        if (encoder.encode(event).length > 0) {
            count.increment();
        }
    }

    long count() {
        return count.sum();
    }
}
