package dev.uringlog.ring;

import java.nio.ByteBuffer;

/**
 * The events that the consumer has gathered and not done with yet, to be read and not moved. Where the ring is shared by
 * threads in turn, only the thread whose turn it is has one: a method that takes a batch is one that needs the turn.
 */
public interface Batch {
    /** {@return the position where it begins: everything before it is done with, released or not} */
    long position();

    /** {@return the sequence of its first event} */
    long sequence();

    /** {@return the position where it ends} */
    long end();

    /** {@return how many events it holds} */
    int count();

    /**
     * Counts the events that end at or before a position.
     *
     * @param position within the batch
     * @return a count
     */
    int countThrough(long position);

    /**
     * The start of the event that a position is inside of.
     *
     * @param position within the batch
     * @return the same position where an event ends there, or the batch begins
     */
    long boundary(long position);

    /**
     * Its bytes, contiguous; the second part is empty unless they wrap.
     *
     * @param from the position of the first byte wanted, within the batch
     * @return two views, the same array each time, each at the first of its bytes
     */
    ByteBuffer[] parts(long from);

    /** {@return the position of the end of everything released to the producers, where the batch begins or before} */
    long releasedPosition();

    /** {@return how many events before the batch are not released, abandoned ones left out} */
    int keptCount();
}
