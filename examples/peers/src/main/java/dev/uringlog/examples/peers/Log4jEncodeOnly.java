package dev.uringlog.examples.peers;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.LongAdder;
import org.apache.logging.log4j.core.Appender;
import org.apache.logging.log4j.core.Core;
import org.apache.logging.log4j.core.Layout;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Property;
import org.apache.logging.log4j.core.config.plugins.Plugin;
import org.apache.logging.log4j.core.config.plugins.PluginAttribute;
import org.apache.logging.log4j.core.config.plugins.PluginElement;
import org.apache.logging.log4j.core.config.plugins.PluginFactory;
import org.apache.logging.log4j.core.layout.ByteBufferDestination;

/** The ceiling under Log4j: its own garbage-free encoding, into a buffer for each thread. */
@Plugin(name = "EncodeOnly", category = Core.CATEGORY_NAME, elementType = Appender.ELEMENT_TYPE)
public final class Log4jEncodeOnly extends AbstractAppender {
    private final LongAdder count = new LongAdder();
    private final ThreadLocal<Sink> sinks = ThreadLocal.withInitial(Sink::new);

    private Log4jEncodeOnly(final String name, final Layout<?> layout) {
        super(name, null, layout, false, Property.EMPTY_ARRAY);
    }

    /**
     * Makes one.
     *
     * @param name of the appender
     * @param layout what is measured
     * @return the appender
     */
    @PluginFactory
    public static Log4jEncodeOnly create(
            @PluginAttribute("name") final String name, @PluginElement("Layout") final Layout<?> layout) {
        return new Log4jEncodeOnly(name, layout);
    }

    @Override
    public void append(final LogEvent event) {
        final Sink sink = sinks.get();
        sink.buffer.clear();
        getLayout().encode(event, sink);
        if (sink.buffer.position() > 0) {
            count.increment();
        }
    }

    long count() {
        return count.sum();
    }

    private static final class Sink implements ByteBufferDestination {
        private final ByteBuffer buffer = ByteBuffer.allocate(16 << 10);

        @Override
        public ByteBuffer getByteBuffer() {
            return buffer;
        }

        @Override
        public ByteBuffer drain(final ByteBuffer full) {
            full.flip();
            full.clear();
            return full;
        }

        @Override
        public void writeBytes(final ByteBuffer data) {
            buffer.put(data);
        }

        @Override
        public void writeBytes(final byte[] data, final int offset, final int length) {
            buffer.put(data, offset, length);
        }
    }
}
