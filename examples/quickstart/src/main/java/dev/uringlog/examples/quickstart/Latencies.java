package dev.uringlog.examples.quickstart;

/**
 * Counts durations in buckets whose width grows with the value: 32 to each power of two, so a percentile is right to
 * about 3 %. One thread writes; {@link #add} joins several afterwards.
 */
final class Latencies {
    private static final int SUB_BITS = 5;
    private static final int SUB = 1 << SUB_BITS;

    private final long[] counts = new long[Long.SIZE * SUB];
    private long count;

    void record(final long nanos) {
        counts[bucket(Math.max(0, nanos))]++;
        count++;
    }

    void add(final Latencies other) {
        for (int i = 0; i < counts.length; i++) {
            counts[i] += other.counts[i];
        }
        count += other.count;
    }

    /** The upper edge of the bucket below which the given share of all durations lies; 0 if there are none. */
    long percentile(final double share) {
        long left = (long) Math.ceil(count * share);
        for (int i = 0; i < counts.length; i++) {
            left -= counts[i];
            if (left <= 0 && count > 0) {
                return upperEdge(i);
            }
        }
        return 0;
    }

    private static int bucket(final long value) {
        if (value < SUB) {
            return (int) value;
        }
        final int shift = Long.SIZE - 1 - Long.numberOfLeadingZeros(value) - SUB_BITS;
        return shift * SUB + (int) (value >>> shift);
    }

    private static long upperEdge(final int bucket) {
        if (bucket < 2 * SUB) {
            return bucket;
        }
        final int shift = bucket / SUB - 1;
        return ((long) (bucket % SUB + SUB + 1) << shift) - 1;
    }
}
