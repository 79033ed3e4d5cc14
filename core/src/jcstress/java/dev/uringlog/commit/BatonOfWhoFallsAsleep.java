package dev.uringlog.commit;

import dev.uringlog.flush.Waiters;
import dev.uringlog.flush.Waiters.Waiter;
import dev.uringlog.ring.EventRing;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * A caller that was awake, and so unknown to others, pushes itself and tries once more before it sleeps. Meanwhile the
 * holder looks for a waiter to pass the baton to, and frees it. One of the two sees the other, so the caller does not
 * sleep for ever.
 */
@JCStressTest
@Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "it found it free")
@Outcome(id = "2", expect = Expect.ACCEPTABLE, desc = "it was passed to it")
@Outcome(id = "0", expect = Expect.FORBIDDEN, desc = "it sleeps, and the baton is free")
@Outcome(expect = Expect.FORBIDDEN, desc = "it was passed to it, and free")
@State
public class BatonOfWhoFallsAsleep {
    private final Baton baton = new Baton(new EventRing(EventRing.CAPACITY_MIN, 0).consumer());
    private final Waiters waiters = new Waiters();
    private Waiter waiter;
    private boolean isTaken;

    public BatonOfWhoFallsAsleep() {
        baton.tryTake();
    }

    @Actor
    public void holder() {
        if (baton.passTo(waiters)) {
            return;
        }
        baton.free();
        if (!waiters.isEmpty() && baton.tryTake() != null) {
            baton.passTo(waiters);
        }
    }

    @Actor
    public void caller() {
        waiter = new Waiter(1, false);
        waiters.push(waiter);
        isTaken = baton.tryTake() != null;
    }

    @Arbiter
    public void arbiter(final I_Result result) {
        result.r1 = (isTaken ? 1 : 0) + (waiter.isLeading() ? 2 : 0);
    }
}
