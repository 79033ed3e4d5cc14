package dev.uringlog.commit;

import dev.uringlog.ring.EventRing;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * The flusher adds one to a plain field when it has the baton, and a caller twice; it skips an addition if it does not
 * get the baton. The flusher always gets it, and no addition is lost.
 */
@JCStressTest
@Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "the flusher alone")
@Outcome(id = "2", expect = Expect.ACCEPTABLE, desc = "and a caller once")
@Outcome(id = "3", expect = Expect.ACCEPTABLE, desc = "and a caller twice")
@Outcome(expect = Expect.FORBIDDEN, desc = "an addition was lost: two had it, or one did not see the other's")
@State
public class BatonHandOver {
    private final Baton baton = new Baton(new EventRing(EventRing.CAPACITY_MIN, 0).consumer());
    private volatile Thread flusher;
    private int count;

    private void caller() {
        if (baton.tryTake() == null) {
            return;
        }
        count++;
        if (baton.isWanted()) {
            baton.grant(flusher);
            return;
        }
        baton.free();
        if (baton.isWanted() && baton.tryTake() != null) {
            if (baton.isWanted()) {
                baton.grant(flusher);
            } else {
                baton.free();
            }
        }
    }

    @Actor
    public void callers() {
        caller();
        caller();
    }

    @Actor
    public void flusher() {
        flusher = Thread.currentThread();
        baton.acquire();
        count++;
        baton.free();
    }

    @Arbiter
    public void arbiter(final I_Result result) {
        result.r1 = count;
    }
}
