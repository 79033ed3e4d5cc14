package dev.uringlog.examples.quickstart;

import dev.uringlog.append.AppendStatistics;
import java.nio.file.Path;

/** A logging framework as the quickstart uses it, configured only by its own XML file. */
interface Framework {
    /** Name of the Uringlog appender in both XML files. */
    String APPENDER = "file";

    /** The levels that the quickstart logs at. */
    enum Level {
        INFO,
        WARN,
        ERROR
    }

    /** {@code log4j2} or {@code logback}. */
    String label();

    /**
     * Lets the framework find and read its XML file.
     *
     * @param replay true for the configuration that writes only message and newline
     */
    void start(boolean replay);

    /** Whether the Uringlog appender started. If not, the framework has said why, and log calls do nothing. */
    boolean hasAppender();

    /** Whether an event whose call has returned was accepted: neither context nor appender had begun to stop. */
    boolean isRunning();

    /** Logs a message. */
    void log(String message);

    /** Logs a message with two parameters. */
    void log(Level level, String format, Object first, Object second);

    /** Logs a message with two parameters and an exception. */
    void log(Level level, String format, Object first, Object second, Throwable thrown);

    /** Stops the framework; everything accepted is in the file afterwards. */
    void stop();

    /** The appender's counters. They stay available after {@link #stop()}. */
    AppendStatistics statistics();

    /** The appender's opening line: file, strategy and why, ring. */
    String description();

    /** The text of an exception under the framework's {@code %ex}, computed without the framework. */
    String stackTrace(Throwable thrown);

    /** The file that the XML file names. */
    default Path file(final Path dir) {
        return dir.resolve(label() + ".log");
    }
}
