package dev.uringlog.examples.peers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Writes and forces each event on its own, the naive way. */
final class ForceTarget implements Target {
    private final FileChannel channel;

    ForceTarget(final Path file) throws IOException {
        channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    @Override
    public void log(final String number, final String text) {
        try {
            channel.write(ByteBuffer.wrap((number + " " + text + "\n").getBytes(StandardCharsets.UTF_8)));
            channel.force(false);
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void stop() {
        try {
            channel.close();
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
