package dev.uringlog.flush;

/**
 * The syncs in flight, in the order they were begun: they complete in any order, and count in this one. Each covers
 * everything written before it was begun.
 *
 * <pre>
 *   begun    1   2   3   4   5        slot, position, sequence each
 *   done     ✓   ✓       ✓            takeOldest: 1, 2; then 3 has to complete first
 * </pre>
 *
 * Only the baton's holder uses it; any thread may ask for the counts.
 */
final class InFlight {
    private final int depth;
    private final int[] slots;
    private final long[] positions;
    private final long[] sequences;
    private final long[] startNanos;
    private final boolean[] isDone;
    private final boolean[] isVoid;
    private int oldest;
    private long position;
    private long sequence;
    private long nanos;

    /** Volatile, because the flusher asks without the baton. */
    private volatile int count;

    private volatile int valid;

    /** @param depth how many there may be at most; 0 for none */
    InFlight(final int depth) {
        this.depth = depth;
        slots = new int[depth];
        positions = new long[depth];
        sequences = new long[depth];
        startNanos = new long[depth];
        isDone = new boolean[depth];
        isVoid = new boolean[depth];
    }

    /** Any thread: how many there are, including those that only wait for an older one. */
    int count() {
        return count;
    }

    /** Any thread: whether there is no place for another. */
    boolean isFull() {
        return count == depth;
    }

    /** Any thread: how many of them mean anything. */
    int valid() {
        return valid;
    }

    void begun(final int slot, final long coveredPosition, final long coveredSequence) {
        final int at = index(count);
        slots[at] = slot;
        positions[at] = coveredPosition;
        sequences[at] = coveredSequence;
        startNanos[at] = System.nanoTime();
        isDone[at] = false;
        isVoid[at] = false;
        count++;
        valid++;
    }

    private int index(final int after) {
        return (oldest + after) % depth;
    }

    /** The one in this slot is complete. Returns whether it still means anything. */
    boolean completed(final int slot) {
        for (int i = 0; i < count; i++) {
            final int at = index(i);
            if (slots[at] == slot && !isDone[at]) {
                isDone[at] = true;
                return !isVoid[at];
            }
        }
        return false;
    }

    /** Takes the oldest off, if it is complete and means anything: then {@link #position} and the others are its own. */
    boolean takeOldest() {
        while (count > 0 && isDone[oldest]) {
            final int at = oldest;
            oldest = index(1);
            count--;
            if (!isVoid[at]) {
                valid--;
                position = positions[at];
                sequence = sequences[at];
                nanos = System.nanoTime() - startNanos[at];
                return true;
            }
        }
        return false;
    }

    long position() {
        return position;
    }

    long sequence() {
        return sequence;
    }

    /** How long it took, the wait for older ones included. */
    long nanos() {
        return nanos;
    }

    /** Whatever becomes of those in flight means nothing any more: they are of another file. */
    void disown() {
        for (int i = 0; i < count; i++) {
            isVoid[index(i)] = true;
        }
        valid = 0;
    }

    /** None of them will be heard of. */
    void forget() {
        count = 0;
        valid = 0;
    }
}
