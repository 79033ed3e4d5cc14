package dev.uringlog.append;

import dev.uringlog.commit.Flusher;
import dev.uringlog.file.Sink;
import dev.uringlog.flush.Counters;
import dev.uringlog.flush.Reporter;
import dev.uringlog.flush.Rolling;
import dev.uringlog.ring.EventRing;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * An append-only file. Many threads write to it, and wait neither for it nor for each other unless they choose to.
 *
 * <p>{@link #append} copies an event into a ring off the heap and returns its position. One thread per log hands
 * everything in the ring to the kernel as one vectored submission. Events of one thread are in the file in the order of its
 * calls. Each event is there whole, once, with nothing between it and the next.
 *
 * <p><b>Positions.</b> A position counts bytes, an event's those up to its end. {@code 0 ≤ durable ≤ written ≤ appended}.
 *
 * <p><b>Durability.</b> What a returned {@link #append} means is the builder's {@link Durability}. At {@code KERNEL} and
 * {@code DISK}, and in {@link #awaitWritten}, {@link #awaitDurable}, {@link #flush} and {@link #sync}, callers write for
 * each other: one leads, and writes and syncs for all. A wait with a timeout leaves the work to the log's own thread. A
 * file whose fdatasync fails is not trusted again. Callers that wait for it get the error, the file is renamed to
 * {@code <name>.suspect-<time>}, and events that are still in the ring and may not be durable are written to a new file.
 *
 * <p><b>Threads.</b> Any thread may call any method, virtual threads too; nothing here holds a monitor. An interrupt is
 * kept and ends no wait, unless the method is declared to throw InterruptedException.
 *
 * <p><b>Faults.</b> If the file takes no bytes for now (no space, an I/O error), events are held until it does, or
 * dropped, as {@link FailurePolicy} says. The listener is told, and callers in {@link #flush} get the error.
 *
 * <p><b>Exit.</b> When the JVM shuts down, everything accepted is written. From then on each call returns only once its
 * event is in the file, also for a log that is opened later. Each wait at exit takes the shutdown timeout at most.
 */
public final class AppendLog implements AutoCloseable {
    /** What {@code append} returns for an event that was discarded. */
    public static final long DISCARDED = -1;

    private final EventRing ring;
    private final Admission admission;
    private final Flusher flusher;
    private final Counters counters;
    private final Reporter reporter;
    private final OverflowPolicy overflow;
    private final Durability durability;
    private final StopClock stopClock;
    private final Management management;
    private final String description;
    private final long initialSize;
    private final AtomicBoolean isClosed = new AtomicBoolean();

    AppendLog(final AppendLogBuilder config, final EventRing ring, final Sink sink, final String description) {
        this.description = description;
        this.ring = ring;
        final Rolling roller = config.roller == null ? null : new RollerCalls(config.roller);
        reporter = config.reporter();
        durability = config.durability;
        flusher = new Flusher(
                ring, sink, reporter, config.lossNotice, config.durableListener(), roller, config.flushing());
        counters = flusher.counters();
        final boolean isKeptDurable = config.flushing().keepsUntilSynced();
        stopClock = new StopClock(ring, flusher, reporter, isKeptDurable, config.shutdownTimeout.toNanos());
        admission = new Admission(ring, flusher, stopClock, reporter.name(), roller != null, config.isShared);
        overflow = config.overflow;
        initialSize = sink.initialSize();
        management = new Management(this, config.path, sink, reporter);
        flusher.start(config.threadFactory);
    }

    /** Makes the log known to the shutdown hook, to JMX and to the listener. */
    void announce() {
        final RuntimeException denied = ExitGuard.add(this);
        management.registerLater();
        reporter.info(description);
        if (denied != null) {
            reporter.unguarded(denied);
        }
    }

    /**
     * Begins to describe a log.
     *
     * @param path the file; made if there is none. A relative one is resolved against {@code user.dir}, not the process's directory
     * @return a builder with every default
     */
    public static AppendLogBuilder builder(final Path path) {
        return new AppendLogBuilder(path);
    }

    /**
     * Appends an event. What happens if the ring is full is the log's {@link OverflowPolicy}.
     *
     * @param event its bytes, which the caller may change after the call; nothing is appended if it is empty
     * @return its end position, or {@link #DISCARDED}
     * @throws LogClosedException if the log is closed
     * @throws UncheckedIOException at {@code KERNEL} and {@code DISK}, if the event may not be there; it was accepted, and may
     *     still be written. At any durability, if there is no memory for an event longer than the ring; the event then counts
     *     as discarded
     */
    public long append(final byte[] event) {
        return admission.append(event, 0, event.length, AppendTerms.of(overflow), admission.now(), durability);
    }

    /**
     * Appends an event.
     *
     * @param event an array that holds its bytes; the caller may change it after the call
     * @param offset index of the first byte
     * @param length count of bytes, 0 or more
     * @param whenFull what happens to this event if the ring is full
     * @return its end position, or {@link #DISCARDED}
     */
    public long append(final byte[] event, final int offset, final int length, final OverflowPolicy whenFull) {
        return admission.append(event, offset, length, AppendTerms.of(whenFull), admission.now(), durability);
    }

    /**
     * Appends an event and does not wait for it, whatever the log's durability. The caller may wait later.
     *
     * @param event an array that holds its bytes; the caller may change it after the call
     * @param offset index of the first byte
     * @param length count of bytes, 0 or more
     * @param whenFull what happens to this event if the ring is full
     * @return its end position, or {@link #DISCARDED}
     */
    public long enqueue(final byte[] event, final int offset, final int length, final OverflowPolicy whenFull) {
        return enqueue(event, offset, length, whenFull, admission.now());
    }

    /**
     * Appends an event with its own time.
     *
     * @param event an array that holds its bytes; the caller may change it after the call
     * @param offset index of the first byte
     * @param length count of bytes, 0 or more
     * @param whenFull what happens to this event if the ring is full
     * @param timeMillis when it happened, milliseconds since 1970, for the {@link Roller}; otherwise it is the current time
     * @return its end position, or {@link #DISCARDED}
     */
    public long append(
            final byte[] event,
            final int offset,
            final int length,
            final OverflowPolicy whenFull,
            final long timeMillis) {
        return admission.append(event, offset, length, AppendTerms.of(whenFull), timeMillis, durability);
    }

    /**
     * Appends an event on the caller's terms.
     *
     * @param event an array that holds its bytes; the caller may change it after the call
     * @param offset index of the first byte
     * @param length count of bytes, 0 or more
     * @param timeMillis when it happened
     * @param terms what the returned call means, and how long it may wait
     * @return its end position, or {@link #DISCARDED}
     * @throws NotAcceptedException if the caller's patience ended before the event was accepted
     * @throws UncheckedIOException as {@link #append(byte[])}; or if the patience ended before the event was written or synced
     */
    public long append(
            final byte[] event, final int offset, final int length, final long timeMillis, final AppendTerms terms) {
        return admission.append(event, offset, length, terms, timeMillis, terms.awaited(durability));
    }

    /**
     * As {@link #enqueue(byte[], int, int, OverflowPolicy)}, with the event's own time.
     *
     * @param event an array that holds its bytes; the caller may change it after the call
     * @param offset index of the first byte
     * @param length count of bytes, 0 or more
     * @param whenFull what happens to this event if the ring is full
     * @param timeMillis when it happened, milliseconds since 1970
     * @return its end position, or {@link #DISCARDED}
     */
    public long enqueue(
            final byte[] event,
            final int offset,
            final int length,
            final OverflowPolicy whenFull,
            final long timeMillis) {
        return admission.append(event, offset, length, AppendTerms.of(whenFull), timeMillis, Durability.MEMORY);
    }

    /**
     * Announces that an event about to be appended will be waited for with {@link #awaitDurable}. From now on each file is
     * synced before the log leaves it, as at DISK and after the first wait for stable storage. Later calls cost one read.
     */
    public void expectDurable() {
        flusher.expectDurable();
    }

    /**
     * Rolls behind everything appended before this call, and waits for that. An interrupt is kept.
     *
     * @throws IllegalStateException if the log has no {@link Roller}
     * @throws IOException if it failed, or the log was closed before, or this is the log's own thread
     */
    public void roll() throws IOException {
        admission.turn(true, Long.MAX_VALUE);
    }

    /**
     * As {@link #roll()}, with a timeout.
     *
     * @param timeout how long to wait at most, 0 for not at all; the log rolls in any case
     * @return false if it has not rolled by then
     * @throws IOException as {@link #roll()}
     */
    public boolean roll(final Duration timeout) throws IOException {
        return admission.turn(true, TimeUnit.NANOSECONDS.convert(timeout));
    }

    /**
     * Reopens the path behind everything appended before this call, and waits for that: for rotation by another process.
     *
     * @throws IOException if it could not be opened: the log then continues in the old file; or as {@link #roll}
     */
    public void reopen() throws IOException {
        admission.turn(false, Long.MAX_VALUE);
    }

    /** {@return bytes in the file, and in the ring on their way to it} */
    public long fileSize() {
        return flusher.fileSize();
    }

    /**
     * As {@link #append(byte[])}.
     *
     * @param event any buffer; left with nothing remaining, unless the event was discarded
     * @return its end position, or {@link #DISCARDED}
     */
    public long append(final ByteBuffer event) {
        return append(event, overflow);
    }

    /**
     * Appends what remains in a buffer as one event.
     *
     * @param event any buffer; left with nothing remaining, unless the event was discarded
     * @param whenFull what happens to this event if the ring is full
     * @return its end position, or {@link #DISCARDED}
     */
    public long append(final ByteBuffer event, final OverflowPolicy whenFull) {
        return admission.append(event, AppendTerms.of(whenFull), admission.now(), durability);
    }

    /**
     * As {@link #append(byte[], int, int, long, AppendTerms)}, for an array that the caller does not use again. An
     * event longer than the ring is written from that array, where {@code append} makes a copy.
     *
     * @param event an array that holds the event's bytes and belongs to the log from now on
     * @param offset index of the first byte
     * @param length count of bytes, 0 or more
     * @param timeMillis when it happened
     * @param terms what the returned call means
     * @return its end position, or {@link #DISCARDED}
     */
    public long give(
            final byte[] event, final int offset, final int length, final long timeMillis, final AppendTerms terms) {
        return length <= ring.capacity()
                ? append(event, offset, length, timeMillis, terms)
                : admission.give(event, offset, length, terms, timeMillis, terms.awaited(durability));
    }

    /** Counts an event as discarded because its caller had no memory for its bytes. */
    public void discardUnencoded() {
        counters.discarded.increment();
    }

    /**
     * Waits until everything appended before this call is in the kernel's page cache.
     *
     * @throws IOException as {@link #awaitWritten(long)}
     */
    public void flush() throws IOException {
        admission.await(ring.claimedPosition(), Durability.KERNEL, Patience.ENDLESS);
    }

    /**
     * As {@link #flush()}, with a timeout. An interrupt is kept.
     *
     * @param timeout how long to wait at most
     * @return false if not everything was there by then
     * @throws IOException as {@link #awaitWritten(long)}
     */
    public boolean flush(final Duration timeout) throws IOException {
        try {
            return admission.await(ring.claimedPosition(), Durability.KERNEL, timeout, false);
        } catch (final InterruptedException e) {
            throw new AssertionError(e); // This wait is not interruptible.
        }
    }

    /**
     * Waits until everything appended before this call is on stable storage, whatever the log's durability.
     *
     * @throws IOException as {@link #awaitDurable(long)}, of the last event appended
     */
    public void sync() throws IOException {
        admission.await(ring.claimedPosition(), Durability.DISK, Patience.ENDLESS);
    }

    /**
     * Waits until everything up to a position is in the kernel's page cache.
     *
     * @param position what {@code append} returned, or any position up to the end of what was appended
     * @throws IOException if the file takes no bytes for now, some of these bytes failed, the log was closed before, or the
     *     position is {@link #DISCARDED}
     */
    public void awaitWritten(final long position) throws IOException {
        admission.await(admission.checked(position), Durability.KERNEL, Patience.ENDLESS);
    }

    /**
     * As {@link #awaitWritten(long)}, with a timeout.
     *
     * @param position as for {@link #awaitWritten(long)}
     * @param timeout how long to wait at most
     * @return false if not everything was there by then
     * @throws IOException as {@link #awaitWritten(long)}
     * @throws InterruptedException if this thread is interrupted first
     */
    public boolean awaitWritten(final long position, final Duration timeout) throws IOException, InterruptedException {
        return admission.await(admission.checked(position), Durability.KERNEL, timeout, true);
    }

    /**
     * Waits until everything up to a position is on stable storage: each file that holds it has been synced by fdatasync(2),
     * and so has the directory of a file that was made. At MEMORY or KERNEL, files that the log left more than a second before
     * the first such wait are not covered. A wait for a position in one of them fails, and a later position says nothing about
     * them. {@link #expectDurable} before the append rules that out.
     *
     * @param position as for {@link #awaitWritten(long)}
     * @throws IOException as {@link #awaitWritten(long)}, or if the file that holds the event that ends there could not be
     *     synced: a loss of power may then lose the event
     */
    public void awaitDurable(final long position) throws IOException {
        admission.await(admission.checked(position), Durability.DISK, Patience.ENDLESS);
    }

    /**
     * As {@link #awaitDurable(long)}, with a timeout.
     *
     * @param position as for {@link #awaitWritten(long)}
     * @param timeout how long to wait at most
     * @return false if not everything was there by then
     * @throws IOException as {@link #awaitDurable(long)}
     * @throws InterruptedException if this thread is interrupted first
     */
    public boolean awaitDurable(final long position, final Duration timeout) throws IOException, InterruptedException {
        return admission.await(admission.checked(position), Durability.DISK, timeout, true);
    }

    /** {@return the position of the end of everything written, or failed} */
    public long writtenPosition() {
        return flusher.writtenPosition();
    }

    /** {@return the position of the end of everything known to be on stable storage, or failed} */
    public long durablePosition() {
        return flusher.durablePosition();
    }

    /** The JVM shuts down: what was accepted is written without delay, and each later event before its call returns. */
    void askAtExit() {
        stopClock.askAtExit();
    }

    /** Waits for what {@link #askAtExit} has asked for; the shutdown timeout began at {@code startNanos}. */
    void awaitAtExit(final long startNanos) {
        stopClock.awaitAtExit(ring.claimedPosition(), startNanos);
        reporter.leftAtExit(left());
    }

    private long left() {
        return ring.claimedCount() - counters.written - counters.failed - counters.dropped;
    }

    /** For a caller that will close the log but waits first: call it a few times a second. The close then counts that time too. */
    public void expectClose() {
        stopClock.look();
    }

    /**
     * Writes everything accepted, for at most the shutdown timeout, and closes the file. Later events are refused.
     * Idempotent; a second caller waits like the first.
     */
    @Override
    public void close() {
        close(null);
    }

    /**
     * Closes the log as {@link #close()} does, and writes a footer behind the last event.
     *
     * @param footer the bytes, or null; ignored if the log is closed already
     */
    public void close(final byte[] footer) {
        ring.close();
        final boolean isFirst = isClosed.compareAndSet(false, true);
        final long holdNanos = stopClock.holdNanos();
        if (isFirst) {
            flusher.close(footer, holdNanos);
        }
        final boolean inTime = stopClock.await(holdNanos);
        if (isFirst) {
            ExitGuard.remove(this);
            management.close();
            reporter.closed(inTime ? 0 : left(), !inTime && stopClock.isBehind(), counters);
        }
    }

    /** {@return whether {@link #close} was called, so that events are refused} */
    public boolean isClosed() {
        return isClosed.get();
    }

    /** {@return how long {@link #close} may take} */
    public Duration shutdownTimeout() {
        return Duration.ofNanos(stopClock.timeoutNanos());
    }

    /** {@return what a returned {@link #append} means} */
    public Durability durability() {
        return durability;
    }

    /** {@return bytes in the file when it was opened; 0 for a new or emptied one} */
    public long initialSize() {
        return initialSize;
    }

    /** {@return what this log is, in one line: file, strategy and why, ring} */
    public String description() {
        return description;
    }

    /** {@return a snapshot of the counters} */
    public AppendStatistics statistics() {
        return AppendStatistics.of(ring, flusher);
    }
}
