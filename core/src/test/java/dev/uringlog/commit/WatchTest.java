package dev.uringlog.commit;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class WatchTest {
    private final AtomicBoolean isHolding = new AtomicBoolean();
    private final Watch watch = new Watch(isHolding::get);

    @Test
    void shouldAskACallerWithWhetherTheFileTakesNoBytes() {
        assertFalse(watch.begin(isStalled -> isStalled).isGivenUp());
        isHolding.set(true);
        assertTrue(watch.begin(isStalled -> isStalled).isGivenUp());
        assertFalse(watch.begin(null).isGivenUp(), "it has all the time there is");
    }

    @Test
    void shouldEndEveryWaitOnceTheTimeIsOver() {
        watch.endAfter(0);
        assertTrue(watch.begin(null).isGivenUp());
    }

    @Test
    void shouldTellACallerThatSleepsThatItsTimeIsOver() {
        final Watch.Wait wait = watch.begin(isStalled -> isStalled);
        isHolding.set(true);
        while (!wait.isGivenUp()) {
            wait.park(this);
        }
        wait.end();
    }
}
