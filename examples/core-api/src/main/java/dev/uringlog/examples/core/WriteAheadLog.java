package dev.uringlog.examples.core;

import dev.uringlog.append.AppendLog;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Consumer;
import java.util.zip.CRC32C;

/**
 * A write-ahead log over {@link AppendLog}: records in frames, read back up to the first that is not whole.
 *
 * <pre>
 *   0        4        8                 8 + length
 *   ├ length ┼ CRC32C ┼ payload ────────┤      big-endian, next frame follows at once
 * </pre>
 *
 * <p>{@link #append} costs a copy and no system call; {@link #commit} returns once everything appended before it is in
 * the kernel's page cache, which a crash of the process does not touch. It says nothing about loss of power.
 *
 * <p>Any thread may append and commit. One thread opens.
 */
public final class WriteAheadLog implements AutoCloseable {
    /** Longest payload, 1 MiB: a length beyond it, in a torn frame, is no reason to allocate it. */
    public static final int PAYLOAD_MAX = 1 << 20;

    private static final int HEADER = Integer.BYTES + Integer.BYTES;

    private final AppendLog log;

    private WriteAheadLog(final AppendLog log) {
        this.log = log;
    }

    /**
     * Reads what the last run left, cuts off a torn frame at the end, and opens the log for more.
     *
     * @param path the file; made if there is none
     * @param recovered takes each whole record's payload, in order
     * @return the log
     * @throws IOException if the file cannot be read, cut or opened
     */
    public static WriteAheadLog open(final Path path, final Consumer<byte[]> recovered) throws IOException {
        if (Files.exists(path)) {
            final long whole = recover(path, recovered);
            try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
                channel.truncate(whole);
            }
        }
        // Frames, not lines: a last byte that is no newline is nothing to mend.
        return new WriteAheadLog(AppendLog.builder(path).mendTornTail(false).open());
    }

    /** Returns the end of the last whole frame. */
    private static long recover(final Path path, final Consumer<byte[]> recovered) throws IOException {
        long left = Files.size(path);
        long whole = 0;
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(path)))) {
            while (left >= HEADER) {
                final int length = in.readInt();
                final int crc = in.readInt();
                // A hole of zeros must not look like empty records, so there are none.
                if (length <= 0 || length > PAYLOAD_MAX || length > left - HEADER) {
                    return whole;
                }
                final byte[] payload = in.readNBytes(length);
                if (crc != crc(payload)) {
                    return whole;
                }
                recovered.accept(payload);
                left -= HEADER + length;
                whole += HEADER + length;
            }
        }
        return whole;
    }

    /**
     * Appends a record.
     *
     * @param payload 1…{@link #PAYLOAD_MAX} bytes, the caller's again on return
     * @return the position of its end, counted from this log's opening
     */
    public long append(final byte[] payload) {
        if (payload.length == 0 || payload.length > PAYLOAD_MAX) {
            throw new IllegalArgumentException("a record has 1 to " + PAYLOAD_MAX + " bytes, not " + payload.length);
        }
        final ByteBuffer frame = ByteBuffer.allocate(HEADER + payload.length);
        return log.append(
                frame.putInt(payload.length).putInt(crc(payload)).put(payload).flip());
    }

    /**
     * Waits until everything appended before is in the page cache. Many threads that commit together share one write.
     *
     * @throws IOException if the file does not take it
     */
    public void commit() throws IOException {
        log.flush();
    }

    @Override
    public void close() {
        log.close();
    }

    private static int crc(final byte[] payload) {
        final CRC32C crc = new CRC32C();
        crc.update(payload);
        return (int) crc.getValue();
    }
}
