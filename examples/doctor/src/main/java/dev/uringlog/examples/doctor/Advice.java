package dev.uringlog.examples.doctor;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * The configuration that follows: what an operator needs after the machine went down is the last errors, so those wait for
 * the disk where that is quick; where it is not, everything is synced once a second and nobody waits.
 *
 * @param reason why this one
 * @param log4j2 an element of log4j2.xml
 * @param logback an element of logback.xml
 */
record Advice(String reason, String log4j2, String logback) {
    /** What a log call that reports an error may take without anybody noticing. */
    private static final long WAIT_NANOS_MAX = TimeUnit.MILLISECONDS.toNanos(10);

    private static final String PATTERN = "%d %-5p [%t] %c - %m%n%ex";

    static Advice from(final Directory directory, final Trial trial) {
        if (directory.isMemory()) {
            return new Advice("nothing here outlives the machine, so nothing is to be waited for", directory, "", "");
        }
        if (trial.syncNanos() <= WAIT_NANOS_MAX) {
            return new Advice(
                    "an fdatasync is quick here, so errors can wait for it", directory, "durableLevel", "ERROR");
        }
        return new Advice(
                "an fdatasync is slow here: once a second, in the background", directory, "syncInterval", "1 s");
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
