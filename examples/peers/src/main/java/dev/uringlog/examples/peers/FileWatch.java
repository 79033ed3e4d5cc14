package dev.uringlog.examples.peers;

import java.io.File;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/** Watches the length of the file, as a program that tails it does. */
final class FileWatch {
    private static final long LOOK_NS = 500_000;
    private static final long QUIET_NS = 60_000_000;

    private final File file;

    FileWatch(final File file) {
        this.file = file;
    }

    /** Waits until the file has not grown for a while. */
    void awaitQuiet() {
        long length = file.length();
        long since = System.nanoTime();
        while (System.nanoTime() - since < QUIET_NS) {
            LockSupport.parkNanos(LOOK_NS);
            if (file.length() != length) {
                length = file.length();
                since = System.nanoTime();
            }
        }
    }

    /** Runs an action on another thread and returns when the file last grew. */
    long lastGrowth(final Runnable work) {
        final Thread thread = new Thread(work, "watched");
        long length = file.length();
        long at = System.nanoTime();
        thread.start();
        for (boolean isOver = false; !isOver; ) {
            isOver = !thread.isAlive();
            if (file.length() != length) {
                length = file.length();
                at = System.nanoTime();
            }
            LockSupport.parkNanos(LOOK_NS);
        }
        return at;
    }

    /**
     * The age of the oldest event that is not in the file, sampled every half millisecond of a paced phase.
     *
     * @param first bytes of earlier phases, whether they are in the file yet or not
     * @param lineLength bytes of an event
     * @param rate events a second
     */
    Histogram staleness(final Runnable phase, final long first, final int lineLength, final int rate) {
        final Histogram ages = new Histogram(60_000_000_000L, 3);
        final Thread thread = new Thread(phase, "watched");
        final long begin = System.nanoTime();
        thread.start();
        while (thread.isAlive()) {
            LockSupport.parkNanos(LOOK_NS);
            final long there = Math.max(0, file.length() - first) / lineLength;
            final long nextDue = begin + (long) (there * (1e9 / rate));
            final long age = System.nanoTime() - nextDue;
            if (thread.isAlive()) {
                ages.recordValue(Math.max(0, age));
            }
        }
        return ages;
    }
}
