package dev.uringlog.examples.core;

import dev.uringlog.append.AppendLog;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Consumer;
import java.util.zip.CRC32C;

/**
 * A write-ahead log on {@link AppendLog}: records in frames, read back up to the first incomplete one.
 *
 * <pre>
 *   0        4        8                 8 + length
 *   ├ length ┼ CRC32C ┼ payload ────────┤      big-endian, next frame follows at once
 * </pre>
 *
 * <p>{@link #append} costs a copy and no system call; {@link #commit} returns once everything up to a record is on
 * stable storage, and many threads that commit together share one fdatasync. If that fails, the log cannot be used any
 * more. There are then two files, and an operator must find out which of the records after the last good commit they
 * hold.
 *
 * <p>Any thread may append and commit. One thread opens.
 */
public final class WriteAheadLog implements AutoCloseable {
    /** Longest payload, 1 MiB. A torn frame may contain a larger length, which must not be allocated. */
    public static final int PAYLOAD_MAX = 1 << 20;

    private static final int HEADER = Integer.BYTES + Integer.BYTES;

    private final AppendLog log;

    private WriteAheadLog(final AppendLog log) {
        this.log = log;
    }

    /**
     * Reads the records of the last run, cuts off a torn frame at the end, and opens the log for more. Records that
     * were appended but not committed may be there too.
     *
     * @param path the file; created if it does not exist
     * @param recovered takes each whole record's payload, in order
     * @return the log
     * @throws IOException if the file cannot be read, cut or opened, or the last run's could not be synced
     */
    public static WriteAheadLog open(final Path path, final Consumer<byte[]> recovered) throws IOException {
        refuseSuspect(path);
        if (Files.exists(path)) {
            final long whole = recover(path, recovered);
            try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
                channel.truncate(whole);
            }
        }
        // The file has frames, not lines, so it need not end with a newline.
        return new WriteAheadLog(AppendLog.builder(path).mendTornTail(false).open());
    }

    /** {@link AppendLog} renames a file that it could not sync and continues in a new one. */
    private static void refuseSuspect(final Path path) throws IOException {
        final Path directory = path.toAbsolutePath().getParent();
        try (DirectoryStream<Path> aside = Files.newDirectoryStream(directory, path.getFileName() + ".suspect-*")) {
            for (final Path suspect : aside) {
                throw new IOException(suspect + " could not be synced: records may be there, in " + path + ", or lost");
            }
        }
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
     * @return the position of its end, counted from this log's opening, for {@link #commit}
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
     * Waits until a record, and every one before it, is on stable storage. One caller syncs for all that wait.
     *
     * @param position what {@link #append} returned for it
     * @throws IOException if it cannot be written or synced
     */
    public void commit(final long position) throws IOException {
        try {
            log.awaitDurable(position);
        } catch (final IOException e) {
            log.close(); // No later record may look as if it followed the acknowledged ones.
            throw e;
        }
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
