package dev.uringlog.append;

import java.util.concurrent.atomic.LongAdder;

/** A log's counters. The volatile ones have one writer, the flusher; the adders belong to the producers' slow paths. */
final class Counters {
    final LongAdder discarded = new LongAdder();
    final LongAdder blocked = new LongAdder();

    volatile long written;
    volatile long failed;
    volatile long bytes;
    volatile long flushes;
    volatile long systemCalls;
    volatile int largestBatch;
    volatile long shortWrites;
    volatile long stalls;
}
