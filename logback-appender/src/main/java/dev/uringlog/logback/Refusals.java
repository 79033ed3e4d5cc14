package dev.uringlog.logback;

import ch.qos.logback.core.Appender;
import dev.uringlog.append.LineLimit;
import dev.uringlog.append.NotAcceptedException;
import java.io.IOException;

/** Says, at most once a second each, that events came to an appender with no file, or are not where they should be. */
final class Refusals {
    private final Appender<?> appender;
    private final LineLimit refused = new LineLimit();
    private final LineLimit doubted = new LineLimit();
    private final LineLimit lost = new LineLimit();

    Refusals(final Appender<?> appender) {
        this.appender = appender;
    }

    /** An event's call returns, and the event is not known to be where the durability promises. */
    void doubted(final IOException cause) {
        final long count = doubted.take();
        if (count > 0) {
            appender.addError(
                    "Appender [" + appender.getName() + "] could not make " + count
                            + " events as durable as promised, since it last said so",
                    cause);
        }
    }

    /** There was no memory to encode an event, or to keep it until it is written; or no room in the ring. */
    void lost(final Throwable cause) {
        final long count = lost.take();
        if (count > 0) {
            appender.addError(
                    "Appender [" + appender.getName() + "] lost " + count
                            + " events for which there was no "
                            + (cause instanceof NotAcceptedException ? "room" : "memory") + ", since it last said so",
                    cause);
        }
    }

    void refused() {
        final long count = refused.take();
        if (count > 0) {
            appender.addWarn("Appender [" + appender.getName() + "] has no open file: it did not take " + count
                    + " events since it last said so");
        }
    }
}
