package dev.uringlog.file;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.uringlog.sys.Kernel;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the pure-Java tier says of a directory, where there is no errno: the native one's are in DirectorySyncTest. */
class DirectoriesTest {
    private final List<Path> synced = new ArrayList<>();
    private IOException failure;
    private final Directories directories = new Directories(directory -> {
        if (failure != null) {
            throw failure;
        }
        synced.add(directory);
    });

    static Stream<IOException> refusals() {
        return Stream.of(
                new AccessDeniedException("/logs"),
                new IOException("Invalid argument"),
                new IOException("Operation not supported"),
                new FileSystemException("/logs", null, "Function not implemented"),
                new FileSystemException("/logs", null, "Operation not permitted"));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void shouldSayOnceThatADirectoryCannotBeSyncedAndGoOn(final IOException refusal) throws IOException {
        directories.opened(Path.of("/logs/log"));
        failure = refusal;
        assertTrue(directories.sync().contains("the directory /logs cannot be synced"));
        assertTrue(directories.areSynced());
        directories.opened(Path.of("/logs/log"));
        assertNull(directories.sync());
        assertTrue(directories.areSynced());
    }

    @Test
    void shouldSyncADirectoryOfThisMachine(@TempDir final Path directory) {
        assertDoesNotThrow(() -> DirectorySync.sync(directory, Kernel.syscalls()));
    }

    @Test
    void shouldGoOnWithoutADirectoryThatIsGone() throws IOException {
        directories.opened(Path.of("/logs/log"));
        failure = new NoSuchFileException("/logs");
        assertNull(directories.sync());
        assertTrue(directories.areSynced());
    }

    @Test
    void shouldTryAgainWhatFailed() throws IOException {
        directories.opened(Path.of("/logs/log"));
        failure = new IOException("Input/output error");
        assertThrows(IOException.class, directories::sync);
        failure = null;
        directories.sync();
        assertEquals(List.of(Path.of("/logs")), synced);
    }
}
