package dev.uringlog.flush;

import java.util.concurrent.atomic.LongAdder;

/** A log's counters. Only the baton's holder writes the volatile fields. Producers write the adders, on their slow paths. */
public final class Counters {
    /** Events refused because the ring was full. */
    public final LongAdder discarded = new LongAdder();

    /** Events whose caller waited for room. */
    public final LongAdder blocked = new LongAdder();

    /** Events completely handed to the kernel. */
    public volatile long written;

    /** Accepted events that are not completely in the file, or may not be. */
    public volatile long failed;

    /** Accepted events dropped because the file took no bytes. */
    public volatile long dropped;

    /** Bytes of events written. */
    public volatile long bytes;

    /** Batches written. */
    public volatile long flushes;

    /** Submissions made for them. */
    public volatile long systemCalls;

    /** Most events in one batch. */
    public volatile int largestBatch;

    /** Submissions that wrote fewer bytes than they were given. */
    public volatile long shortWrites;

    /** Times the file stopped taking bytes, so that events were held or dropped. */
    public volatile long stalls;

    /** Syncs that succeeded. */
    public volatile long syncs;

    /** Syncs that failed. */
    public volatile long failedSyncs;

    /** The syncs that io_uring ran while other events were being written. */
    public volatile long overlappedSyncs;

    /** Most of those in flight at one time. */
    public volatile int syncsInFlightMax;

    Counters() {}
}
