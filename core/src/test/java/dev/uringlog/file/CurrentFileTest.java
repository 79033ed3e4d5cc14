package dev.uringlog.file;

import static dev.uringlog.sys.LinuxErrno.EIO;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.uringlog.sys.Call;
import dev.uringlog.sys.FakeKernel;
import dev.uringlog.sys.Kernel;
import dev.uringlog.write.LogFile;
import dev.uringlog.write.OnKernel;
import dev.uringlog.write.VectoredWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What holds for a log's file in each tier. */
class CurrentFileTest {
    enum Tier {
        NATIVE,
        JAVA;

        Sink open(final Path path) throws IOException {
            return this == JAVA
                    ? new ChannelSink(path, true, null)
                    : new NativeSink(LogFile.open(path), VectoredWriter.open(), Kernel.syscalls());
        }
    }

    @TempDir
    Path directory;

    private Path path;

    @BeforeEach
    void name() {
        path = directory.resolve("log");
    }

    private static String warning(final Sink sink) {
        return ((FileLife<?>) sink).warning();
    }

    private static void write(final Sink sink, final String text) throws IOException {
        final ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
        sink.write(new ByteBuffer[] {bytes, ByteBuffer.allocate(0)});
    }

    @Test
    void shouldTellTheWriterThatAnInterruptHasClosedTheFileSoThatItLearnsWhichOneIsOpenedNext() throws IOException {
        final Sink sink = Tier.JAVA.open(path);
        write(sink, "own\n");
        Thread.currentThread().interrupt();
        write(sink, "next\n");
        assertFalse(Thread.interrupted());
        assertFalse(sink.isOpen());
        Files.move(path, directory.resolve("moved"));
        sink.reopen();
        assertTrue(sink.isAnother());
        write(sink, "next\n");
        sink.close();
        assertEquals("own\n", Files.readString(directory.resolve("moved")));
        assertEquals("next\n", Files.readString(path));
    }

    @ParameterizedTest
    @EnumSource
    void shouldNotSetAsideAFileThatOthersHavePutInItsPlace(final Tier tier) throws IOException {
        final Sink sink = tier.open(path);
        write(sink, "own\n");
        Files.move(path, directory.resolve("moved"));
        Files.writeString(path, "theirs\n");
        assertNull(sink.setAside(".suspect"));
        assertTrue(sink.isAnother());
        write(sink, "next\n");
        sink.close();
        assertEquals("theirs\nnext\n", Files.readString(path));
        assertEquals("own\n", Files.readString(directory.resolve("moved")));
        assertFalse(Files.exists(directory.resolve("log.suspect")));
    }

    @ParameterizedTest
    @EnumSource
    void shouldSetItsFileAsideUnderANameThatNothingHas(final Tier tier) throws IOException {
        Files.writeString(directory.resolve("log.suspect"), "earlier\n");
        final Sink sink = tier.open(path);
        write(sink, "own\n");
        assertEquals(directory.resolve("log.suspect-2"), sink.setAside(".suspect"));
        sink.close();
        assertEquals("own\n", Files.readString(directory.resolve("log.suspect-2")));
        assertEquals("earlier\n", Files.readString(directory.resolve("log.suspect")));
        assertEquals("", Files.readString(path));
    }

    @ParameterizedTest
    @EnumSource
    void shouldKnowTheSameFileWhenItOpensItAgain(final Tier tier) throws IOException {
        final Sink sink = tier.open(path);
        assertTrue(sink.isAnother());
        sink.reopen();
        assertFalse(sink.isAnother());
        sink.close();
    }

    @ParameterizedTest
    @EnumSource
    void shouldWriteOnIfAFileThatItKeptIsNotLeft(final Tier tier) throws IOException {
        final Sink sink = tier.open(path);
        write(sink, "one\n");
        try (LeftFile kept = sink.keep()) {
            kept.sync();
        }
        write(sink, "two\n");
        sink.sync();
        sink.close();
        assertEquals("one\ntwo\n", Files.readString(path));
    }

    /** Any other opening is not told of an error that the kernel has told another process before. */
    @Test
    void shouldKeepAFileByTheVeryChannelThatWroteIt() throws IOException {
        final Sink sink = Tier.JAVA.open(path);
        final LeftFile kept = sink.keep();
        assertEquals(1, openings());
        sink.closeFile();
        assertEquals(1, openings());
        kept.sync();
        kept.close();
        kept.close();
        assertEquals(0, openings());
    }

    private long openings() throws IOException {
        try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
            return all.filter(fd -> path.equals(target(fd))).count();
        }
    }

    private static Path target(final Path link) {
        try {
            return Files.readSymbolicLink(link);
        } catch (final IOException e) {
            return null; // The one that lists them is closed.
        }
    }

    /** Otherwise a file of a long name that could not be synced would never be replaced. */
    @ParameterizedTest
    @CsvSource({"NATIVE,n", "NATIVE,é", "NATIVE,😀", "JAVA,n"})
    void shouldSetAFileAsideWhoseNameIsAsLongAsItMayBe(final Tier tier, final String unit) throws Exception {
        final int bytes = unit.getBytes(StandardCharsets.UTF_8).length;
        final Path longest = directory.resolve(unit.repeat(251 / bytes) + ".log");
        final String suffix = ".suspect-20260101T000000.000Z";
        final Sink sink = tier.open(longest);
        final Path first = sink.setAside(suffix);
        final Path second = sink.setAside(suffix);
        sink.close();
        assertTrue(first.toString().endsWith(suffix), first.toString());
        assertEquals(first + "-2", second.toString());
        try (Stream<Path> files = Files.list(directory)) {
            assertEquals(Set.of(longest, first, second), files.collect(Collectors.toSet()));
        }
    }

    /** Otherwise a file that could not be synced would be taken for another, and believed. */
    @Test
    void shouldKnowItsFileStillWhereTheNextOneWasOpenedAndRefused() throws Exception {
        final FakeKernel kernel = new FakeKernel();
        final Sink sink = new NativeSink(
                OnKernel.file(kernel, Path.of("/log"))
                        .permissions(PosixFilePermissions.fromString("rw-rw----"))
                        .open(),
                OnKernel.writer(kernel).open(),
                kernel);
        write(sink, "own\n");
        kernel.plan().failNext(Call.FSTAT, EIO);
        assertThrows(IOException.class, () -> sink.setAside(".suspect"));
        assertEquals(CurrentFile.Fate.IN_PLACE, sink.look());
        assertEquals(4, sink.size());
        assertEquals(List.of("/dev/null", "/log"), kernel.names());
        sink.close();
        kernel.assertNothingLeaked();
    }

    @ParameterizedTest
    @EnumSource
    void shouldWarnWhereOthersCanWrite(final Tier tier) throws Exception {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
        final Sink sink = tier.open(path);
        assertNull(warning(sink));
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwx---"));
        assertEquals(directory + " is writable by its group or by others", warning(sink));
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-rw-rw-"));
        assertEquals(path + " is writable by its group or by others", warning(sink));
        sink.close();
    }
}
