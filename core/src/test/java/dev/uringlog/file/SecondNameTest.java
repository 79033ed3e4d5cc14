package dev.uringlog.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecondNameTest {
    @TempDir
    private Path dir;

    private Path file;
    private Path archives;

    @BeforeEach
    void writeFile() throws IOException {
        file = Files.writeString(dir.resolve("app.log"), "event\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        archives = Files.createDirectory(dir.resolve("archives"));
    }

    @Test
    void shouldNotBeTheLastWhereTheFileIsRenamed() throws IOException {
        final SecondName second = SecondName.of(file);
        Files.move(file, archives.resolve("app-1.log"));
        assertFalse(second.isLast());
        second.remove();
        assertFalse(Files.exists(second.path()));
        assertEquals("event\n", Files.readString(archives.resolve("app-1.log")));
    }

    @Test
    void shouldKeepWhatIsCopiedAndRemovedAndGiveTheCopyItsPermissions() throws IOException {
        final SecondName second = SecondName.of(file);
        final Path copy = archives.resolve("app-1.log");
        Files.write(copy, Files.readAllBytes(file));
        Files.delete(file);
        assertTrue(second.isLast());
        assertEquals("event\n", Files.readString(second.path()));
        second.syncCopies(archives);
        assertEquals("rw-r-----", PosixFilePermissions.toString(Files.getPosixFilePermissions(copy)));
    }

    @Test
    void shouldChangeNoFileThatIsNoCopy() throws IOException {
        final SecondName second = SecondName.of(file);
        final Path other = Files.writeString(archives.resolve("other.log"), "of another log\n");
        Files.setPosixFilePermissions(other, PosixFilePermissions.fromString("r--------"));
        Files.delete(file);
        second.syncCopies(archives);
        assertEquals("r--------", PosixFilePermissions.toString(Files.getPosixFilePermissions(other)));
    }

    @Test
    void shouldLeaveAlreadyTakenNamesAlone() throws IOException {
        final SecondName cutShort = SecondName.of(file);
        final SecondName second = SecondName.of(file);
        assertEquals(".app.log.rolling", cutShort.path().getFileName().toString());
        assertEquals(".app.log.rolling-2", second.path().getFileName().toString());
    }

    @Test
    void shouldDoWithoutWhereThereIsNothingToLink() {
        assertNull(SecondName.of(dir.resolve("missing.log")));
    }
}
