package dev.uringlog.ring;

import java.nio.ByteBuffer;

/**
 * A read-only view of the events that the consumer has gathered and not finished. If several threads consume the ring, one at
 * a time, only the thread that holds the baton has a batch. So a method that takes a batch requires the baton.
 */
public interface Batch {
    /** {@return the position where it begins: everything before it is finished, released or not} */
    long position();

    /** {@return the sequence of its first event} */
    long sequence();

    /** {@return the position where it ends} */
    long end();

    /** {@return how many events it holds} */
    int count();

    /**
     * Counts the batch's events that end at or before a position.
     *
     * @param position within the batch
     * @return a count
     */
    int countThrough(long position);

    /**
     * The start of the event that contains a position.
     *
     * @param position within the batch
     * @return the same position if an event ends there or the batch begins there
     */
    long boundary(long position);

    /**
     * Its bytes. The second part is empty unless they wrap around the end of the ring.
     *
     * @param from the position of the first byte, within the batch
     * @return two views, each positioned at its first byte; always the same array
     */
    ByteBuffer[] parts(long from);

    /** {@return the end position of everything released to the producers, at or before the start of the batch} */
    long releasedPosition();

    /** {@return how many events before the batch are not released, without abandoned ones} */
    int keptCount();
}
