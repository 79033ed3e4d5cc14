package dev.uringlog.ring;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JJ_Result;

/** A thread that sees an event sees its bytes. */
@JCStressTest
@Outcome(id = "0, 0", expect = Expect.ACCEPTABLE, desc = "not there yet")
@Outcome(id = "8, 72340172838076673", expect = Expect.ACCEPTABLE, desc = "there, and whole")
@Outcome(expect = Expect.FORBIDDEN, desc = "seen before its bytes")
@State
public class PublishBeforeVisible {
    private static final byte[] EVENT = {1, 1, 1, 1, 1, 1, 1, 1};

    private final EventRing ring = new EventRing(EventRing.CAPACITY_MIN, 0);

    @Actor
    public void producer() {
        final long claim = ring.tryClaim(EVENT.length);
        ring.copy(claim, EVENT, 0, EVENT.length);
        ring.publish(claim, EVENT.length);
    }

    @Actor
    public void consumer(final JJ_Result result) {
        result.r1 = ring.consumer().poll();
        result.r2 = result.r1 == 0 ? 0 : ring.consumer().parts(0)[0].getLong();
    }
}
