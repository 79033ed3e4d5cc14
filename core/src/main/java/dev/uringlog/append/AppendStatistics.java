package dev.uringlog.append;

import static dev.uringlog.append.Statistic.counter;
import static dev.uringlog.append.Statistic.gauge;

import dev.uringlog.commit.Flusher;
import dev.uringlog.flush.Counters;
import dev.uringlog.ring.EventRing;
import java.util.List;

/**
 * A log's statistics since it was opened. Each is exact; together they are a snapshot only while nothing is appended.
 * Always {@code accepted = written + dropped + failed + waiting}; {@code discarded} were never accepted.
 *
 * @param accepted events accepted into the ring
 * @param written events completely handed to the kernel
 * @param failed accepted events that are not completely in the file, or may not be
 * @param dropped accepted events that {@link FailurePolicy#DROP} dropped because the file took no bytes
 * @param discarded events refused because the ring was full, under {@link OverflowPolicy#DISCARD}, or for lack of memory
 * @param blocked events whose caller waited for room in the ring
 * @param bytes bytes of events written
 * @param flushes batches written
 * @param systemCalls vectored writes submitted for them
 * @param largestBatch most events in one batch
 * @param shortWrites submissions that wrote fewer bytes than they were given
 * @param stalls times the file stopped taking bytes, so that events were held or dropped
 * @param backlog bytes in the ring, not written yet
 * @param writtenPosition everything before this position is written or has failed
 * @param durablePosition everything before this position is on stable storage or has failed
 * @param syncs syncs that succeeded
 * @param failedSyncs syncs that failed
 * @param overlappedSyncs the {@code syncs} that io_uring ran while other events were being written
 * @param syncsInFlightMax most of those in flight at one time
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

    private static final String EVENTS = "events";
    static final String BYTES = "bytes";
    private static final String SYNCS = "syncs";

    /** The table of statistics: JMX, Micrometer and Java Flight Recorder show each row of it. */
    public static final List<Statistic> ALL = List.of(
            counter("accepted", "events.accepted", EVENTS, s -> s.accepted).meaning("Events accepted into the ring"),
            counter("written", "events.written", EVENTS, s -> s.written)
                    .meaning("Events completely handed to the kernel"),
            counter("failed", "events.failed", EVENTS, s -> s.failed)
                    .meaning("Accepted events that are not completely in the file, or may not be"),
            counter("dropped", "events.dropped", EVENTS, s -> s.dropped)
                    .meaning("Accepted events that onFailure=DROP dropped because the file took no bytes"),
            gauge("waiting", "events.waiting", EVENTS, AppendStatistics::waiting)
                    .meaning("Accepted events that are not yet written, dropped or failed"),
            counter("discarded", "events.discarded", EVENTS, s -> s.discarded)
                    .meaning(
                            "Events not accepted: overflow=DISCARD found the ring full, or there was no memory for the event"),
            counter("blocked", "events.blocked", EVENTS, s -> s.blocked)
                    .meaning("Events whose caller waited for room in the ring"),
            counter("bytes", "bytes.written", BYTES, s -> s.bytes).meaning("Bytes of events written"),
            gauge("backlog", "bytes.waiting", BYTES, s -> s.backlog).meaning("Bytes in the ring, not written yet"),
            gauge("undurable", "bytes.undurable", BYTES, AppendStatistics::undurable)
                    .meaning("Bytes accepted and not yet known to be on stable storage"),
            counter("writtenPosition", "position.written", BYTES, s -> s.writtenPosition)
                    .meaning("Position before which everything is written or has failed"),
            counter("durablePosition", "position.durable", BYTES, s -> s.durablePosition)
                    .meaning("Position before which everything is on stable storage or has failed"),
            counter("flushes", "flushes", "flushes", s -> s.flushes).meaning("Batches written"),
            gauge("largestBatch", "flushes.largest", EVENTS, s -> s.largestBatch)
                    .meaning("Most events in one batch"),
            counter("systemCalls", "syscalls", "calls", s -> s.systemCalls)
                    .meaning("Vectored writes submitted for the batches"),
            counter("shortWrites", "writes.short", "writes", s -> s.shortWrites)
                    .meaning("Submissions that wrote fewer bytes than they were given"),
            counter("stalls", "stalls", "stalls", s -> s.stalls).meaning("Times the file stopped taking bytes"),
            counter("syncs", "syncs", SYNCS, s -> s.syncs).meaning("Syncs that succeeded"),
            counter("failedSyncs", "syncs.failed", SYNCS, s -> s.failedSyncs).meaning("Syncs that failed"),
            counter("overlappedSyncs", "syncs.overlapped", SYNCS, s -> s.overlappedSyncs)
                    .meaning("Syncs that io_uring ran while other events were being written"),
            gauge("syncsInFlightMax", "syncs.inflight.max", SYNCS, s -> s.syncsInFlightMax)
                    .meaning("Most of those syncs in flight at one time"));

    /**
     * Accepted events that are still in the ring or being written. It is 0 once a log is drained or closed: each event that
     * is lost is counted.
     *
     * @return {@code accepted - written - dropped - failed}
     */
    public long waiting() {
        return accepted - written - dropped - failed;
    }

    /** {@return bytes accepted and not yet known to be on stable storage} */
    public long undurable() {
        return backlog + writtenPosition - durablePosition;
    }

    /** {@return zeros: the statistics of a log that is not open yet} */
    public static AppendStatistics none() {
        return new AppendStatistics(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    }

    static AppendStatistics of(final EventRing ring, final Flusher flusher) {
        final Counters counters = flusher.counters();
        final boolean isLate = flusher.isLate();
        // Each is read before what it follows, so that it never seems to be ahead.
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
