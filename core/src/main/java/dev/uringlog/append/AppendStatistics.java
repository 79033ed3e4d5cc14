package dev.uringlog.append;

import dev.uringlog.commit.Flusher;
import dev.uringlog.flush.Counters;
import dev.uringlog.ring.EventRing;

/**
 * A log's counters since it was opened. Each is exact; together they are a snapshot only when nobody appends.
 * Always {@code accepted = written + dropped + failed + waiting}; {@code discarded} were never accepted.
 *
 * @param accepted events taken into the ring
 * @param written events wholly handed to the kernel
 * @param failed events accepted that will never be wholly in the file, or whose fate is unknown
 * @param dropped events accepted that {@link FailurePolicy#DROP} let go because the file did not take them
 * @param discarded events refused because the ring was full, under {@link OverflowPolicy#DISCARD}
 * @param blocked events whose caller had to wait for room
 * @param bytes bytes written, of events
 * @param flushes batches written
 * @param systemCalls vectored submissions made for them
 * @param largestBatch the most events in one batch
 * @param shortWrites submissions that wrote less than they were given
 * @param stalls times the file ceased to take bytes, so that events had to be held, or dropped
 * @param backlog bytes in the ring, waiting
 * @param writtenPosition everything before this position has been written or has failed
 * @param durablePosition everything before this position is known to be on stable storage, or has failed
 * @param syncs times everything written was brought to stable storage
 * @param failedSyncs times that failed
 * @param overlappedSyncs those of the syncs that nobody waited for, carried by io_uring while others were under way
 * @param syncsInFlightMax the most of these at a time
 */
public record AppendStatistics(
        long accepted,
        long written,
        long failed,
        long dropped,
        long discarded,
        long blocked,
        long bytes,
        long flushes,
        long systemCalls,
        int largestBatch,
        long shortWrites,
        long stalls,
        long backlog,
        long writtenPosition,
        long durablePosition,
        long syncs,
        long failedSyncs,
        long overlappedSyncs,
        int syncsInFlightMax) {

    /**
     * Events accepted of which it is not yet known what becomes: in the ring, or on their way. 0 once a log has been
     * drained, or closed: nothing is lost without being counted.
     *
     * @return {@code accepted - written - dropped - failed}
     */
    public long waiting() {
        return accepted - written - dropped - failed;
    }

    /**
     * The counters of a log that is not open yet.
     *
     * @return nothing but zeros
     */
    public static AppendStatistics none() {
        return new AppendStatistics(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    }

    static AppendStatistics of(final EventRing ring, final Flusher flusher) {
        final Counters counters = flusher.counters();
        final boolean isLate = flusher.isLate();
        // What follows another is read before it, lest it be seen ahead.
        final long durablePosition = flusher.durablePosition();
        final long writtenPosition = flusher.writtenPosition();
        final long written = counters.written;
        final long failed = counters.failed;
        final long dropped = counters.dropped;
        final long accepted = ring.claimedCount();
        return new AppendStatistics(
                accepted,
                written,
                isLate ? accepted - written - dropped : failed,
                dropped,
                counters.discarded.sum(),
                counters.blocked.sum(),
                counters.bytes,
                counters.flushes,
                counters.systemCalls,
                counters.largestBatch,
                counters.shortWrites,
                counters.stalls,
                ring.claimedPosition() - writtenPosition,
                writtenPosition,
                durablePosition,
                counters.syncs,
                counters.failedSyncs,
                counters.overlappedSyncs,
                counters.syncsInFlightMax);
    }
}
