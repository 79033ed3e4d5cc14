package dev.uringlog.examples.peers;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import java.util.zip.GZIPOutputStream;

/**
 * A thread that compresses as many bytes as are logged, file by file, as rolling would, while a contender writes none.
 * It shows what a compressor costs producers, whatever the appender.
 */
final class CompressorBeside implements AutoCloseable {
    /** How often it checks how much has been logged. A roll takes a hundred times as long. */
    private static final long LOOK_NS = 5_000_000;

    /** The date format of the contenders' pattern. */
    private static final String LINE = "2026-11-26 12:00:00,%03d INFO  [worker-%02d] %s - order %08d taken: %s%n";

    private static final int LINES_PER_MS = 300;
    private static final int LINES_PER_BURST = 150;

    private final Path source;
    private final Path archive;
    private final long size;
    private final LongSupplier logged;
    private final Thread thread = new Thread(this::run, "compressor");
    private volatile long files;
    private volatile boolean isClosed;
    private IOException failure;

    /**
     * Makes the file that it compresses.
     *
     * @param file the compressed files have this name with a suffix
     * @param size bytes of a file
     * @param text what its lines end with
     * @param logged bytes so far
     * @throws IOException if there is no room for the file
     */
    CompressorBeside(final Path file, final long size, final String text, final LongSupplier logged)
            throws IOException {
        source = file.resolveSibling(file.getFileName() + ".beside");
        archive = file.resolveSibling(file.getFileName() + ".beside.gz");
        this.size = size;
        this.logged = logged;
        try (BufferedWriter writer = Files.newBufferedWriter(source)) {
            long length = 0;
            for (int i = 0; length < size; i++) {
                final String line =
                        LINE.formatted(i / LINES_PER_MS % 1000, i / LINES_PER_BURST % 2, Target.LOGGER, i, text);
                writer.write(line);
                length += line.length();
            }
        }
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    private void run() {
        long full = 0;
        while (!isClosed) {
            final long now = logged.getAsLong() / size;
            if (now > full) {
                full = now; // Skips files that filled up during the compression: an appender that rolls would have
                // waited.
                compress();
                files++;
            } else {
                LockSupport.parkNanos(LOOK_NS);
            }
        }
    }

    private void compress() {
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(archive), 8 << 10)) {
            Files.copy(source, out);
        } catch (final IOException e) {
            failure = e;
            isClosed = true;
        }
    }

    /** {@return how many files it began to compress} */
    long files() {
        return files;
    }

    /** @throws IOException if something could not be compressed: then nothing was measured */
    @Override
    public void close() throws IOException {
        isClosed = true;
        try {
            thread.join();
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Files.deleteIfExists(source);
        Files.deleteIfExists(archive);
        if (failure != null) {
            throw failure;
        }
    }
}
