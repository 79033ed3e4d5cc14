package dev.uringlog.logback;

import dev.uringlog.append.AppendStatistics;
import java.io.IOException;

/**
 * What this package's file appenders have beyond Logback's own. The properties have the same names, values and defaults as the
 * attributes of Uringlog's appenders for Log4j 2.
 *
 * <p>All properties are text, and must be set before start. Blank text leaves the default. If a value cannot be used, the
 * appender does not start, and a status error names the property, the value and what is allowed.
 */
public interface RingProperties {
    /**
     * Takes a property as written. The setters below call this method.
     *
     * @param property its name
     * @param value its value, checked when the appender starts
     */
    void option(String property, String value);

    /**
     * The counters of events since the last start.
     *
     * @return a snapshot; all zeros while the file has not been opened
     */
    AppendStatistics statistics();

    /**
     * How the file is written, and why.
     *
     * @return one line
     */
    String description();

    /**
     * Waits until every event accepted before this call is in the kernel's page cache.
     *
     * @throws IOException if the file does not take bytes for now; the events that wait are still tried again
     */
    void flush() throws IOException;

    /**
     * {@code durability}: what a returned log call means. MEMORY, the default: the event is in the ring, and lost only if
     * the process dies. KERNEL: it is in the page cache, and survives kill -9. DISK: it is on stable storage, and survives
     * loss of power. A status error reports events that cannot be written or synced.
     *
     * @param value MEMORY, KERNEL or DISK
     */
    default void setDurability(final String value) {
        option("durability", value);
    }

    /**
     * {@code durableLevel}: events of this level and more severe wait as at DISK, whatever the durability. Default none.
     *
     * @param value a level
     */
    default void setDurableLevel(final String value) {
        option("durableLevel", value);
    }

    /**
     * {@code durableMarker}: events with this marker, or one that refers to it, wait as at DISK, whatever the durability.
     * Default none.
     *
     * @param value a marker's name
     */
    default void setDurableMarker(final String value) {
        option("durableMarker", value);
    }

    /**
     * {@code syncInterval}: how long an event may stay in the page cache before it is synced, if no caller waits for it.
     * Default none; 0 syncs after each flush.
     *
     * @param value 0 to an hour, like 1 s or PT1S; a bare number counts milliseconds
     */
    default void setSyncInterval(final String value) {
        option("syncInterval", value);
    }

    /**
     * {@code strategy}: how bytes reach the kernel. Default {@code auto}. With another one, the appender does not start if it
     * is not available.
     *
     * @param value auto, iouring or writev
     */
    default void setStrategy(final String value) {
        option("strategy", value);
    }

    /**
     * {@code ringSize}: the ring's size. Default 4 MiB. A larger event is still written whole.
     *
     * @param value a power of two, 4 KiB to 1 GiB: bytes, or a number with KiB, MiB or GiB
     */
    default void setRingSize(final String value) {
        option("ringSize", value);
    }

    /**
     * {@code ringDepth}: how many entries an io_uring has. Default 16. Without io_uring it has no effect.
     *
     * @param value a power of two, 1 to 4096
     */
    default void setRingDepth(final String value) {
        option("ringDepth", value);
    }

    /**
     * {@code maxDelay}: how long an event may wait in memory for others. Default 1 ms; 0 writes at once, in smaller
     * batches.
     *
     * @param value 0 to a minute, like 500 us, 1 ms or PT1S; a bare number counts milliseconds
     */
    default void setMaxDelay(final String value) {
        option("maxDelay", value);
    }

    /**
     * {@code overflow}: what happens to an event when the ring is full. BLOCK, the default: its thread waits. DISCARD: the
     * event is discarded if its level is {@link #setDiscardLevel discardLevel} or lower; otherwise its thread waits. Discarded
     * events are counted, and reported in a status message and in the file, as a WARN event of logger {@code dev.uringlog}.
     *
     * @param value BLOCK or DISCARD
     */
    default void setOverflow(final String value) {
        option("overflow", value);
    }

    /**
     * {@code discardLevel}: with {@code overflow} DISCARD, the highest level that may be discarded. Default INFO. Events
     * without a level may always be discarded.
     *
     * @param value a level
     */
    default void setDiscardLevel(final String value) {
        option("discardLevel", value);
    }

    /**
     * {@code onFailure}: what happens to events that the file does not take: no space, an I/O error. HOLD, the default: they are
     * kept and tried again, and writing continues within a second once the file takes bytes. DROP: they are dropped and
     * counted, and later events are tried.
     *
     * @param value HOLD or DROP
     */
    default void setOnFailure(final String value) {
        option("onFailure", value);
    }

    /**
     * {@code shutdownTimeout}: how long a stop may write the events that wait. Default 30 s.
     *
     * @param value 0 to a day, like 30 s or PT1M; a bare number counts milliseconds
     */
    default void setShutdownTimeout(final String value) {
        option("shutdownTimeout", value);
    }

    /**
     * {@code filePermissions}: the file's permissions, whatever the umask. Default {@code rw-------} for a new file; an
     * existing one keeps its own. Without POSIX permissions it has no effect. An archive that Logback compresses has the
     * permissions of the umask.
     *
     * @param value nine characters like {@code rw-r-----}
     */
    default void setFilePermissions(final String value) {
        option("filePermissions", value);
    }

    /**
     * {@code lazy}: whether the first event opens the file, rather than the start. Default false. If it cannot be opened,
     * events are lost, and opening it is tried once a second.
     *
     * @param value true or false
     */
    default void setLazy(final String value) {
        option("lazy", value);
    }
}
