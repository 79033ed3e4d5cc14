package dev.uringlog.append;

/** What happens to events that the file does not take for now: no space, an I/O error, a file system gone read-only. */
public enum FailurePolicy {
    /**
     * They are held and tried again until the file takes them, the one it took a part of from the byte reached. Meanwhile
     * the ring fills, and its callers meet it as {@link OverflowPolicy} says. Writing goes on within a second of the file
     * taking bytes again.
     */
    HOLD,
    /**
     * They are dropped and counted, and the log goes on: a disk that is full holds nobody up. An event that the file took a
     * part of has failed; the next one starts a line of its own.
     */
    DROP
}
