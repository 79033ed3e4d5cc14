package dev.uringlog.examples.quickstart;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Logs a text file again, one event a line, from one thread, under {@code %m%n}; the output must equal the input byte
 * for byte. A line ends at {@code \n}; a {@code \r} before it stays part of the message, and an empty line is an event
 * with an empty message. A last line without newline gets one, as every event does, and the result says so.
 */
final class Replay {
    private static final int BUFFER = 1 << 20;

    private final Path input;
    private final long size;
    private final Charset charset;
    private final Bytes line = new Bytes();
    private long lines;
    private boolean isNewlineAdded;

    private Replay(final Path input, final long size, final Charset charset) {
        this.input = input;
        this.size = size;
        this.charset = charset;
    }

    /** Detects the file's charset: UTF-8 if all of it is valid, otherwise ISO-8859-1, which keeps any byte. */
    static Replay of(final Path input) throws IOException {
        final Charset charset = isUtf8(input) ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1;
        return new Replay(input, Files.size(input), charset);
    }

    private static boolean isUtf8(final Path input) throws IOException {
        final CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        final ByteBuffer bytes = ByteBuffer.allocate(BUFFER).limit(0);
        final CharBuffer chars = CharBuffer.allocate(BUFFER);
        try (InputStream in = Files.newInputStream(input)) {
            boolean isAtEnd = false;
            while (!isAtEnd) {
                bytes.compact();
                final int count = in.readNBytes(bytes.array(), bytes.position(), bytes.remaining());
                isAtEnd = bytes.remaining() > count;
                bytes.position(bytes.position() + count).flip();
                final CoderResult result = decoder.decode(bytes, chars.clear(), isAtEnd);
                if (result.isError()) {
                    return false;
                }
            }
            return !decoder.flush(chars.clear()).isError();
        }
    }

    Charset charset() {
        return charset;
    }

    long lines() {
        return lines;
    }

    boolean isNewlineAdded() {
        return isNewlineAdded;
    }

    /** Logs every line, stops the framework, and returns how long this took, in nanoseconds. */
    long run(final Framework framework, final Progress display) throws IOException {
        final long start = System.nanoTime();
        lines = 0;
        isNewlineAdded = false;
        final byte[] buffer = new byte[BUFFER];
        long read = 0;
        try (InputStream in = Files.newInputStream(input)) {
            for (int count = in.read(buffer); count > 0; count = in.read(buffer)) {
                logLines(framework, buffer, count);
                read += count;
                display.showEachSecond(read, size, "bytes");
            }
        }
        if (line.length() > 0) {
            isNewlineAdded = true;
            logLine(framework);
        }
        framework.stop();
        return System.nanoTime() - start;
    }

    private void logLines(final Framework framework, final byte[] buffer, final int count) {
        int from = 0;
        for (int i = 0; i < count; i++) {
            if (buffer[i] == '\n') {
                line.put(buffer, from, i - from);
                logLine(framework);
                from = i + 1;
            }
        }
        line.put(buffer, from, count - from);
    }

    private void logLine(final Framework framework) {
        framework.log(new String(line.array(), 0, line.length(), charset));
        line.clear();
        lines++;
    }

    /** What is wrong with the output, or null. */
    String problem(final Path output) throws IOException {
        final long difference = Files.mismatch(input, output);
        final long outputSize = Files.size(output);
        if (difference < 0 || isNewlineAdded && difference == size && outputSize == size + 1) {
            return null;
        }
        return "output differs from input at byte " + difference + " (" + size + " bytes in, " + outputSize + " out)";
    }
}
