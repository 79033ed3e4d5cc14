package dev.uringlog.append;

import java.io.IOException;

/**
 * A log as JMX shows it, under {@code dev.uringlog:type=AppendLog,file="…"}; the counters of {@link AppendStatistics}.
 */
public interface AppendLogMXBean {
    /**
     * What the log is.
     *
     * @return {@link AppendLog#description()}
     */
    String getDescription();

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
