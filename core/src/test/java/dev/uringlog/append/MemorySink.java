package dev.uringlog.append;

import dev.uringlog.file.LeftFile;
import dev.uringlog.file.Sink;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;

/** A sink in memory whose next writes go as a test plans them; once the plan is used up they succeed. */
public class MemorySink implements Sink {
    /** One planned write. */
    public interface Step {
        /** How many bytes to take of those offered, or what to throw. */
        int take(int offered) throws IOException;
    }

    private final ByteArrayOutputStream file = new ByteArrayOutputStream();
    private final Queue<Step> plan = new ConcurrentLinkedQueue<>();
    private volatile boolean quarantined;
    private volatile String degradation;
    private final Queue<Step> syncs = new ConcurrentLinkedQueue<>();
    public volatile int reopened;
    public volatile int synced;
    public volatile boolean cannotSetAside;
    public volatile String suspect;
    public volatile int closed;
    public volatile int partsMax;
    public volatile int looks;
    public volatile boolean isOpen = true;
    public volatile boolean isAnother;
    public volatile Fate fate = Fate.IN_PLACE;

    public MemorySink plan(final Step... steps) {
        plan.addAll(java.util.List.of(steps));
        return this;
    }

    public MemorySink planSyncs(final Step... steps) {
        syncs.addAll(java.util.List.of(steps));
        return this;
    }

    public static Step fail(final IOException e) {
        return offered -> {
            throw e;
        };
    }

    public static Step shortWrite(final int bytes) {
        return offered -> Math.min(bytes, offered);
    }

    /** A device that stalls until the latch opens. */
    public static Step stall(final CountDownLatch reached, final CountDownLatch open) {
        return offered -> {
            reached.countDown();
            awaitUninterruptibly(open);
            return offered;
        };
    }

    public static void awaitUninterruptibly(final CountDownLatch latch) {
        boolean done = false;
        while (!done) {
            try {
                latch.await();
                done = true;
            } catch (final InterruptedException e) {
                done = false;
            }
        }
    }

    public void quarantine() {
        quarantined = true;
    }

    public void degrade(final String reason) {
        degradation = reason;
    }

    public synchronized String text() {
        return file.toString(StandardCharsets.UTF_8);
    }

    public AppendLogBuilder builder() {
        return AppendLog.builder(java.nio.file.Path.of("memory.log"))
                .sinkFactory(config -> new SinkFactory.Opened(this, "memory.log"));
    }

    @Override
    public long write(final ByteBuffer[] parts) throws IOException {
        final int offered = parts[0].remaining() + parts[1].remaining();
        final Step step = plan.poll();
        final int taken = step == null ? offered : step.take(offered);
        partsMax = Math.max(partsMax, parts[1].hasRemaining() ? 2 : 1);
        synchronized (this) {
            int left = taken;
            for (final ByteBuffer part : parts) {
                final byte[] bytes = new byte[Math.min(left, part.remaining())];
                part.get(bytes);
                file.write(bytes);
                left -= bytes.length;
            }
        }
        return taken;
    }

    @Override
    public void sync() throws IOException {
        final Step step = syncs.poll();
        if (step != null) {
            step.take(0);
        }
        synced++;
    }

    @Override
    public boolean areNamesSynced() {
        return true;
    }

    @Override
    public String syncNames() {
        return null;
    }

    @Override
    public void grown(final Path directory) {}

    @Override
    public void leaveNames() {}

    @Override
    public void movedTo(final Path directory) {}

    @Override
    public Path setAside(final String suffix) throws IOException {
        if (cannotSetAside) {
            throw new IOException("planned: no new file");
        }
        synchronized (this) {
            suspect = text();
            file.reset();
        }
        return Path.of("memory.log" + suffix);
    }

    @Override
    public void reopen() {
        reopened++;
        isOpen = true;
    }

    @Override
    public void open(final Path other, final boolean append) {
        throw new UnsupportedOperationException("one file in memory");
    }

    @Override
    public void closeFile() {
        throw new UnsupportedOperationException("one file in memory");
    }

    @Override
    public boolean isOpen() {
        return isOpen;
    }

    @Override
    public boolean isCreated() {
        return false;
    }

    @Override
    public boolean isAnother() {
        return isAnother;
    }

    @Override
    public LeftFile keep() throws IOException {
        throw new IOException("nothing is left in memory");
    }

    @Override
    public Path path() {
        return Path.of("memory.log");
    }

    @Override
    public Fate look() {
        looks++;
        return fate;
    }

    @Override
    public synchronized long size() {
        return file.size();
    }

    @Override
    public String label() {
        return "memory";
    }

    @Override
    public String degradation() {
        return degradation;
    }

    @Override
    public boolean takeQuarantine() {
        final boolean seen = quarantined;
        quarantined = false;
        return seen;
    }

    @Override
    public long initialSize() {
        return 0;
    }

    @Override
    public void close() {
        closed++;
    }
}
