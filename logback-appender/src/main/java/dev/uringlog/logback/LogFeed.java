package dev.uringlog.logback;

import ch.qos.logback.core.Context;
import ch.qos.logback.core.FileAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import dev.uringlog.append.AppendLog;
import dev.uringlog.append.AppendLogBuilder;
import dev.uringlog.append.AppendTerms;
import dev.uringlog.append.Durability;
import dev.uringlog.append.LogClosedException;
import dev.uringlog.append.NotAcceptedException;
import dev.uringlog.append.OverflowPolicy;
import dev.uringlog.append.Patience;
import dev.uringlog.appender.OnDemand;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Predicate;

/** An open log and the encoder that feeds it: the way of an event from the filters to the ring. */
final class LogFeed<E> {
    /** How long a footer waits for its turn with a stateful encoder. If it takes longer, the holder waits for the disk. */
    private static final long FOOTER_WAIT_NS = 1_000_000_000;

    private static final AppendTerms DURABLE = new AppendTerms(Durability.DISK, OverflowPolicy.BLOCK, Patience.ENDLESS);

    /** The position of an event that has no bytes. */
    private static final long NOTHING = 0;

    private static final long CLOSED = -2;

    private final Encoder<E> encoder;
    private final Predicate<Object> discardable;
    private final Predicate<Object> durable;
    private final Refusals refusals;
    private final PolicyRoller<E> roller;

    /** Held for each event, if events must be handled one at a time; null if not. */
    private final ReentrantLock turn;

    private final AppendLog log;

    /** The log's own thread. It must not wait for a thread that waits for it. */
    private volatile Thread writer;

    /** Guarded by the turn: the footer has been encoded. */
    private boolean isEnded;

    /**
     * Opens the log.
     *
     * @param builder describes the log, except for what events need
     * @param appender has the encoder
     * @param options say which events may be discarded, and which wait
     * @param refusals reports events that are lost, or not as durable as promised
     * @param roller how the log rolls; null if it does not
     */
    LogFeed(
            final AppendLogBuilder builder,
            final FileAppender<E> appender,
            final LogOptions options,
            final Refusals refusals,
            final PolicyRoller<E> roller)
            throws IOException {
        this.refusals = refusals;
        this.roller = roller;
        encoder = appender.getEncoder();
        discardable = options.discardable();
        durable = options.durable();
        final boolean isStateful = isStateful(encoder);
        turn = isStateful || roller != null && roller.looksAtEvents() ? new ReentrantLock() : null;
        if (encoder instanceof LayoutWrappingEncoder<?> text) {
            builder.mendTornTail(text.getCharset());
        }
        if (!isStateful) {
            builder.lossNotice(notice(encoder, appender.getContext()));
        }
        if (turn != null) {
            builder.threadFactory(this::writerThread);
        }
        if (roller != null) {
            roller.begin(turn == null);
            builder.roller(roller);
        }
        log = builder.open();
    }

    private Thread writerThread(final Runnable work) {
        final Thread thread = AppendLogBuilder.newThread(work);
        writer = thread;
        return thread;
    }

    private static boolean isStateful(final Encoder<?> encoder) {
        try {
            return encoder.isStateful();
        } catch (final NoSuchMethodError e) {
            return false; // Logback before 1.6.4.
        }
    }

    /** The bytes of the line that reports missing events. Not for a stateful encoder: the line comes out of order. */
    private static <E> Function<String, byte[]> notice(final Encoder<E> encoder, final Context context) {
        return words -> {
            try {
                @SuppressWarnings("unchecked") // If E is another type, the encoder's cast fails.
                final E event = (E) ClassicEvents.notice(context, words);
                return event == null ? null : encoder.encode(event);
            } catch (final RuntimeException | NoClassDefFoundError e) {
                return null; // A status message reports the loss anyway.
            }
        };
    }

    AppendLog log() {
        return log;
    }

