package dev.uringlog.examples.versions;

import java.util.List;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.apache.logging.log4j.ThreadContext;

/** Logs through Log4j, which says by itself what is wrong. */
final class Log4jApplication {
    private Log4jApplication() {}

    public static void main(final String[] args) {
        final Logger logger = LogManager.getLogger("app");
        Load.log(index -> logger.info(Load.line(index)));
        logAsTenants(LogManager.getLogger("lookup"));
        LogManager.shutdown();
    }

    private static void logAsTenants(final Logger logger) {
        for (final String tenant : List.of("a", "b", "a", "c")) {
            ThreadContext.put("tenant", tenant);
            logger.info("an event of {}", tenant);
            logger.info("another event of {}", tenant);
        }
        ThreadContext.remove("tenant");
        logger.info("an event without a tenant");
        logger.info("another event without a tenant");
    }
}
