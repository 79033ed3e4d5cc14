package dev.uringlog.write;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One call that appends a batch of 256-byte direct buffers to a file, in the directory {@code -jvmArgsAppend -Ddir=...}.
 * {@code src/jmh/c/writev.c} is the same loop in C.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class WritevBenchmark {
    private static final int EVENT = 256;

    /** Small enough for its pages to be used again before the kernel or a hypervisor takes them back. */
    private static final long FILE_MAX = 64 << 20;

    /** The buffers, and the file that is emptied when it is full. */
    private abstract static class Appending {
        private ByteBuffer[] buffers;
        private long size;
        Path path;

        abstract void empty() throws IOException;

        abstract long write(ByteBuffer[] batch) throws IOException;

        final void prepare(final int batch) throws IOException {
            final Path directory = Path.of(System.getProperty("dir", System.getProperty("java.io.tmpdir")));
            path = Files.createTempFile(directory, "writev", ".log");
            buffers = new ByteBuffer[batch];
            for (int i = 0; i < batch; i++) {
                // Each its own allocation: slices of one block would lie back to back and go as one segment.
                buffers[i] = ByteBuffer.allocateDirect(EVENT);
            }
            empty();
        }

        final long append() throws IOException {
            for (final ByteBuffer buffer : buffers) {
                buffer.clear();
            }
            final long written = write(buffers);
            if (written != (long) buffers.length * EVENT) {
                throw new IOException("short write: " + written);
            }
            size += written;
            if (size > FILE_MAX) {
                empty();
                size = 0;
            }
            return written;
        }
    }

    /** Through {@link VectoredWriter}. */
    @State(Scope.Benchmark)
    public static class Writer extends Appending {
        /** Events a call. */
        @Param({"1", "4", "16", "64", "256", "1024"})
        public int batch;

        /** How. */
        @Param({"writev", "iouring"})
        public String strategy;

        private VectoredWriter writer;
        private LogFile file;
        private int fd;

        /** Opens. */
        @Setup
        public void open() throws IOException {
            writer = VectoredWriter.builder()
                    .strategy("writev".equals(strategy) ? Strategy.WRITEV : Strategy.IOURING)
                    .open();
            prepare(batch);
        }

        @Override
        void empty() throws IOException {
            if (file != null) {
                file.close();
            }
            file = LogFile.builder(path).truncate(true).open();
            fd = file.fd();
        }

        @Override
        long write(final ByteBuffer[] buffers) throws IOException {
            return writer.writev(fd, buffers);
        }

        /** Closes. */
        @TearDown
        public void close() throws IOException {
            writer.close();
            file.close();
            Files.delete(path);
        }
    }

    /** Through the JDK. */
    @State(Scope.Benchmark)
    public static class Channel extends Appending {
        /** Events a call. */
        @Param({"1", "4", "16", "64", "256", "1024"})
        public int batch;

        private FileChannel channel;

        /** Opens. */
        @Setup
        public void open() throws IOException {
            prepare(batch);
        }

        @Override
        void empty() throws IOException {
            if (channel != null) {
                channel.close();
                Files.newByteChannel(path, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)
                        .close(); // The JDK refuses APPEND together with TRUNCATE_EXISTING.
            }
            channel = FileChannel.open(path, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
        }

        @Override
        long write(final ByteBuffer[] buffers) throws IOException {
            return channel.write(buffers);
        }

        /** Closes. */
        @TearDown
        public void close() throws IOException {
            channel.close();
            Files.delete(path);
        }
    }

    @Benchmark
    public long vectoredWriter(final Writer writer) throws IOException {
        return writer.append();
    }

    @Benchmark
    public long fileChannel(final Channel channel) throws IOException {
        return channel.append();
    }
}
