package dev.uringlog.log4j2;

import java.util.function.Supplier;
import org.apache.logging.log4j.message.AsynchronouslyFormattable;
import org.apache.logging.log4j.message.Message;

/** A message whose text is made when the layout asks for it, and no sooner. */
@AsynchronouslyFormattable
final class LateMessage implements Message {
    private static final long serialVersionUID = 1L;

    private final transient Supplier<String> text;

    LateMessage(final Supplier<String> text) {
        this.text = text;
    }

    @Override
    public String getFormattedMessage() {
        return text.get();
    }

    @Override
    @SuppressWarnings("deprecation")
    public String getFormat() {
        return "a secret";
    }

    @Override
    public Object[] getParameters() {
        return null;
    }

    @Override
    public Throwable getThrowable() {
        return null;
    }
}
