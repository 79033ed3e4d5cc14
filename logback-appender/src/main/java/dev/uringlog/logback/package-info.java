/**
 * The Logback appender: {@link dev.uringlog.logback.IoUringFileAppender} where a configuration had
 * {@code ch.qos.logback.core.FileAppender}.
 *
 * <pre>
 *  logging threads                                    one flusher per file
 *  ───────────────                                    ────────────────────
 *  doAppend → filters → encode → claim, copy, publish ──► gather → one submission → file
 *             └──── no lock from here to there ────┘
 * </pre>
 *
 * <p>The appender is configuration and life cycle; ring, thread and file descriptor belong to the
 * {@link dev.uringlog.append.AppendLog} that it opens.
 */
package dev.uringlog.logback;
