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
 * An append-only file that many threads write to without waiting for it, or for each other, unless they want to.
 *
 * <p>{@link #append} copies an event into a ring off the heap and returns its position; one thread per log hands
 * everything waiting to the kernel as one vectored submission. Events of one thread are in the file in the order of its
 * calls; each event is there whole, once, with nothing between it and the next.
 *
 * <p><b>Positions.</b> A position counts bytes; an event's is that of its end. {@code 0 ≤ durable ≤ written ≤ appended}.
 *
 * <p><b>Durability.</b> What a returned {@link #append} means is the builder's {@link Durability}. At {@code KERNEL} and
 * {@code DISK}, and in {@link #awaitWritten}, {@link #awaitDurable}, {@link #flush} and {@link #sync}, callers write for
 * each other: one leads and writes (and syncs) for all. A wait with a timeout leaves the work to the log's own thread. A
 * file whose fdatasync fails is not trusted again: callers that wait for it get the error, the file is renamed to
 * {@code <name>.suspect-<time>}, and a new one gets what is not known to be durable and the ring still holds.
 *
 * <p><b>Threads.</b> Every method may be called from any thread, virtual ones too; nothing here holds a monitor. An
 * interrupt is kept and ends no wait, but for those that are declared to throw InterruptedException.
 *
 * <p><b>Faults.</b> A file that does not take bytes for now (no space, an I/O error) holds events back until it does, or
 * drops them, as {@link FailurePolicy} says; the listener hears of it, and callers in {@link #flush} get the error.
 * Accepted = written + dropped + failed, once nothing waits: see {@link AppendStatistics}.
 *
 * <p><b>Exit.</b> When the JVM goes down, everything accepted is written, and from then on each call returns only once its
 * event is in the file; also for a log that is opened only then. A wait at the JVM's end lasts for the shutdown timeout at most.
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

    /** Lets the rest of the JVM know of it. */
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
     * @param path the file; made if there is none. A relative one is in {@code user.dir}, whichever the process's directory is
     * @return a builder with every default
     */
    public static AppendLogBuilder builder(final Path path) {
        return new AppendLogBuilder(path);
    }

    /**
     * Appends an event, meeting a full ring as the log was told to.
     *
     * @param event its bytes, the caller's again on return; an empty one is no event
     * @return its end position, or {@link #DISCARDED}
     * @throws LogClosedException if the log is closed
     * @throws UncheckedIOException at {@code KERNEL} and {@code DISK}, if the event is not known to be there; it is
     *     accepted, and may be yet. At any durability, if there is no memory for an event longer than the ring; it counts as
     *     discarded
     */
    public long append(final byte[] event) {
        return admission.append(event, 0, event.length, AppendTerms.of(overflow), admission.now(), durability);
    }

    /**
     * Appends an event.
     *
     * @param event an array that holds its bytes, the caller's again on return
     * @param offset index of the first
     * @param length count of bytes, 0 or more
     * @param whenFull what a full ring means for this event
     * @return its end position, or {@link #DISCARDED}
     */
    public long append(final byte[] event, final int offset, final int length, final OverflowPolicy whenFull) {
        return admission.append(event, offset, length, AppendTerms.of(whenFull), admission.now(), durability);
    }

    /**
     * Appends an event without waiting for it, whatever the log's durability: for a caller that waits later, or never.
     *
     * @param event an array that holds its bytes, the caller's again on return
     * @param offset index of the first
     * @param length count of bytes, 0 or more
     * @param whenFull what a full ring means for this event
     * @return its end position, or {@link #DISCARDED}
     */
    public long enqueue(final byte[] event, final int offset, final int length, final OverflowPolicy whenFull) {
        return enqueue(event, offset, length, whenFull, admission.now());
    }

    /**
     * Appends an event that has a time of its own.
     *
     * @param event an array that holds its bytes, the caller's again on return
     * @param offset index of the first
     * @param length count of bytes, 0 or more
     * @param whenFull what a full ring means for this event
     * @param timeMillis when it happened, milliseconds since 1970, for the {@link Roller}; by default the clock's
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
     * Appends an event on terms of its own.
     *
     * @param event an array that holds its bytes, the caller's again on return
     * @param offset index of the first
     * @param length count of bytes, 0 or more
     * @param timeMillis when it happened
     * @param terms what the returned call means, and how long it may wait
     * @return its end position, or {@link #DISCARDED}
     * @throws NotAcceptedException if the caller's patience was over before the event was accepted
     * @throws UncheckedIOException as {@link #append(byte[])}; or if it was over before the event was where it is to be
     */
    public long append(
            final byte[] event, final int offset, final int length, final long timeMillis, final AppendTerms terms) {
        return admission.append(event, offset, length, terms, timeMillis, terms.awaited(durability));
    }

    /**
     * As {@link #enqueue(byte[], int, int, OverflowPolicy)}, with the event's own time.
     *
     * @param event an array that holds its bytes, the caller's again on return
     * @param offset index of the first
     * @param length count of bytes, 0 or more
     * @param whenFull what a full ring means for this event
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
     * Says that an event about to be appended will be waited for with {@link #awaitDurable}: from now on each file is synced
     * before the log leaves it, as it is at DISK and after the first wait for stable storage. A read if it was said before.
     */
    public void expectDurable() {
        flusher.expectDurable();
    }

    /**
     * Rolls after everything appended before this call, and waits for that. An interrupt is kept.
     *
     * @throws IllegalStateException if the log has no {@link Roller}
     * @throws IOException if it failed, or the log was closed before, or this is the log's own thread
     */
    public void roll() throws IOException {
        admission.turn(true, Long.MAX_VALUE);
    }

    /**
     * As {@link #roll()}, but does not wait for ever.
     *
     * @param timeout how long at most, 0 for not at all; the log rolls all the same
     * @return false if it had not rolled by then
     * @throws IOException as {@link #roll()}
     */
    public boolean roll(final Duration timeout) throws IOException {
        return admission.turn(true, TimeUnit.NANOSECONDS.convert(timeout));
    }

    /**
     * Opens the path again after everything appended before this call, and waits for that: for rotation from outside.
     *
     * @throws IOException if it could not be opened, and the log stays in the old file; or as {@link #roll}
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
     * @param whenFull what a full ring means for this event
     * @return its end position, or {@link #DISCARDED}
     */
    public long append(final ByteBuffer event, final OverflowPolicy whenFull) {
        return admission.append(event, AppendTerms.of(whenFull), admission.now(), durability);
    }

    /**
     * As {@link #append(byte[], int, int, long, AppendTerms)}, for an array that the caller does not change or use again: an
     * event longer than the ring is written from it, where {@code append} makes a copy.
     *
     * @param event an array that holds the event's bytes, the log's from now on
     * @param offset index of the first
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

    /**
     * Waits until everything appended before this call is in the kernel's page cache.
     *
     * @throws IOException as {@link #awaitWritten(long)}
     */
    public void flush() throws IOException {
        admission.await(ring.claimedPosition(), Durability.KERNEL, Patience.ENDLESS);
    }

    /**
     * Waits, but not for ever, until everything appended before this call is in the kernel's page cache. An interrupt is
     * kept.
     *
     * @param timeout how long at most
     * @return false if it was not by then
     * @throws IOException as {@link #awaitWritten(long)}
     */
    public boolean flush(final Duration timeout) throws IOException {
        try {
            return admission.await(ring.claimedPosition(), Durability.KERNEL, timeout, false);
        } catch (final InterruptedException e) {
            throw new AssertionError(e); // It was asked not to be.
        }
    }

    /**
     * Waits until everything appended before this call is on stable storage, at whatever durability.
     *
     * @throws IOException as {@link #awaitDurable(long)}, of the last event appended
     */
    public void sync() throws IOException {
        admission.await(ring.claimedPosition(), Durability.DISK, Patience.ENDLESS);
    }

    /**
     * Waits until everything up to a position is in the kernel's page cache.
     *
     * @param position what {@code append} returned, or any other not beyond what was appended
     * @throws IOException if the file does not take bytes now, or did not take some of these, or the log was closed before, or
     *     the position is {@link #DISCARDED}
     */
    public void awaitWritten(final long position) throws IOException {
        admission.await(admission.checked(position), Durability.KERNEL, Patience.ENDLESS);
    }

    /**
     * As {@link #awaitWritten(long)}, but not for ever.
     *
     * @param position as for {@link #awaitWritten(long)}
     * @param timeout how long at most
     * @return false if it was not by then
     * @throws IOException as {@link #awaitWritten(long)}
     * @throws InterruptedException if this thread is interrupted before
     */
    public boolean awaitWritten(final long position, final Duration timeout) throws IOException, InterruptedException {
        return admission.await(admission.checked(position), Durability.KERNEL, timeout, true);
    }

    /**
     * Waits until everything up to a position is on stable storage: an fdatasync(2) of each file that holds it has completed,
     * and the directory of a file that was made has been synced. Files that the log left, at MEMORY or KERNEL, more than a
     * second before anything asked for stable storage are not covered: a wait for a position in one of them fails, and a later
     * position says nothing about them. {@link #expectDurable} before the append rules that out.
     *
     * @param position as for {@link #awaitWritten(long)}
     * @throws IOException as {@link #awaitWritten(long)}, or if the file that holds the event that ends there could not be
     *     synced: then the event may be lost with the power
     */
    public void awaitDurable(final long position) throws IOException {
        admission.await(admission.checked(position), Durability.DISK, Patience.ENDLESS);
    }

    /**
     * As {@link #awaitDurable(long)}, but not for ever.
     *
     * @param position as for {@link #awaitWritten(long)}
     * @param timeout how long at most
     * @return false if it was not by then
     * @throws IOException as {@link #awaitDurable(long)}
     * @throws InterruptedException if this thread is interrupted before
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

    /** The JVM goes down: each later event is written before its call returns, and what was accepted without delay. */
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

    /** To be said a few times a second before a close that waits for callers: its time counts from here if nothing is written. */
    public void expectClose() {
        stopClock.look();
    }

    /**
     * Writes everything accepted, for at most the shutdown timeout, and closes the file. Events that come later are
     * refused. Idempotent; a second caller waits like the first.
     */
    @Override
    public void close() {
        close(null);
    }

    /**
     * Closes the log as {@link #close()} does, with some last bytes after the last event: a footer.
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
