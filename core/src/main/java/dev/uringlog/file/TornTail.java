package dev.uringlog.file;

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
public final class TornTail {
    private static final ByteBuffer NONE = ByteBuffer.allocate(0);

    private TornTail() {}

    /**
     * Ends the last line of a file that is not empty, so that the next event starts its own line. If the file cannot be read, its
     * last line is assumed to be complete.
     *
     * @param path the file
     * @param sink writes to it
     * @throws IOException if the newline cannot be written
     */
    public static void mend(final Path path, final Sink sink) throws IOException {
        if (sink.initialSize() > 0 && isTorn(path)) {
            endLine(sink);
        }
    }

    /**
     * Whether a file ends inside a line.
     *
     * @param path the file
     * @return false if it is empty, or cannot be read
     */
    public static boolean isTorn(final Path path) {
        try {
            return lastByte(path) != '\n';
        } catch (final IOException e) {
            return false;
        }
    }

    /**
     * Writes a newline.
     *
     * @param sink takes it
     * @return false if it did not
     * @throws IOException if it failed to
     */
    public static boolean endLine(final Sink sink) throws IOException {
        return sink.write(new ByteBuffer[] {ByteBuffer.wrap(new byte[] {'\n'}), NONE}) == 1;
    }

    private static int lastByte(final Path path) throws IOException {
        final Set<OpenOption> options = Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
        try (SeekableByteChannel channel = Files.newByteChannel(path, options)) {
            final ByteBuffer last = ByteBuffer.allocate(1);
            channel.position(Math.max(0, channel.size() - 1));
            return channel.read(last) == 1 ? last.get(0) : '\n'; // Nothing is torn in an empty file.
        }
    }
}
