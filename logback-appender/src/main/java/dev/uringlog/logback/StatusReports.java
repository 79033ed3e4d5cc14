package dev.uringlog.logback;

import ch.qos.logback.core.spi.ContextAware;
import dev.uringlog.append.AppendLogListener;

/** Reports a log's messages as Logback status messages, never as events: a failure must not cause more events. */
record StatusReports(ContextAware appender) implements AppendLogListener {
    @Override
    public void info(final String message) {
        appender.addInfo(message);
    }

    @Override
    public void warn(final String message) {
        appender.addWarn(message);
    }

    @Override
    public void error(final String message, final Throwable cause) {
        if (cause == null) {
            appender.addError(message);
        } else {
            appender.addError(message, cause);
        }
    }
}
