package dev.uringlog.logback;

import ch.qos.logback.core.Context;
import ch.qos.logback.core.encoder.Encoder;
import dev.uringlog.append.AppendLog;
import dev.uringlog.append.AppendLogBuilder;
import dev.uringlog.append.Durability;
import dev.uringlog.append.LogClosedException;
import dev.uringlog.append.OverflowPolicy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongFunction;
import java.util.function.Predicate;

/** An open log and the encoder that feeds it: what an event passes between the filters and the ring. */
final class LogFeed<E> {
    /** How long a footer waits for its turn with a stateful encoder: one that is held that long waits for the disk. */
    private static final long FOOTER_WAIT_NS = 1_000_000_000;

    /** Like {@link AppendLog#DISCARDED}, a position that needs no waiting for. */
    private static final long CLOSED = -2;

    private final Encoder<E> encoder;
    private final Predicate<Object> discardable;
    private final Predicate<Object> durable;
    private final Refusals refusals;
    private final ReentrantLock encodeLock;
    private final AppendLog log;

    /** Guarded by the encode lock: the footer has been encoded. */
    private boolean isEnded;

    /**
     * Opens the log.
     *
     * @param discardable which events may go when the ring is full; null if none may
     * @param durable which events wait as at DISK, whatever the durability; null if none do
     * @param refusals hears of events that are not where they should be
     */
    LogFeed(
            final AppendLogBuilder builder,
            final Encoder<E> encoder,
            final Predicate<Object> discardable,
            final Predicate<Object> durable,
            final Refusals refusals,
            final Context context,
            final String name)
            throws IOException {
        this.encoder = encoder;
        this.discardable = discardable;
        this.durable = durable;
        this.refusals = refusals;
        encodeLock = isStateful(encoder) ? new ReentrantLock() : null;
        if (discardable != null && encodeLock == null) {
            builder.discardNotice(notice(encoder, context, name));
        }
        log = builder.open();
    }

    private static boolean isStateful(final Encoder<?> encoder) {
        try {
            return encoder.isStateful();
        } catch (final NoSuchMethodError e) {
            return false; // Logback before 1.6.4.
        }
    }

    /** Bytes for the line that tells of discarded events. A stateful encoder has none: the line comes out of order. */
    private static <E> LongFunction<byte[]> notice(final Encoder<E> encoder, final Context context, final String name) {
        return count -> {
            try {
                @SuppressWarnings("unchecked") // Where it is none, the encoder's cast tells.
                final E event = (E) ClassicEvents.notice(context, name, count);
                return event == null ? null : encoder.encode(event);
            } catch (final RuntimeException | NoClassDefFoundError e) {
                return null; // The count is in a status message all the same.
            }
        };
    }

    AppendLog log() {
        return log;
    }

    /**
     * Encodes an event, then appends it: user code never runs between a claim and its publication.
     *
     * @return false if the log was closed meanwhile
     */
    boolean write(final E event) {
        try {
            final boolean isDurable = durable != null && durable.test(event);
            if (encodeLock == null) {
                final byte[] bytes = encoder.encode(event);
                final long position = append(bytes, whenFull(event));
                if (isDurable) {
                    log.awaitDurable(position);
                }
                return true;
            }
            final long position = writeInTurn(event);
            if (isDurable || log.durability() == Durability.DISK) {
                log.awaitDurable(position);
            } else if (log.durability() == Durability.KERNEL) {
                log.awaitWritten(position);
            }
            return position != CLOSED;
        } catch (final LogClosedException e) {
            return false;
        } catch (final IOException e) {
            refusals.doubted(e);
        } catch (final UncheckedIOException e) {
            refusals.doubted(e.getCause());
        }
        return true;
    }

    /** Order matters to such an encoder, so the lock is held until the event has its place; not while it is waited for. */
    private long writeInTurn(final E event) {
        // The flusher never takes it.
        encodeLock.lock();
        try {
            if (isEnded) {
                return CLOSED;
            }
            final byte[] bytes = encoder.encode(event);
            return bytes == null ? AppendLog.DISCARDED : log.enqueue(bytes, 0, bytes.length, whenFull(event));
        } finally {
            encodeLock.unlock();
        }
    }

    private OverflowPolicy whenFull(final E event) {
        return discardable != null && discardable.test(event) ? OverflowPolicy.DISCARD : OverflowPolicy.BLOCK;
    }

    private long append(final byte[] bytes, final OverflowPolicy whenFull) {
        return bytes == null ? AppendLog.DISCARDED : log.append(bytes, 0, bytes.length, whenFull);
    }

    /** The encoder's header, before any event, unless the file has content. */
    void begin(final byte[] header) {
        if (log.initialSize() == 0) {
            try {
                append(header, OverflowPolicy.BLOCK);
            } catch (final UncheckedIOException e) {
                refusals.doubted(e.getCause());
            }
        }
    }

    /** Writes whatever is held and the encoder's footer after it, and closes the file. Idempotent. */
    void close() {
        byte[] footer = null;
        try {
            footer = log.isClosed() ? null : footer();
        } finally {
            log.close(footer);
        }
    }

    private byte[] footer() {
        if (encodeLock == null) {
            return encoder.footerBytes();
        }
        if (!lockForFooter()) {
            return null;
        }
        try {
            isEnded = true;
            return encoder.footerBytes();
        } finally {
            encodeLock.unlock();
        }
    }

    /** Bounded, for whoever has the lock may be waiting for room; an interrupt is kept. */
    private boolean lockForFooter() {
        boolean isInterrupted = Thread.interrupted();
        try {
            return encodeLock.tryLock(FOOTER_WAIT_NS, TimeUnit.NANOSECONDS);
        } catch (final InterruptedException e) {
            isInterrupted = true;
            return encodeLock.tryLock();
        } finally {
            if (isInterrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
