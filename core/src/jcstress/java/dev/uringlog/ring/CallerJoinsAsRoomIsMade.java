package dev.uringlog.ring;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** A caller joins the line of a full ring as the consumer releases it: the caller sees the room, or it is called. */
@JCStressTest
@Outcome(id = "true, false", expect = Expect.ACCEPTABLE, desc = "it has seen the room")
@Outcome(id = "false, true", expect = Expect.ACCEPTABLE, desc = "it has not, and has been called")
@Outcome(id = "true, true", expect = Expect.ACCEPTABLE, desc = "both")
@Outcome(expect = Expect.FORBIDDEN, desc = "it sleeps beside an empty ring")
@State
public class CallerJoinsAsRoomIsMade {
    private static final int LENGTH = EventRing.CAPACITY_MIN;

    private final EventRing ring = new EventRing(LENGTH, 0);
    private WaitingLine.Place place;

    /** Fills the ring. */
    public CallerJoinsAsRoomIsMade() {
        ring.publish(ring.tryClaim(LENGTH), LENGTH);
    }

    @Actor
    public void caller(final ZZ_Result result) {
        final WaitingLine.Place own = ring.line().join(LENGTH);
        place = own;
        result.r1 = own.tryClaim() >= 0;
    }

    @Actor
    public void consumer() {
        ring.consumer().poll();
        ring.consumer().release();
    }

    @Arbiter
    public void after(final ZZ_Result result) {
        result.r2 = place.isCalled();
    }
}
