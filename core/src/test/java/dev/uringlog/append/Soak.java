package dev.uringlog.append;

import dev.uringlog.file.ChannelSink;
import dev.uringlog.file.NativeSink;
import dev.uringlog.file.Sink;
import dev.uringlog.file.SyncQueue;
import dev.uringlog.file.TornTail;
import dev.uringlog.sys.FaultySyscalls;
import dev.uringlog.sys.Kernel;
import dev.uringlog.sys.SignalStorm;
import dev.uringlog.write.LogFile;
import dev.uringlog.write.OnKernel;
import dev.uringlog.write.Strategy;
import dev.uringlog.write.VectoredWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * One round of everything that can go wrong, at random: threads log all the while, system calls fail or fall short,
 * rings break, threads are interrupted and signalled, files are rolled and reopened, and one log closes and another
 * follows it on the same file, configured otherwise. Then every line is accounted for.
 */
final class Soak {
    private static final int THREADS = 4;
    private static final int GENERATIONS_MAX = 3;
    private static final long ROUND_NANOS_MAX = TimeUnit.MILLISECONDS.toNanos(1_500);
    private static final Duration SHUTDOWN_TIMEOUT = Duration.ofSeconds(20);

    private final Random random;
    private final Path directory;
    private final Path file;
    private final FaultySyscalls kernel;
    private final Way way;
    private final boolean hasFailingSyncs;
    private final AtomicReference<AppendLog> current = new AtomicReference<>();
    private final List<AppendLog> all = new ArrayList<>();
    private final AtomicInteger rolled = new AtomicInteger();
    private boolean isRolling;
    private volatile Thread flusher;
    private volatile Runnable signal;

    private Soak(final long seed, final Path directory) throws IOException {
        random = new Random(seed);
        this.directory = Files.createDirectories(directory);
        file = directory.resolve("log");
        way = pick(VectoredWriter.isIoUringSupported() ? Way.values() : new Way[] {Way.WRITEV, Way.JAVA});
        hasFailingSyncs = random.nextInt(3) == 0;
        kernel = new FaultySyscalls(Kernel.syscalls(), random.nextLong());
    }

    /** Runs one round; what it returns says what it was. */
    static String round(final long seed, final Path directory) throws Exception {
        final Soak soak = new Soak(seed, directory);
        try {
            soak.run();
            return soak.check();
        } catch (final AssertionError | Exception e) {
            throw new AssertionError("round of seed " + seed + ": " + soak + ": " + e.getMessage(), e);
        } finally {
            Files.deleteIfExists(soak.file);
        }
    }

    private void run() throws Exception {
        final OverflowPolicy whenFull = pick(OverflowPolicy.values());
        openNext();
        final NumberedLines lines = NumberedLines.intoEach(current::get, THREADS, whenFull);
        final int generations = 1 + random.nextInt(GENERATIONS_MAX);
        for (int i = 0; i < generations; i++) {
            if (i > 0) {
                current.get().close();
                openNext();
            }
            torment(lines);
        }
        kernel.plan(0, false, false);
        lines.stop();
        current.get().close();
    }

    private void openNext() throws IOException {
        kernel.plan(0, false, false); // What cannot be opened is another test's.
        final AppendLogBuilder builder = AppendLog.builder(file)
                .listener(new Heard())
                .durability(pick(Durability.values()))
                .onFailure(pick(FailurePolicy.values()))
                .ringSize(4096L << random.nextInt(8))
                .maxDelay(Duration.ofNanos(random.nextInt(2_000_000)))
                .shutdownTimeout(SHUTDOWN_TIMEOUT)
                .threadFactory(this::newFlusher)
                .sinkFactory(config -> new SinkFactory.Opened(openMended(config), "soak"));
        isRolling = random.nextInt(2) == 0;
        if (isRolling) {
            final long size = 50_000 + random.nextInt(2_000_000);
            builder.roller(new NumberingRoller((timeMillis, length, fileSize) -> fileSize > size, this::setAside));
        }
        if (random.nextInt(3) == 0) {
            builder.syncInterval(Duration.ofMillis(random.nextInt(20)));
        }
        all.add(builder.open());
        current.set(all.get(all.size() - 1));
    }

    /** Under a number of this round's own, because each log's roller begins again at its first. */
    private void setAside(final Path from, final Path to) throws IOException {
        Files.move(from, to.resolveSibling("log." + rolled.incrementAndGet()));
    }

