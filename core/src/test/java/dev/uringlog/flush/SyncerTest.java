package dev.uringlog.flush;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.uringlog.append.MemorySink;
import dev.uringlog.file.CurrentFile.Fate;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class SyncerTest {
    private final Parts parts = new Parts();
    private final Syncer syncer = parts.syncer(Parts.options(false, Parts.NEVER, false));

    @Test
    void shouldSyncAFileBeforeItIsLeftOnceSomethingHasAskedForASync() {
        assertFalse(syncer.keepsAtTurn());
        syncer.want();
        assertTrue(syncer.keepsAtTurn());
    }

    @Test
    void shouldKeepABatchThatACallerWaitsForUnlessNothingCanBeMadeDurable() {
        assertFalse(syncer.keeps(parts.cursor, false));
        assertTrue(syncer.keeps(parts.cursor, true));
        parts.marks.suspect(new IOException("broken"));
        assertFalse(syncer.keeps(parts.cursor, true));
    }

    @Test
    void shouldAskWhereThePathLeadsOnlyToTrustTheLogAgain() {
        syncer.renew(0);
        assertEquals(0, parts.sink.looks, "nothing is suspect, so nothing has to be cleared of it");
        parts.marks.suspect(new IOException("broken"));
        parts.sink.fate = Fate.REPLACED;
        syncer.renew(0);
        assertNotNull(parts.marks.suspect(), "it may be the same file again");
        parts.sink.fate = Fate.IN_PLACE;
        syncer.renew(0);
        assertNull(parts.marks.suspect());
    }

    @Test
    void shouldSuspectAFileWhoseLastBytesCouldNotBeSynced() {
        syncer.want();
        parts.sink.planSyncs(MemorySink.fail(new IOException("broken")));
        assertThrows(IOException.class, () -> syncer.finish(true));
        assertNotNull(parts.marks.suspect());
    }

    @Test
    void shouldNeitherTrustNorSuspectAFileThatIsNotOpen() {
        parts.sink.isOpen = false;
        assertNotNull(syncer.sync(parts.cursor));
        assertNull(parts.marks.suspect());
    }
}
