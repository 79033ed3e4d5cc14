package dev.uringlog.ring;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IJ_Result;

/** On a full ring a producer gets room only once the consumer has read what was there. */
@JCStressTest
@Outcome(id = "1, 4096", expect = Expect.ACCEPTABLE, desc = "the old bytes, in either order")
@Outcome(expect = Expect.FORBIDDEN, desc = "overwritten while being read")
@State
public class ReuseAfterRelease {
    private final EventRing ring = new EventRing(EventRing.CAPACITY_MIN, 0);

    /** Fills the ring. */
    public ReuseAfterRelease() {
        fill((byte) 1);
    }

    private void fill(final byte value) {
        final byte[] event = new byte[EventRing.CAPACITY_MIN];
        java.util.Arrays.fill(event, value);
        final long claim = ring.tryClaim(event.length);
        if (claim >= 0) {
            ring.copy(claim, event, 0, event.length);
            ring.publish(claim, event.length);
        }
    }

    @Actor
    public void producer() {
        fill((byte) 2);
    }

    @Actor
    public void consumer(final IJ_Result result) {
        final long length = ring.consumer().poll();
        int least = Integer.MAX_VALUE;
        int most = 0;
        final java.nio.ByteBuffer part = ring.consumer().parts(0)[0];
        while (part.hasRemaining()) {
            final int value = part.get();
            least = Math.min(least, value);
            most = Math.max(most, value);
        }
        ring.consumer().release();
        result.r1 = least == most ? most : -1;
        result.r2 = length;
    }
}
