/**
 * The Logback appenders. {@link dev.uringlog.logback.IoUringFileAppender} replaces
 * {@code ch.qos.logback.core.FileAppender}, and {@link dev.uringlog.logback.RollingIoUringFileAppender} replaces
 * {@code ch.qos.logback.core.rolling.RollingFileAppender}. They need {@code logback-classic} 1.3.0 or newer.
 *
 * <pre>
 *  logging threads                                    one flusher per file
 *  ───────────────                                    ────────────────────
 *  doAppend → filters → encode → claim, copy, publish ──► gather → one submission → file
 *             └──── no lock from here to there ────┘
 * </pre>
 *
 * <p>If the file is rolled, the flusher asks Logback's policies before each event, and renames the file between two events.
 *
 * <p>An appender is configuration and life cycle. Ring, thread and file descriptor belong to the
 * {@link dev.uringlog.append.AppendLog} that it opens.
 */
package dev.uringlog.logback;
