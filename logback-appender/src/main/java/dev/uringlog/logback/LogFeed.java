package dev.uringlog.logback;

import ch.qos.logback.core.Context;
import ch.qos.logback.core.encoder.Encoder;
import dev.uringlog.append.AppendLog;
import dev.uringlog.append.AppendLogBuilder;
import dev.uringlog.append.LogClosedException;
import dev.uringlog.append.OverflowPolicy;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongFunction;
import java.util.function.Predicate;

/** An open log and the encoder that feeds it: what an event passes between the filters and the ring. */
final class LogFeed<E> {
    /** How long a footer waits for its turn with a stateful encoder: one that is held that long waits for the disk. */
    private static final long FOOTER_WAIT_NS = 1_000_000_000;

    private final Encoder<E> encoder;
    private final Predicate<Object> discardable;
    private final ReentrantLock encodeLock;
    private final AppendLog log;

    /** Guarded by the encode lock: the footer has been encoded. */
    private boolean isEnded;

    /**
     * Opens the log.
     *
     * @param discardable which events may go when the ring is full; null if none may
     */
    LogFeed(
            final AppendLogBuilder builder,
            final Encoder<E> encoder,
            final Predicate<Object> discardable,
            final Context context,
            final String name)
            throws IOException {
        this.encoder = encoder;
        this.discardable = discardable;
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
        if (encodeLock == null) {
            return append(encoder.encode(event), whenFull(event));
        }
        // Order matters to such an encoder, so the lock is held until the event has its place. The flusher never takes
        // it.
        encodeLock.lock();
        try {
            return !isEnded && append(encoder.encode(event), whenFull(event));
        } finally {
            encodeLock.unlock();
        }
    }

    private OverflowPolicy whenFull(final E event) {
        return discardable != null && discardable.test(event) ? OverflowPolicy.DISCARD : OverflowPolicy.BLOCK;
    }

    private boolean append(final byte[] bytes, final OverflowPolicy whenFull) {
        if (bytes == null) {
            return true;
        }
        try {
            log.append(bytes, 0, bytes.length, whenFull);
            return true;
        } catch (final LogClosedException e) {
            return false;
        }
    }

    /** The encoder's header, before any event, unless the file has content. */
    void begin(final byte[] header) {
        if (log.initialSize() == 0) {
            append(header, OverflowPolicy.BLOCK);
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
