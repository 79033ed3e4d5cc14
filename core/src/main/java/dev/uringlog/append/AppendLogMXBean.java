package dev.uringlog.append;

import java.io.IOException;
import java.util.Date;

/**
 * A log as JMX shows it, under {@code dev.uringlog:type=AppendLog,name="…"}, the name being the file's absolute path as
 * {@link javax.management.ObjectName#quote} writes it. Where that name is taken, by another log on the same path, there is
 * {@code ,id=2} after it, and so on. The counters are those of {@link AppendStatistics}. No event's content is shown.
 * The system property {@code -Duringlog.jmx=false} keeps logs out of JMX. A log that JMX does not take works without it, and
 * says so.
 */
public interface AppendLogMXBean {
    /**
     * What the log is.
     *
     * @return {@link AppendLog#description()}
     */
    String getDescription();

    /**
     * Where it writes.
     *
     * @return the absolute path
     */
    String getFile();

    /**
     * How bytes reach the kernel.
     *
     * @return {@code iouring}, {@code writev} or {@code java}, as chosen when the file was opened
     */
    String getStrategy();

    /**
     * Why that was left for a lesser one since.
     *
     * @return one line, or null
     */
    String getDegradation();

    /**
     * What a returned call means.
     *
     * @return {@link AppendLog#durability()}
     */
    String getDurability();

    /**
     * What went wrong last, said to the listener or kept back by the limit of a line a second.
     *
     * @return one line, or null
     */
    String getLastError();

    /**
     * When that was.
     *
     * @return the time, or null
     */
    Date getLastErrorTime();

    /**
     * Events taken in.
     *
     * @return {@link AppendStatistics#accepted()}
     */
    long getAccepted();

    /**
     * Events written.
     *
     * @return {@link AppendStatistics#written()}
     */
    long getWritten();

    /**
     * Events lost after they were taken in.
     *
     * @return {@link AppendStatistics#failed()}
     */
    long getFailed();

    /**
     * Events let go because the file did not take them.
     *
     * @return {@link AppendStatistics#dropped()}
     */
    long getDropped();

    /**
     * Events not settled yet.
     *
     * @return {@link AppendStatistics#waiting()}
     */
    long getWaiting();

    /**
     * Events refused.
     *
     * @return {@link AppendStatistics#discarded()}
     */
    long getDiscarded();

    /**
     * Events whose caller waited for room.
     *
     * @return {@link AppendStatistics#blocked()}
     */
    long getBlocked();

    /**
     * Bytes written.
     *
     * @return {@link AppendStatistics#bytes()}
     */
    long getBytes();

    /**
     * Batches written.
     *
     * @return {@link AppendStatistics#flushes()}
     */
    long getFlushes();

    /**
     * Submissions made.
     *
     * @return {@link AppendStatistics#systemCalls()}
     */
    long getSystemCalls();

    /**
     * Most events in a batch.
     *
     * @return {@link AppendStatistics#largestBatch()}
     */
    int getLargestBatch();

    /**
     * Submissions that came up short.
     *
     * @return {@link AppendStatistics#shortWrites()}
     */
    long getShortWrites();

    /**
     * Times writing was held.
     *
     * @return {@link AppendStatistics#stalls()}
     */
    long getStalls();

    /**
     * Bytes waiting.
     *
     * @return {@link AppendStatistics#backlog()}
     */
    long getBacklog();

    /**
     * How far it has come.
     *
     * @return {@link AppendStatistics#writtenPosition()}
     */
    long getWrittenPosition();

    /**
     * How far the file is known to be on stable storage.
     *
     * @return {@link AppendStatistics#durablePosition()}
     */
    long getDurablePosition();

    /**
     * Syncs.
     *
     * @return {@link AppendStatistics#syncs()}
     */
    long getSyncs();

    /**
     * Syncs that failed.
     *
     * @return {@link AppendStatistics#failedSyncs()}
     */
    long getFailedSyncs();

    /**
     * Syncs that others were written meanwhile.
     *
     * @return {@link AppendStatistics#overlappedSyncs()}
     */
    long getOverlappedSyncs();

    /**
     * The most at a time.
     *
     * @return {@link AppendStatistics#syncsInFlightMax()}
     */
    int getSyncsInFlightMax();

    /**
     * Waits until everything appended before is in the page cache.
     *
     * @throws IOException as {@link AppendLog#flush()}
     */
    void flush() throws IOException;

    /**
     * Opens the file anew at its path, for whoever has renamed it.
     *
     * @throws IOException as {@link AppendLog#reopen()}
     */
    void reopen() throws IOException;
}
