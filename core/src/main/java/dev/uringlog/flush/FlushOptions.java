package dev.uringlog.flush;

/**
 * How a log is flushed.
 *
 * @param delayNanos how long an event may wait for others
 * @param everyoneWaits whether each event's caller waits for it: then no event wakes the flusher
 * @param keepsUntilSynced whether bytes stay in the ring until they are on stable storage
 * @param syncIntervalNanos how long bytes may be written but not on stable storage; negative for no limit
 * @param dropsOnFailure whether a batch that the file does not take is dropped rather than held
 * @param mendsTornTail whether a file that the log comes to, and that ends inside a line, gets a newline first
 * @param lookNanos what others do to the file is noticed within this long, while there is something to write
 */
public record FlushOptions(
        long delayNanos,
        boolean everyoneWaits,
        boolean keepsUntilSynced,
        long syncIntervalNanos,
        boolean dropsOnFailure,
        boolean mendsTornTail,
        long lookNanos) {}
