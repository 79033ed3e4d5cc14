package dev.uringlog.examples.doctor;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * The recommended configuration. After the machine went down, an operator needs the last errors. So errors wait for the
 * disk if that is quick. If it is not, everything is synced once a second and no caller waits.
 *
 * @param reason why it is recommended
 * @param log4j2 an element of log4j2.xml
 * @param logback an element of logback.xml
 */
record Advice(String reason, String log4j2, String logback) {
    /** The time that a log call for an error may take unnoticed. */
    private static final long WAIT_NANOS_MAX = TimeUnit.MILLISECONDS.toNanos(10);

    private static final String PATTERN = "%d %-5p [%t] %c - %m%n%ex";

    static Advice from(final Directory directory, final Trial trial) {
        if (directory.isMemory()) {
            return new Advice("nothing here survives a reboot, so there is nothing to wait for", directory, "", "");
        }
        if (trial.syncNanos() <= WAIT_NANOS_MAX) {
            return new Advice(
                    "an fdatasync is quick here, so errors can wait for it", directory, "durableLevel", "ERROR");
        }
        return new Advice(
                "an fdatasync is slow here, so sync once a second in the background", directory, "syncInterval", "1 s");
    }

    private Advice(final String reason, final Directory directory, final String option, final String value) {
        this(
                reason,
                "<IoUringFile name=\"file\" fileName=\"" + file(directory) + "\""
                        + (option.isEmpty() ? "" : " " + option + "=\"" + value + "\"") + "><PatternLayout pattern=\""
                        + PATTERN + "\" charset=\"UTF-8\"/></IoUringFile>",
                "<appender name=\"file\" class=\"dev.uringlog.logback.IoUringFileAppender\"><file>" + file(directory)
                        + "</file>" + (option.isEmpty() ? "" : "<" + option + ">" + value + "</" + option + ">")
                        + "<encoder><charset>UTF-8</charset><pattern>" + PATTERN + "</pattern></encoder></appender>");
    }

    private static String file(final Directory directory) {
        final Path file = directory.path().resolve("app.log");
        return file.toString().replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
    }
}
