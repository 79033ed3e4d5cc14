package dev.uringlog.append;

import java.io.IOException;
import java.util.Date;

/**
 * A log in JMX, for {@link javax.management.JMX#newMXBeanProxy}. Its name is {@code dev.uringlog:type=AppendLog,name="…"}, where
 * the name is the file's absolute path as {@link javax.management.ObjectName#quote} writes it. If another log has that name,
 * {@code ,id=2} follows it, and so on. In JMX each row of {@link AppendStatistics#ALL} is an attribute; here are most of them.
 * No event's content is shown. The system property {@code -Duringlog.jmx=false} keeps logs out of JMX. A log that JMX refuses
 * works without it and reports that once.
 */
public interface AppendLogMXBean {
    /** {@return {@link AppendLog#description()}} */
    String getDescription();

    /** {@return the absolute path} */
    String getFile();

    /** {@return {@code iouring}, {@code writev} or {@code java}, as chosen when the file was opened} */
    String getStrategy();

    /** {@return why the log has left that strategy for a simpler one, in one line; or null} */
    String getDegradation();

    /** {@return {@link AppendLog#durability()}} */
    String getDurability();

    /** {@return the last error, in one line, whether or not the listener was told; or null} */
    String getLastError();

    /** {@return the time of the last error, or null} */
    Date getLastErrorTime();

    /** {@return {@link AppendStatistics#accepted()}} */
    long getAccepted();

    /** {@return {@link AppendStatistics#written()}} */
    long getWritten();

    /** {@return {@link AppendStatistics#failed()}} */
    long getFailed();

    /** {@return {@link AppendStatistics#dropped()}} */
    long getDropped();

    /** {@return {@link AppendStatistics#waiting()}} */
    long getWaiting();

    /** {@return {@link AppendStatistics#discarded()}} */
    long getDiscarded();

    /** {@return {@link AppendStatistics#blocked()}} */
    long getBlocked();

    /** {@return {@link AppendStatistics#bytes()}} */
    long getBytes();

    /** {@return {@link AppendStatistics#flushes()}} */
    long getFlushes();

    /** {@return {@link AppendStatistics#systemCalls()}} */
    long getSystemCalls();

    /** {@return {@link AppendStatistics#largestBatch()}} */
    int getLargestBatch();

    /** {@return {@link AppendStatistics#shortWrites()}} */
    long getShortWrites();

    /** {@return {@link AppendStatistics#stalls()}} */
    long getStalls();

    /** {@return {@link AppendStatistics#backlog()}} */
    long getBacklog();

    /** {@return {@link AppendStatistics#writtenPosition()}} */
    long getWrittenPosition();

    /** {@return {@link AppendStatistics#durablePosition()}} */
    long getDurablePosition();

    /** {@return {@link AppendStatistics#syncs()}} */
    long getSyncs();

    /** {@return {@link AppendStatistics#failedSyncs()}} */
    long getFailedSyncs();

    /** {@return {@link AppendStatistics#overlappedSyncs()}} */
    long getOverlappedSyncs();

    /** {@return {@link AppendStatistics#syncsInFlightMax()}} */
    int getSyncsInFlightMax();

    /**
     * Waits until everything appended before is in the page cache.
     *
     * @throws IOException as {@link AppendLog#flush()}
     */
    void flush() throws IOException;

    /**
     * Opens the path again, after another program has renamed the file.
     *
     * @throws IOException as {@link AppendLog#reopen()}
     */
    void reopen() throws IOException;
}
