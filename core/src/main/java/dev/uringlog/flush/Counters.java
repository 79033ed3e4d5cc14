package dev.uringlog.flush;

import java.util.concurrent.atomic.LongAdder;

/** A log's counters. The volatile ones have one writer at a time, the baton's holder; the adders belong to the producers' slow paths. */
public final class Counters {
    /** Events refused because the ring was full. */
    public final LongAdder discarded = new LongAdder();

    /** Events whose caller had to wait for room. */
    public final LongAdder blocked = new LongAdder();

    /** Events wholly handed to the kernel. */
    public volatile long written;

    /** Events that will never be wholly in the file, or whose fate is unknown. */
    public volatile long failed;

    /** Events dropped because the file would not take them, and nobody wanted them held. */
    public volatile long dropped;

    /** Bytes written, of events. */
    public volatile long bytes;

    /** Batches written. */
    public volatile long flushes;

    /** Submissions made for them. */
    public volatile long systemCalls;

    /** The most events in one batch. */
    public volatile int largestBatch;

    /** Submissions that wrote less than they were given. */
    public volatile long shortWrites;

    /** Times writing had to be held because the file would not take bytes, or events were dropped for it. */
    public volatile long stalls;

    /** Times everything written was brought to stable storage. */
    public volatile long syncs;

    /** Times that failed. */
    public volatile long failedSyncs;

    /** Those of them that nobody waited for, carried by io_uring beside others. */
    public volatile long overlappedSyncs;

    /** The most of these in flight at a time. */
    public volatile int syncsInFlightMax;

    Counters() {}
}
