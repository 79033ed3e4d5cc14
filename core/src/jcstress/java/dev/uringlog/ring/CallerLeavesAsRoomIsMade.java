package dev.uringlog.ring;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.Z_Result;

/** The first caller of the line gives up as the consumer releases: the one behind it is called by one of both. */
@JCStressTest
@Outcome(id = "true", expect = Expect.ACCEPTABLE, desc = "it has been called")
@Outcome(expect = Expect.FORBIDDEN, desc = "it sleeps beside an empty ring")
@State
public class CallerLeavesAsRoomIsMade {
    private static final int LENGTH = EventRing.CAPACITY_MIN;

    private final EventRing ring = new EventRing(LENGTH, 0);
    private final WaitingLine.Place first = ring.line().join(LENGTH);
    private final WaitingLine.Place second = ring.line().join(LENGTH);

    /** Fills the ring, with two in line for it, the first of whom is awake. */
    public CallerLeavesAsRoomIsMade() {
        ring.publish(ring.tryClaim(LENGTH), LENGTH);
        second.tryClaim();
    }

    @Actor
    public void caller() {
        ring.line().leave(first);
    }

    @Actor
    public void consumer() {
        ring.consumer().poll();
        ring.consumer().release();
    }

    @Arbiter
    public void after(final Z_Result result) {
        result.r1 = second.isCalled();
    }
}
