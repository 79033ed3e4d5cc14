package dev.uringlog.examples.quickstart;

import dev.uringlog.append.AppendStatistics;
import dev.uringlog.log4j2.AbstractIoUringAppender;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.apache.logging.log4j.core.LoggerContext;

/** Log4j 2: API and core, log4j2.xml from the class path. */
final class Log4jFramework implements Framework {
    private LoggerContext context;
    private Logger logger;
    private AbstractIoUringAppender appender;

    @Override
    public String label() {
        return "log4j2";
    }

    @Override
    public void start(final boolean replay) {
        if (replay) {
            System.setProperty("log4j2.configurationFile", "classpath:log4j2-replay.xml");
        }
        context = (LoggerContext) LogManager.getContext(false);
        logger = LogManager.getLogger(Workload.LOGGER);
        appender = context.getConfiguration().getAppender(APPENDER);
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
        logger.log(of(level), format, first, second);
    }

    @Override
    public void log(
            final Level level, final String format, final Object first, final Object second, final Throwable thrown) {
        logger.log(of(level), format, first, second, thrown);
    }

    private static org.apache.logging.log4j.Level of(final Level level) {
        return switch (level) {
            case INFO -> org.apache.logging.log4j.Level.INFO;
            case WARN -> org.apache.logging.log4j.Level.WARN;
            case ERROR -> org.apache.logging.log4j.Level.ERROR;
        };
    }

    @Override
    public void stop() {
        LogManager.shutdown(context);
    }

    @Override
    public AppendStatistics statistics() {
        return appender.statistics();
    }

    @Override
    public String description() {
        return appender.description();
    }

    @Override
    public String stackTrace(final Throwable thrown) {
        final StringWriter text = new StringWriter();
        thrown.printStackTrace(new PrintWriter(text, true));
        return text.toString();
    }
}
