package dev.uringlog.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChannelSinkTest {
    @TempDir
    Path directory;

    private Path path;

    @BeforeEach
    void name() {
        path = directory.resolve("log");
    }

    private static void write(final Sink sink, final String text) throws IOException {
        final ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
        sink.write(new ByteBuffer[] {bytes, ByteBuffer.allocate(0)});
    }

    @Test
    void shouldNotSetAsideAFileThatOthersHavePutInItsPlace() throws IOException {
        final Sink sink = new ChannelSink(path, true, null);
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

    @Test
    void shouldSetItsFileAsideUnderANameThatNothingHas() throws IOException {
        Files.writeString(directory.resolve("log.suspect"), "earlier\n");
        final Sink sink = new ChannelSink(path, true, null);
        write(sink, "own\n");
        assertEquals(directory.resolve("log.suspect-2"), sink.setAside(".suspect"));
        sink.close();
        assertEquals("own\n", Files.readString(directory.resolve("log.suspect-2")));
        assertEquals("earlier\n", Files.readString(directory.resolve("log.suspect")));
        assertEquals("", Files.readString(path));
    }

    @Test
    void shouldKnowTheSameFileWhenItOpensItAgain() throws IOException {
        final Sink sink = new ChannelSink(path, true, null);
        assertTrue(sink.isAnother());
        sink.reopen();
        assertFalse(sink.isAnother());
        sink.close();
    }

    @Test
    void shouldSetAFileAsideWhoseNameIsAsLongAsItMayBe() throws Exception {
        final Path longest = path.resolveSibling("n".repeat(251) + ".log");
        final Sink sink = new ChannelSink(longest, true, null);
        final Path aside = sink.setAside(".suspect-20260101T000000.000Z");
        sink.close();
        assertTrue(Files.exists(longest) && Files.exists(aside), aside.toString());
        assertTrue(aside.toString().endsWith(".suspect-20260101T000000.000Z"), aside.toString());
    }
}
