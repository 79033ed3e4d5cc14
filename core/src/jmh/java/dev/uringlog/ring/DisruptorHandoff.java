package dev.uringlog.ring;

import com.lmax.disruptor.AlertException;
import com.lmax.disruptor.InsufficientCapacityException;
import com.lmax.disruptor.RingBuffer;
import com.lmax.disruptor.Sequence;
import com.lmax.disruptor.SequenceBarrier;
import com.lmax.disruptor.TimeoutException;
import com.lmax.disruptor.WaitStrategy;

/** The Disruptor with slots of one size, made beforehand, and a consumer of our own that gives a batch back as one. */
final class DisruptorHandoff implements Handoff {
    /** A slot. */
    private static final class Event {
        private final byte[] bytes = new byte[EVENT_MAX];
        private int length;
    }

    /** Does not wait: the benchmark waits, in the same way for all. */
    private static final class NoWait implements WaitStrategy {
        @Override
        public long waitFor(
                final long sequence, final Sequence cursor, final Sequence dependent, final SequenceBarrier barrier) {
            return dependent.get();
        }

        @Override
        public void signalAllWhenBlocking() {}
    }

    private final RingBuffer<Event> ring =
            RingBuffer.createMultiProducer(Event::new, CAPACITY / EVENT_MAX, new NoWait());
    private final SequenceBarrier barrier = ring.newBarrier();
    private final Sequence consumed = new Sequence();

    DisruptorHandoff() {
        ring.addGatingSequences(consumed);
    }

    @Override
    public boolean offer(final byte[] event) {
        final long sequence;
        try {
            sequence = ring.tryNext();
        } catch (final InsufficientCapacityException e) {
            return false; // One exception made beforehand: no trace, no allocation.
        }
        final Event slot = ring.get(sequence);
        System.arraycopy(event, 0, slot.bytes, 0, event.length);
        slot.length = event.length;
        ring.publish(sequence);
        return true;
    }

    @Override
    public int drain() {
        final long before = consumed.get();
        final long available;
        try {
            available = barrier.waitFor(before + 1);
        } catch (final AlertException | InterruptedException | TimeoutException e) {
            throw new IllegalStateException(e);
        }
        if (available <= before) {
            return 0;
        }
        consumed.set(available);
        return (int) (available - before);
    }
}
