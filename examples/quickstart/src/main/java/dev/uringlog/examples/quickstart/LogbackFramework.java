package dev.uringlog.examples.quickstart;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.core.Appender;
import dev.uringlog.append.AppendStatistics;
import dev.uringlog.logback.RingProperties;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logback under SLF4J, logback.xml from the class path. */
final class LogbackFramework implements Framework {
    private LoggerContext context;
    private Logger logger;
    private Appender<?> appender;

    @Override
    public String label() {
        return "logback";
    }

    @Override
    public void start(final boolean replay) {
        if (replay) {
            System.setProperty("logback.configurationFile", "logback-replay.xml");
        }
        context = (LoggerContext) LoggerFactory.getILoggerFactory();
        logger = LoggerFactory.getLogger(Workload.LOGGER);
        appender = context.getLogger(Logger.ROOT_LOGGER_NAME).getAppender(APPENDER);
    }

    @Override
    public boolean hasAppender() {
        return appender != null && appender.isStarted();
    }

    @Override
    public boolean isRunning() {
        return context.isStarted() && appender.isStarted();
    }

    @Override
    public void log(final String message) {
        logger.info(message);
    }

    @Override
    public void log(final Level level, final String format, final Object first, final Object second) {
        switch (level) {
            case INFO -> logger.info(format, first, second);
            case WARN -> logger.warn(format, first, second);
            case ERROR -> logger.error(format, first, second);
        }
    }

    @Override
    public void log(
            final Level level, final String format, final Object first, final Object second, final Throwable thrown) {
        switch (level) {
            case INFO -> logger.info(format, first, second, thrown);
            case WARN -> logger.warn(format, first, second, thrown);
            case ERROR -> logger.error(format, first, second, thrown);
        }
    }

    @Override
    public void stop() {
        context.stop();
    }

    @Override
    public AppendStatistics statistics() {
        return ((RingProperties) appender).statistics();
    }

    @Override
    public String description() {
        return ((RingProperties) appender).description();
    }

    @Override
    public String stackTrace(final Throwable thrown) {
        final StringWriter text = new StringWriter();
        thrown.printStackTrace(new PrintWriter(text, true));
        // Logback words the JDK's "... 3 more" differently.
        return text.toString().replaceAll("(?m)^(\t\\.\\.\\. \\d+) more$", "$1 common frames omitted");
    }
}
