package dev.uringlog.appender;

import dev.uringlog.append.AppendLog;
import dev.uringlog.append.AppendStatistics;
import dev.uringlog.append.OverflowPolicy;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * The log of an appender, opened when the appender starts or by its first event. One thread at a time opens it, and an
 * attempt that fails is not repeated for a second. For any thread.
 *
 * @param <T> what an appender appends to: its log, or an object that holds the log
 */
public final class OnDemand<T> {
    private static final long RETRY_NS = 1_000_000_000;

    private final Opener<T> opener;
    private final Function<T, AppendLog> logOf;
    private final ReentrantLock lock = new ReentrantLock();

    private volatile T opened;
    private volatile boolean isEnded;
    private volatile long retryNanos = System.nanoTime();

    /**
     * Opens the file.
     *
     * @param <T> what an appender appends to
     */
    @FunctionalInterface
    public interface Opener<T> {
        /**
         * Called by one thread at a time. The first event waits for it.
         *
         * @return what is open, or null if nothing may be opened now
         * @throws IOException if the file cannot be opened
         */
        T open() throws IOException;
    }

    /**
     * A log that is not open yet.
     *
     * @param opener opens it
     * @param logOf the log of what was opened
     */
    public OnDemand(final Opener<T> opener, final Function<T, AppendLog> logOf) {
        this.opener = opener;
        this.logOf = logOf;
    }

    /**
     * The lock that is held while the file is opened.
     *
     * @return the lock; hold it for anything that must not happen at the same time
     */
    public ReentrantLock lock() {
        return lock;
    }

    /**
     * What is open.
     *
     * @return null until the file has been opened; what is closed stays
     */
    public T get() {
        return opened;
    }

    /**
     * What is open now.
     *
     * @param value null if the next event is to open the file, at once
     */
    public void set(final T value) {
        retryNanos = System.nanoTime();
        opened = value;
    }

    /**
     * Opens the file unless it is open.
     *
     * @return what is open; null if the file cannot be opened for now, or if this thread logs while it opens the file
     * @throws IOException if this attempt failed
     */
    public T open() throws IOException {
        final T current = opened;
        // Looked at before the lock too: where the file cannot be opened, callers do not wait for the one that tries.
        return current == null && isTime() ? openLocked() : current;
    }

    private T openLocked() throws IOException {
        lock.lock();
        try {
            if (opened == null && !isEnded && lock.getHoldCount() == 1 && isTime()) {
                opened = opener.open();
                if (isEnded && opened != null) { // The end did not wait for so long.
                    logOf.apply(opened).close();
                }
            }
            return opened;
        } catch (final IOException e) {
            retryNanos = System.nanoTime() + RETRY_NS;
            throw e;
        } finally {
            lock.unlock();
        }
    }

    private boolean isTime() {
        return System.nanoTime() - retryNanos >= 0;
    }

    /**
     * Lets nothing open the file any more.
     *
     * @param timeout how long to wait for a thread that is just opening it; what it opens later is closed
     * @return what is open, for the caller to close; null if there is nothing
     */
    public T end(final Duration timeout) {
        isEnded = true;
        if (opened == null) {
            try {
                if (lock.tryLock(timeout.toNanos(), TimeUnit.NANOSECONDS)) {
                    lock.unlock();
                }
            } catch (final InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        return opened;
    }

    /**
     * Writes a header if the file is empty. Does not wait: if the file takes no bytes yet, the header is in the ring.
     *
     * @param log just opened
     * @param header null or empty if there is none
     */
    public static void begin(final AppendLog log, final byte[] header) {
        if (header != null && header.length > 0 && log.initialSize() == 0) {
            log.enqueue(header, 0, header.length, OverflowPolicy.BLOCK);
        }
    }

    /**
     * The log's counters.
     *
     * @return all zeros until the file has been opened
     */
    public AppendStatistics statistics() {
        final T current = opened;
        return current == null ? AppendStatistics.none() : logOf.apply(current).statistics();
    }

    /** Counts an event that could not be encoded as discarded, unless the file has never been opened. */
    public void discardUnencoded() {
        final T current = opened;
        if (current != null) {
            logOf.apply(current).discardUnencoded();
        }
    }

    /**
     * What writes the file, and why.
     *
     * @param name of the appender or its file, for one that is not open
     * @return one line
     */
    public String description(final String name) {
        final T current = opened;
        return current == null
                ? name + " is not open yet"
                : logOf.apply(current).description();
    }

    /**
     * Waits until everything logged before is in the page cache.
     *
     * @throws IOException if the file does not take it
     */
    public void flush() throws IOException {
        final T current = opened;
        if (current != null) {
            logOf.apply(current).flush();
        }
    }
}
