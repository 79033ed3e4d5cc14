package dev.uringlog.examples.peers;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.util.StatusPrinter2;
import dev.uringlog.logback.IoUringFileAppender;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logback Classic. */
final class LogbackTarget implements Target {
    private final LoggerContext context;
    private final Logger logger;
    private final Appender<ILoggingEvent> appender;

    LogbackTarget(final String configuration) {
        System.setProperty("logback.configurationFile", configuration);
        context = (LoggerContext) LoggerFactory.getILoggerFactory();
        final ch.qos.logback.classic.Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        appender = root.iteratorForAppenders().hasNext()
                ? root.iteratorForAppenders().next()
                : null;
        if (appender == null || !appender.isStarted()) {
            new StatusPrinter2().print(context);
            throw new IllegalStateException("the appender of " + configuration + " did not start");
        }
        logger = context.getLogger(LOGGER);
    }

    @Override
    public void log(final String number, final String text) {
        logger.info("order {} taken: {}", number, text);
    }

    @Override
    public long encodedOnly() {
        return appender instanceof LogbackEncodeOnly ceiling ? ceiling.count() : 0;
    }

    @Override
    public long submissions() {
        return appender instanceof IoUringFileAppender<ILoggingEvent> ours
                        && ours.description().contains("strategy iouring")
                ? ours.statistics().systemCalls()
                : 0;
    }

    @Override
    public void stop() {
        context.stop();
    }
}
