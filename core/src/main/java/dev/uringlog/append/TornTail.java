package dev.uringlog.append;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/** The end of a file whose last writer was killed inside a record. */
final class TornTail {
    private static final ByteBuffer NONE = ByteBuffer.allocate(0);

    private TornTail() {}

    /** Ends the last line of a file that is not empty, so that the next event starts its own. */
    static boolean mend(final Path path, final Sink sink) throws IOException {
        if (sink.initialSize() == 0 || lastByte(path) == '\n') {
            return false;
        }
        return endLine(sink);
    }

    /** Writes a newline; false if the file did not take it. */
    static boolean endLine(final Sink sink) throws IOException {
        return sink.write(new ByteBuffer[] {ByteBuffer.wrap(new byte[] {'\n'}), NONE}) == 1;
    }

    private static int lastByte(final Path path) throws IOException {
        final Set<OpenOption> options = Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
        try (SeekableByteChannel channel = Files.newByteChannel(path, options)) {
            final ByteBuffer last = ByteBuffer.allocate(1);
            channel.position(Math.max(0, channel.size() - 1));
            return channel.read(last) == 1 ? last.get(0) : '\n';
        }
    }
}
