package dev.uringlog.examples.versions;

import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/** Logs through Log4j, which says by itself what is wrong. */
final class Log4jApplication {
    private Log4jApplication() {}

    public static void main(final String[] args) {
        final Logger logger = LogManager.getLogger("app");
        Load.log(index -> logger.info(Load.line(index)));
        LogManager.shutdown();
    }
}
