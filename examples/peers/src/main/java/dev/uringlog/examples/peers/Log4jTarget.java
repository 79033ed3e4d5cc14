package dev.uringlog.examples.peers;

import dev.uringlog.log4j2.IoUringFileAppender;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.apache.logging.log4j.core.Appender;
import org.apache.logging.log4j.core.LoggerContext;

/** Log4j 2. */
final class Log4jTarget implements Target {
    private final Logger logger;
    private final LoggerContext context;
    private final Appender appender;

    Log4jTarget(final String configuration) {
        System.setProperty("log4j2.configurationFile", "classpath:" + configuration);
        context = (LoggerContext) LogManager.getContext(false);
        logger = LogManager.getLogger(LOGGER);
        appender = context.getConfiguration().getAppender("file");
        if (appender == null || !appender.isStarted()) {
            throw new IllegalStateException("the appender of " + configuration + " did not start");
        }
    }

    @Override
    public void log(final String number, final String text) {
        logger.info("order {} taken: {}", number, text);
    }

    @Override
    public long encodedOnly() {
        return appender instanceof Log4jEncodeOnly ceiling ? ceiling.count() : 0;
    }

    @Override
    public long submissions() {
        return appender instanceof IoUringFileAppender ours
                        && ours.description().contains("strategy iouring")
                ? ours.statistics().systemCalls()
                : 0;
    }

    @Override
    public void stop() {
        LogManager.shutdown(context);
    }
}
