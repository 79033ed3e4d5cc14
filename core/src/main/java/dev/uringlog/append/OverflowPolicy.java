package dev.uringlog.append;

/** What happens to an event that finds the ring full. */
public enum OverflowPolicy {
    /** Its caller waits for room. */
    BLOCK,
    /**
     * It is dropped and counted. But an event that its call waits for ({@link Durability}) is never dropped: its caller waits for
     * room.
     */
    DISCARD
}
