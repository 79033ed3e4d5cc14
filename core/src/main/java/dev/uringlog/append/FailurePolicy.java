package dev.uringlog.append;

/** What happens to events that the file does not take for now: no space, an I/O error, a read-only file system. */
public enum FailurePolicy {
    /**
     * They are held and tried again until the file takes them. A partly written event continues at the byte reached. When the
     * ring is full, {@link OverflowPolicy} applies. Writing resumes within a second after the file takes bytes again.
     */
    HOLD,
    /**
     * They are dropped and counted, so a full disk delays no caller. A partly written event has failed, and the next one
     * starts its own line.
     */
    DROP
}
