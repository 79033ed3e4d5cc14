package dev.uringlog.flush;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.uringlog.file.CurrentFile.Fate;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PathWatchTest {
    private static final IOException NO_SPACE = new IOException("No space left on device");
    private static final IOException BROKEN = new IOException("Input/output error");

    private final Parts parts = new Parts();
    private final PathWatch path = new PathWatch(parts.sink, 0);

    private boolean look(final boolean mayWait) {
        return path.look(parts.cursor, mayWait, false);
    }

    @Test
    void shouldFollowAtOnceAFileThatWasReplaced() {
        assertFalse(look(true));
        parts.sink.fate = Fate.REPLACED;
        assertTrue(look(false));
        path.follow();
        assertEquals(0, path.followed());
        assertFalse(path.isAway());
    }

    @Test
    void shouldCompleteAnEventInTheFileThatHasAPartOfIt() {
        parts.sink.fate = Fate.REPLACED;
        assertFalse(path.look(parts.cursor, true, true));
        assertEquals(0, parts.sink.looks);
    }

    @Test
    void shouldOpenAPathLessOftenThatLeadsToAnotherFileAtEachLook() {
        parts.sink.fate = Fate.REPLACED;
        assertTrue(look(true));
        path.follow();
        path.followed();
        assertFalse(look(true), "it was opened a moment ago");
    }

    @Test
    void shouldLookOnlyOnceInEachInterval() {
        final PathWatch seldom = new PathWatch(parts.sink, TimeUnit.HOURS.toNanos(1));
        seldom.look(parts.cursor, true, false);
        seldom.look(parts.cursor, true, false);
        assertEquals(1, parts.sink.looks);
    }

    @Test
    void shouldTakeAFileToBeTakenAwayOnlyAfterAGraceAndUntilItIsTriedAgain() {
        parts.sink.fate = Fate.MOVED;
        path.stalled();
        assertFalse(path.isTakenAway(BROKEN));
        await().until(() -> path.isTakenAway(BROKEN));
        parts.sink.fate = Fate.IN_PLACE;
        assertFalse(path.isTakenAway(BROKEN));
        parts.sink.fate = Fate.MOVED;
        assertFalse(path.isTakenAway(BROKEN), "the grace begins again");
    }

    @Test
    void shouldWaitForSpaceInAFileThatWasOnlyRenamed() {
        path.stalled();
        parts.sink.fate = Fate.UNLINKED;
        await().until(() -> path.isTakenAway(NO_SPACE));
        parts.sink.fate = Fate.MOVED;
        assertFalse(path.isTakenAway(NO_SPACE));
    }
}