    private Thread newFlusher(final Runnable work) {
        flusher = new Thread(() -> {
            try {
                signal = SignalStorm.senderToThisThread();
                work.run();
                signal = () -> {};
            } catch (final IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        flusher.setDaemon(true);
        return flusher;
    }

    /** As every log opens its file: the one before may have ended in the middle of a record. */
    private Sink openMended(final AppendLogBuilder config) throws IOException {
        final Sink sink = openSink(config);
        TornTail.mend(config.path, sink);
        return sink;
    }

    private Sink openSink(final AppendLogBuilder config) throws IOException {
        if (way == Way.JAVA) {
            return new ChannelSink(config.path, config.append, config.filePermissions);
        }
        final VectoredWriter writer = OnKernel.writer(kernel)
                .strategy(way == Way.IOURING ? Strategy.IOURING : Strategy.WRITEV)
                .open();
        final LogFile opened = OnKernel.file(kernel, config.path).open();
        final boolean isSynced = config.durability == Durability.DISK || config.syncInterval != null;
        return way == Way.IOURING && isSynced
                ? new NativeSink(opened, writer, kernel, SyncQueue.open(opened, kernel, config.ringDepth))
                : new NativeSink(opened, writer, kernel);
    }

    /** For a while, one thing after the other. */
    private void torment(final NumberedLines lines) throws IOException {
        final long start = System.nanoTime();
        final long nanos = ROUND_NANOS_MAX / GENERATIONS_MAX / 2
                + (long) (random.nextDouble() * ROUND_NANOS_MAX / GENERATIONS_MAX / 2);
        while (System.nanoTime() - start < nanos) {
            final AppendLog log = current.get();
            switch (random.nextInt(10)) {
                case 0 -> kernel.plan(random.nextInt(300_000), hasFailingSyncs, false);
                case 1 -> kernel.plan(random.nextInt(50_000), hasFailingSyncs, random.nextInt(4) == 0);
                case 2 -> kernel.plan(0, false, false);
                case 3 -> flusher.interrupt();
                case 4 -> lines.threads().get(random.nextInt(THREADS)).interrupt();
                case 5 -> signalOften();
                case 6 -> ask(() -> log.flush(Duration.ofMillis(random.nextInt(20))));
                case 7 ->
                    ask(() -> {
                        log.reopen();
                        return true;
                    });
                case 8 ->
                    ask(() -> {
                        if (isRolling) {
                            log.roll();
                        }
                        return isRolling;
                    });
                default -> ask(() -> log.awaitDurable(log.writtenPosition(), Duration.ofMillis(random.nextInt(20))));
            }
            LockSupport.parkNanos(random.nextInt(5_000_000));
        }
    }

    private void signalOften() {
        final Runnable sender = signal;
        for (int i = random.nextInt(100); i > 0 && sender != null; i--) {
            sender.run();
        }
    }

    private interface Asking {
        boolean ask() throws IOException, InterruptedException;
    }

    private static void ask(final Asking asking) {
        try {
            asking.ask();
        } catch (final IOException e) {
            return; // The caller gets an error.
        } catch (final InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private String check() throws IOException {
        final List<Path> files;
        try (Stream<Path> listing = Files.list(directory)) {
            files = listing.sorted().toList();
        }
        long accepted = 0;
        long written = 0;
        long lost = 0;
        long failed = 0;
        long torn = 0;
        for (final AppendLog log : all) {
            final AppendStatistics s = log.statistics();
            Accounts.assertSettled(s);
            accepted += s.accepted();
            written += s.written();
            lost += s.failed() + s.dropped();
            failed += s.failed();
        }
        final NumberedLines.Distinct distinct = new NumberedLines.Distinct();
        for (final Path each : files) {
            torn += NumberedLines.in(distinct, each).torn();
        }
        final long found = distinct.count();
        final String what = this + ", accepted " + accepted + ", written " + written + ", lost " + lost + " (failed "
                + failed + "), found " + found + ", torn " + torn + " in " + files.size() + " files";
        // What only a suspect file has is not counted as written: it may or may not stay. Otherwise what has failed was
        // torn, perhaps of nothing but its newline.
        final boolean isRight = hasFailingSyncs
                        || files.stream().anyMatch(each -> each.toString().contains(".suspect-"))
                ? found >= written && found <= written + lost && torn <= failed
                : found >= written && found + torn == written + failed;
        if (!isRight) {
            throw new AssertionError(what);
        }
        for (final Path each : files) {
            Files.delete(each);
        }
        return what;
    }

    @Override
    public String toString() {
        return way + " " + all.stream().map(AppendLog::durability).toList()
                + (hasFailingSyncs ? " with failing syncs" : "");
    }

    private <T> T pick(final T[] values) {
        return values[random.nextInt(values.length)];
    }
}
