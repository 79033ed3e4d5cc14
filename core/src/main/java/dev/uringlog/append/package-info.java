/**
 * The API for logs: open one with {@link dev.uringlog.append.AppendLog#builder}, append from any thread, and choose what a
 * returned call means with {@link dev.uringlog.append.Durability}. Both appenders are built on this package.
 *
 * <pre>
 *   AppendLogBuilder ─ open ─► AppendLog ─ append, flush, sync, roll, close
 *   Settings: the same options from text
 *
 *   what a log calls back    AppendLogListener (status lines, durable position), Roller (where a file ends), Patience
 *   what a log shows         AppendStatistics and its table of Statistic, AppendLogMXBean
 * </pre>
 *
 * <p>A log owns its file, its ring and one thread; {@link dev.uringlog.append.AppendLog#close()} releases them. A failure to
 * write or sync is an {@link java.io.IOException}; a log that is closed throws
 * {@link dev.uringlog.append.LogClosedException}.
 */
package dev.uringlog.append;
