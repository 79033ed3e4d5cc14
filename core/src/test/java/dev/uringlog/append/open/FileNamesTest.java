package dev.uringlog.append.open;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.uringlog.append.AppendLog;
import dev.uringlog.append.Durability;
import dev.uringlog.append.FileNames;
import dev.uringlog.testing.ChildJvm;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class FileNamesTest {
    @TempDir
    Path directory;

    /** Writes the same name by a stream of Java's and by a log. */
    static final class Streams {
        private Streams() {}

        public static void main(final String[] arguments) throws IOException {
            final String name = "gr\u00f6\u00dfe-\u65e5\ud83d\ude00.log";
            try (OutputStream stream = new FileOutputStream(name)) {
                stream.write("stream\n".getBytes(StandardCharsets.US_ASCII));
            }
            try (AppendLog log = AppendLog.builder(FileNames.path(name)).open()) {
                log.append("log\n".getBytes(StandardCharsets.US_ASCII));
            }
            System.out.println(FileNames.warning(name));
        }
    }

    private ChildJvm.Outcome run(final String environment, final String... jvmArguments) throws Exception {
        final ChildJvm.Outcome outcome =
                ChildJvm.run("cd " + directory + "; " + environment, List.of(jvmArguments), Streams.class);
        assertEquals(0, outcome.exitCode(), outcome.output());
        return outcome;
    }

    private String onlyFile() throws IOException {
        try (var files = Files.list(directory)) {
            final List<Path> all = files.toList();
            assertEquals(1, all.size(), all.toString());
            return Files.readString(all.get(0));
        }
    }

    @Test
    void shouldNameAFileAsAStreamDoesWhereTheEncodingLacksItsCharacters() throws Exception {
        final ChildJvm.Outcome outcome = run("export LC_ALL=C");
        assertEquals("stream\nlog\n", onlyFile());
        assertTrue(Files.exists(directory.resolve("gr??e-??.log")));
        assertTrue(outcome.output().contains("the file is named gr??e-??.log"), outcome.output());
    }

    @Test
    void shouldFindAFileWhereAStreamDoesInTheDirectoryOfTheProcess() throws Exception {
        run("export LC_ALL=C.UTF-8", "-Duser.dir=/nonexistent");
        assertEquals("stream\nlog\n", onlyFile());
    }

    /** As java.nio.file has it: what is not said by name but as a path is in user.dir. */
    static final class Paths {
        private Paths() {}

        public static void main(final String[] arguments) throws IOException {
            final Path path = Path.of("log");
            Files.writeString(path, "torn");
            try (AppendLog log =
                    AppendLog.builder(path).durability(Durability.DISK).open()) {
                log.append("one\n".getBytes(StandardCharsets.US_ASCII));
                log.reopen();
                log.append("two\n".getBytes(StandardCharsets.US_ASCII));
            }
            System.out.print(Files.readString(path));
        }
    }

    @Test
    void shouldOpenLookAtAndSyncOneFileWhereARelativePathIsNotInTheDirectoryOfTheProcess() throws Exception {
        for (final boolean isNative : new boolean[] {true, false}) {
            final Path elsewhere = Files.createDirectory(directory.resolve("native-" + isNative));
            final ChildJvm.Outcome outcome = ChildJvm.run(
                    "cd /", List.of("-Duser.dir=" + elsewhere, "-Duringlog.native=" + isNative), Paths.class);
            assertEquals(0, outcome.exitCode(), outcome.output());
            assertEquals("torn\none\ntwo\n", Files.readString(elsewhere.resolve("log")));
        }
        assertFalse(Files.exists(Path.of("/log")));
    }

    @Test
    void shouldLeaveANameAsItIsThatMeansOneFileToAll() {
        assertEquals("logs/app-%i.log", FileNames.resolve("logs/app-%i.log"));
        assertEquals("/logs/app.log", FileNames.resolve("/logs/app.log"));
        assertNull(FileNames.warning("logs/app.log"));
    }
}
