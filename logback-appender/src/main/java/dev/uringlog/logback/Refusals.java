package dev.uringlog.logback;

import ch.qos.logback.core.Appender;
import dev.uringlog.append.LineLimit;
import dev.uringlog.append.NotAcceptedException;
import java.io.IOException;

/** Says, at most once a second for each reason, that an event is not in the file, or not as durable as it should be. */
final class Refusals {
    private final Appender<?> appender;
    private final LineLimit refused = new LineLimit();
    private final LineLimit doubted = new LineLimit();
    private final LineLimit lost = new LineLimit();

    Refusals(final Appender<?> appender) {
        this.appender = appender;
    }

    /** The event's call returns, and it is not known whether the event is where the durability promises. */
    void doubted(final IOException cause) {
        doubted.say(
                more -> appender.addError(name() + " could not make an event as durable as promised" + more, cause));
    }

    /** There was no memory to encode the event, or to keep it until it is written; or no room in the ring. */
    void lost(final Throwable cause) {
        final String missing = cause instanceof NotAcceptedException ? "room" : "memory";
        lost.say(more ->
                appender.addError(name() + " lost an event, there was no " + missing + " for it" + more, cause));
    }

    void refused() {
        refused.say(more -> appender.addWarn(name() + " has no open file and refused an event" + more));
    }

    private String name() {
        return "Appender [" + appender.getName() + "]";
    }
}
