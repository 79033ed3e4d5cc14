package dev.uringlog.append;

import dev.uringlog.file.NativeSink;
import dev.uringlog.file.SyncQueue;
import dev.uringlog.sys.Call;
import dev.uringlog.sys.FakeKernel;
import dev.uringlog.sys.Syscalls;
import dev.uringlog.write.LogFile;
import dev.uringlog.write.OnKernel;
import dev.uringlog.write.Strategy;
import dev.uringlog.write.VectoredWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;

/** A log on the fake kernel. */
public final class FakeDisk {
    public static final String PATH = "/log";

    public final FakeKernel kernel = new FakeKernel();
    public final Heard heard = new Heard();

    /** The mode that its logs' files are to have; null for none in particular. */
    public String permissions;

    public AppendLogBuilder builder(final Strategy strategy) {
        return at(Path.of(PATH), strategy);
    }

    public AppendLogBuilder at(final Path path, final Strategy strategy) {
        return AppendLog.builder(path).listener(heard).sinkFactory(config -> openSink(path, strategy));
    }

    /** A log with writes by writev and syncs in flight. */
    public AppendLogBuilder overlapping(final int depth) {
        return AppendLog.builder(Path.of(PATH)).listener(heard).ringDepth(depth).sinkFactory(this::openOverlapping);
    }

    private SinkFactory.Opened openOverlapping(final AppendLogBuilder config) throws IOException {
        final VectoredWriter writer =
                OnKernel.writer(kernel).strategy(Strategy.WRITEV).open();
        final LogFile file = openFile(Path.of(PATH));
        try {
            final SyncQueue queue = SyncQueue.open(file, kernel, config.ringDepth);
            queue.prepare(config.ringDepth); // As if an earlier file had needed them all.
            return new SinkFactory.Opened(new NativeSink(file, writer, kernel, queue), PATH);
        } catch (final IOException e) {
            file.close();
            throw e;
        }
    }

    /** A file on a kernel of the test's own, written with writev. */
    public static NativeSink sink(final Syscalls kernel, final Path path) throws IOException {
        return new NativeSink(
                OnKernel.file(kernel, path).open(),
                OnKernel.writer(kernel).strategy(Strategy.WRITEV).open(),
                kernel);
    }

    private LogFile openFile(final Path path) throws IOException {
        final LogFile.Builder builder = OnKernel.file(kernel, path);
        return permissions == null
                ? builder.open()
                : builder.permissions(PosixFilePermissions.fromString(permissions))
                        .open();
    }

    private SinkFactory.Opened openSink(final Path path, final Strategy strategy) throws IOException {
        final VectoredWriter writer = OnKernel.writer(kernel).strategy(strategy).open();
        try {
            return new SinkFactory.Opened(new NativeSink(openFile(path), writer, kernel), path.toString());
        } catch (final IOException e) {
            writer.close();
            throw e;
        }
    }

    /** Those of the calls so far that are one of these. */
    public List<Call> calls(final Call... of) {
        return kernel.history().stream().filter(Arrays.asList(of)::contains).toList();
    }

    public String text() {
        return kernel.file(PATH).text();
    }

    /** Where a file that failed is now. */
    public String suspect() {
        return kernel.names().stream()
                .filter(name -> name.startsWith(PATH + ".suspect-"))
                .findFirst()
                .orElse(null);
    }

    public static byte[] ascii(final String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
