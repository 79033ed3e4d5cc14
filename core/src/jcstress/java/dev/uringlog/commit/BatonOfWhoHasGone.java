package dev.uringlog.commit;

import dev.uringlog.flush.Waiters;
import dev.uringlog.flush.Waiters.Waiter;
import dev.uringlog.ring.EventRing;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.Z_Result;

/**
 * A holder looks for a waiter to pass the baton to, and a waiter goes away. A waiter that has gone never takes itself
 * for the holder, or its next event would not be waited for.
 */
@JCStressTest
@Outcome(id = "false", expect = Expect.ACCEPTABLE, desc = "it has gone, or has the baton and knows it")
@Outcome(expect = Expect.FORBIDDEN, desc = "it has gone, and takes itself for the holder")
@State
public class BatonOfWhoHasGone {
    private final Baton baton = new Baton(new EventRing(EventRing.CAPACITY_MIN, 0).consumer());
    private final Waiters waiters = new Waiters();

    @Actor
    public void holder() {
        if (baton.tryTake() != null) {
            baton.passTo(waiters);
        }
    }

    @Actor
    public void caller(final Z_Result result) {
        final Waiter waiter = new Waiter(1, true);
        waiters.push(waiter);
        result.r1 = waiter.leave() && baton.isHeldByCurrentThread();
    }
}
