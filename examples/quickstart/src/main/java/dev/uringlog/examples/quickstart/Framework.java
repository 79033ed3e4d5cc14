package dev.uringlog.examples.quickstart;

import dev.uringlog.append.AppendStatistics;
import java.nio.file.Path;

/** A logging framework as the quickstart drives it, configured by its own XML file and by nothing else. */
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
     * @param replay true for the configuration that writes nothing but message and newline
     */
    void start(boolean replay);

    /** Whether the Uringlog appender came up. If not, the framework has said why, and logging goes on without it. */
    boolean hasAppender();

    /** Whether an event whose call has returned was still taken: neither context nor appender had begun to stop. */
    boolean isRunning();

    /** Logs a message as it is. */
    void log(String message);

    /** Logs a message with two parameters. */
    void log(Level level, String format, Object first, Object second);

    /** Logs a message with two parameters and an exception. */
    void log(Level level, String format, Object first, Object second, Throwable thrown);

    /** Stops the framework; everything accepted is in the file afterwards. */
    void stop();

    /** The appender's counters, also after {@link #stop()}. */
    AppendStatistics statistics();

    /** The appender's own line: file, strategy and why, ring. */
    String description();

    /** What the framework's {@code %ex} makes of an exception, worked out without the framework. */
    String stackTrace(Throwable thrown);

    /** Where the XML file sends the events. */
    default Path file(final Path dir) {
        return dir.resolve(label() + ".log");
    }
}