    /**
     * Encodes an event, then appends it. User code never runs between a claim and its publication.
     *
     * @return false if the log is closed
     */
    boolean write(final E event) {
        try {
            final boolean isDurable = durable != null && durable.test(event);
            final long time = roller == null ? 0 : roller.timeOf(event);
            if (turn == null) {
                append(encode(event), isDurable ? DURABLE : AppendTerms.of(whenFull(event)), time);
                return true;
            }
            if (isDurable) {
                log.expectDurable();
            }
            final boolean isAwaited = isDurable || log.durability() != Durability.MEMORY;
            final long position = writeInTurn(event, isAwaited ? OverflowPolicy.BLOCK : whenFull(event), time);
            if (isAwaited && position != CLOSED) {
                await(position, isDurable || log.durability() == Durability.DISK);
            }
            return position != CLOSED;
        } catch (final LogClosedException e) {
            return false;
        } catch (final NotAcceptedException e) {
            refusals.lost(e);
        } catch (final OutOfMemoryError e) { // One event must not cause an Error in the application.
            refusals.lost(e);
        } catch (final IOException e) {
            if (e.getCause() instanceof OutOfMemoryError) {
                refusals.lost(e);
            } else {
                refusals.doubted(e);
            }
        }
        return true;
    }

    private byte[] encode(final E event) {
        try {
            return encoder.encode(event);
        } catch (final OutOfMemoryError e) {
            log.discardUnencoded();
            throw e;
        }
    }

    /** Order matters here, so the lock is held until the event has its position, but not while the caller waits for it. */
    private long writeInTurn(final E event, final OverflowPolicy whenFull, final long time) throws IOException {
        if (!takeTurn()) {
            return CLOSED;
        }
        try {
            if (isEnded) {
                return CLOSED;
            }
            if (roller != null && !isWriter() && roller.isDueInTurn(event, time, log.fileSize())) {
                rollInTurn();
            }
            final byte[] bytes = encode(event);
            return enqueue(bytes, whenFull, time);
        } finally {
            turn.unlock();
        }
    }

    /** The holder of the turn may wait for the log's own thread. So that thread does not wait for the turn. */
    private boolean takeTurn() {
        if (isWriter()) {
            return turn.tryLock();
        }
        turn.lock();
        return true;
    }

    private boolean isWriter() {
        return Thread.currentThread() == writer;
    }

    private void rollInTurn() {
        try {
            log.roll();
        } catch (final IOException e) {
            return; // The log has reported it, and continues with the file.
        }
    }

    /**
     * Rolls after everything accepted before this call, due or not, and waits for the end of the roll.
     *
     * @throws IOException if the roll failed
     */
    void roll() throws IOException {
        if (turn == null || isWriter()) {
            log.roll(); // Throws on the writer, which cannot wait for itself.
            return;
        }
        turn.lock();
        try {
            log.roll();
        } finally {
            turn.unlock();
        }
    }

    private OverflowPolicy whenFull(final E event) {
        return discardable != null && discardable.test(event) ? OverflowPolicy.DISCARD : OverflowPolicy.BLOCK;
    }

    /** Throws a checked exception, to tell it from what an encoder throws, whose event was never accepted. */
    private void append(final byte[] bytes, final AppendTerms terms, final long time) throws IOException {
        try {
            if (bytes != null) {
                log.append(bytes, 0, bytes.length, time, terms);
            }
        } catch (final UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private void await(final long position, final boolean isOnStableStorage) throws IOException {
        if (isOnStableStorage) {
            log.awaitDurable(position);
        } else {
            log.awaitWritten(position);
        }
    }

    private long enqueue(final byte[] bytes, final OverflowPolicy whenFull, final long time) throws IOException {
        try {
            return bytes == null ? NOTHING : log.enqueue(bytes, 0, bytes.length, whenFull, time);
        } catch (final UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /** Writes the encoder's header before any event, unless the file has content. */
    void begin(final byte[] header) {
        try {
            OnDemand.begin(log, header);
        } catch (final UncheckedIOException e) {
            refusals.doubted(e.getCause());
        }
    }

    /** Writes everything that waits, then the encoder's footer, and closes the file. Idempotent. */
    void close() {
        byte[] footer = null;
        try {
            footer = log.isClosed() ? null : footer();
        } finally {
            log.close(footer);
        }
    }

    private byte[] footer() {
        if (turn == null) {
            return encoder.footerBytes();
        }
        if (!lockForFooter()) {
            return null;
        }
        try {
            isEnded = true;
            return encoder.footerBytes();
        } finally {
            turn.unlock();
        }
    }

    /** Bounded, because the holder of the lock may wait for room. Keeps an interrupt. */
    private boolean lockForFooter() {
        boolean isInterrupted = Thread.interrupted();
        try {
            return turn.tryLock(FOOTER_WAIT_NS, TimeUnit.NANOSECONDS);
        } catch (final InterruptedException e) {
            isInterrupted = true;
            return turn.tryLock();
        } finally {
            if (isInterrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
