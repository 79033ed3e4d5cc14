package dev.uringlog.append;

/** What happens to an event that finds the ring full. */
public enum OverflowPolicy {
    /** Its caller waits for room. */
    BLOCK,
    /** It is dropped, and counted. */
    DISCARD
}
