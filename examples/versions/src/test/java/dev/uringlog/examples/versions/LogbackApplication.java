package dev.uringlog.examples.versions;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.core.status.Status;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs through Logback, and prints what that finds wrong. Warnings are about what it calls its classes. */
final class LogbackApplication {
    private LogbackApplication() {}

    public static void main(final String[] args) {
        final Logger logger = LoggerFactory.getLogger("app");
        Load.log(index -> logger.info(Load.line(index)));
        final LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.stop();
        for (final Status status : context.getStatusManager().getCopyOfStatusList()) {
            if (status.getLevel() >= Status.ERROR) {
                System.out.println(status + (status.getThrowable() == null ? "" : " " + status.getThrowable()));
            }
        }
    }
}
