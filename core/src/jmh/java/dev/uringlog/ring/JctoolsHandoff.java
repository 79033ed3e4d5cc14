package dev.uringlog.ring;

import org.jctools.queues.MessagePassingQueue;
import org.jctools.queues.MpscArrayQueue;

/**
 * JCTools' bounded queue of references. Each event is a fresh copy, garbage once consumed: a pool of arrays would be a
 * second queue, so this is the simplest use that is fair, and its figure holds the allocation.
 */
final class JctoolsHandoff implements Handoff {
    private final MpscArrayQueue<byte[]> queue = new MpscArrayQueue<>(CAPACITY / EVENT_MAX);
    private final MessagePassingQueue.Consumer<byte[]> ignore = event -> {};

    @Override
    public boolean offer(final byte[] event) {
        return queue.offer(event.clone());
    }

    @Override
    public int drain() {
        return queue.drain(ignore);
    }
}
