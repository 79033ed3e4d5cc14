package dev.uringlog.append;

/** What a returned call of {@code append} means. */
public enum Durability {
    /** The event is in memory; it is lost only if the process ends without its shutdown hooks before the next flush. */
    MEMORY,
    /** The event is in the kernel's page cache; it survives the process. */
    KERNEL,
    /** The event is on stable storage; it survives loss of power. */
    DISK
}
