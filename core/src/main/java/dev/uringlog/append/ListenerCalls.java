package dev.uringlog.append;

import dev.uringlog.flush.Reporter;
import java.util.function.LongConsumer;

/** Tells a listener. */
final class ListenerCalls {
    private ListenerCalls() {}

    /** Tells it what is durable, whatever that does. */
    static LongConsumer durable(final AppendLogListener told) {
        return position -> {
            try {
                told.durable(position);
            } catch (final Throwable e) {
                // As with its other methods.
                return;
            }
        };
    }

    /** Tells it everything else, in the name of a log. */
    static Reporter reporter(final AppendLogListener told, final String name) {
        return new Reporter(
                (level, message, cause) -> {
                    switch (level) {
                        case INFO -> told.info(message);
                        case WARNING -> told.warn(message);
                        default -> told.error(message, cause);
                    }
                },
                name);
    }
}
