package dev.uringlog.logback;

import dev.uringlog.append.AppendStatistics;
import java.io.IOException;

/**
 * What this package's file appenders have beyond Logback's own: properties, with names, values and defaults that are the
 * same in Uringlog's appenders for Log4j 2, and what can be asked of an appender.
 *
 * <p>All properties are text, so that a value that cannot be used is refused at start with words that help: a status error names the
 * property, the value and what is allowed. Blank text leaves the default. To be set before start.
 */
public interface RingProperties {
    /**
     * Takes a property as it was written; the setters below call it.
     *
     * @param property its name
     * @param value its value, looked at by the appender's start
     */
    void option(String property, String value);

    /**
     * What has become of the events since the last start.
     *
     * @return a snapshot; all zeros while the file has not been opened
     */
    AppendStatistics statistics();

    /**
     * What writes the file, and why so.
     *
     * @return one line
     */
    String description();

    /**
     * Waits until every event taken before this call is in the kernel's page cache.
     *
     * @throws IOException if the file does not take bytes for now; what is held is still tried again
     */
    void flush() throws IOException;

    /**
     * {@code durability}: what a returned log call means. MEMORY, the default: the event is in the ring, and lost only if
     * the process dies. KERNEL: it is in the page cache, and survives kill -9. DISK: it is on stable storage, and survives
     * loss of power. What cannot be written or synced is said in a status error.
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
     * {@code syncInterval}: how long an event may be in the page cache and not on stable storage, though nobody waits for
     * it. Default none; 0 syncs after each flush.
     *
     * @param value 0 to an hour, like 1 s or PT1S; a bare number counts milliseconds
     */
    default void setSyncInterval(final String value) {
        option("syncInterval", value);
    }

    /**
     * {@code strategy}: how bytes reach the kernel. Default {@code auto}. The others fail at start rather than settle for
     * less.
     *
     * @param value auto, iouring or writev
     */
    default void setStrategy(final String value) {
        option("strategy", value);
    }

    /**
     * {@code ringSize}: the ring's size. Default 4 MiB. An event that is larger is written whole all the same.
     *
     * @param value a power of two, 4 KiB to 1 GiB: bytes, or a number with KiB, MiB or GiB
     */
    default void setRingSize(final String value) {
        option("ringSize", value);
    }

    /**
     * {@code ringDepth}: how many entries an io_uring has. Default 16. Without one it changes nothing.
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
     * {@code overflow}: what becomes of an event that finds the ring full. BLOCK, the default: its thread waits. DISCARD:
     * it goes if its level is {@link #setDiscardLevel discardLevel} or lower, else its thread waits; what went is counted
     * and said, in a status message and as an event of level WARN and logger {@code dev.uringlog} in the file itself.
     *
     * @param value BLOCK or DISCARD
     */
    default void setOverflow(final String value) {
        option("overflow", value);
    }

    /**
     * {@code discardLevel}: with {@code overflow} DISCARD, the highest level that may go. Default INFO. Events without a
     * level may always go.
     *
     * @param value a level
     */
    default void setDiscardLevel(final String value) {
        option("discardLevel", value);
    }

    /**
     * {@code onFailure}: what becomes of events that the file does not take for now: no space, an I/O error. HOLD, the
     * default: they are held and tried again, and writing goes on within a second of the file taking bytes again. DROP: they
     * are dropped and counted, and what comes later is tried.
     *
     * @param value HOLD or DROP
     */
    default void setOnFailure(final String value) {
        option("onFailure", value);
    }

    /**
     * {@code shutdownTimeout}: how long a stop may go on writing what is held. Default 30 s.
     *
     * @param value 0 to a day, like 30 s or PT1M; a bare number counts milliseconds
     */
    default void setShutdownTimeout(final String value) {
        option("shutdownTimeout", value);
    }

    /**
     * {@code filePermissions}: the file's permissions, whatever the umask. Default {@code rw-------} for a file that is
     * made, and those it has for one that is there. Without POSIX permissions it changes nothing. An archive that Logback
     * compresses is Logback's, with those that the umask leaves.
     *
     * @param value nine characters like {@code rw-r-----}
     */
    default void setFilePermissions(final String value) {
        option("filePermissions", value);
    }

    /**
     * {@code lazy}: whether the file is opened, and made if need be, by the first event rather than at start. Default
     * false. While it cannot be opened, events are lost, and it is tried again once a second.
     *
     * @param value true or false
     */
    default void setLazy(final String value) {
        option("lazy", value);
    }
}
