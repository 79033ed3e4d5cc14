package dev.uringlog.ring;

import java.nio.ByteBuffer;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/** Two producers, two events each: all four are there, each producer's in its order, whatever was seen before. */
@JCStressTest
@Outcome(
        id = {"abAB", "aAbB", "aABb", "AabB", "AaBb", "ABab"},
        expect = Expect.ACCEPTABLE,
        desc = "an interleaving")
@Outcome(expect = Expect.FORBIDDEN, desc = "lost, twice, or out of order")
@State
public class OrderPerProducer {
    private final EventRing ring = new EventRing(EventRing.CAPACITY_MIN, 0);
    private final StringBuilder seen = new StringBuilder();

    private void append(final char event) {
        final long claim = ring.tryClaim(1);
        ring.copy(claim, new byte[] {(byte) event}, 0, 1);
        ring.publish(claim, 1);
    }

    private void consume() {
        if (ring.consumer().poll() > 0) {
            for (final ByteBuffer part : ring.consumer().parts(ring.releasedPosition())) {
                while (part.hasRemaining()) {
                    seen.append((char) part.get());
                }
            }
            ring.consumer().release();
        }
    }

    @Actor
    public void first() {
        append('a');
        append('b');
    }

    @Actor
    public void second() {
        append('A');
        append('B');
    }

    @Actor
    public void consumer() {
        consume();
        consume();
    }

    @Arbiter
    public void rest(final L_Result result) {
        consume();
        result.r1 = seen.toString();
    }
}
