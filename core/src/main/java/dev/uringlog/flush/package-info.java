/**
 * What happens to a batch. Internal: public only for the package above.
 *
 * <pre>
 *   cursor ──► Drain: gather ──► write ──► settle ──► keep until synced ──► release
 *                       │          │          │              │
 *                  Rotation    BatchWriter    │            Syncer ── SyncSchedule, Window, InFlight: syncs beside writes
 *                  where it        │          │              └── LeftFiles: files left before their sync
 *                  ends        WriteOutcome   ├──► Counters     statistics
 *                                  │          ├──► Watermarks   how far the log is
 *                              Stall, Holding └──► Audience     who is told: Waiters, Barriers
 * </pre>
 *
 * <p>Only the thread that holds the baton calls these classes, except where a comment says "any thread" or "producer". It alone
 * touches the sink and the plain fields. It has the ring's {@link dev.uringlog.ring.RingConsumer cursor}, and a method that
 * takes a cursor or a {@link dev.uringlog.ring.Batch} is for the holder alone. {@link dev.uringlog.flush.Drain} puts the
 * classes together, and only it moves the cursor.
 *
 * <p>The listener is a {@link dev.uringlog.flush.Reporter.Listener} here, and the roller a
 * {@link dev.uringlog.flush.Rolling}, so that this package does not depend on the public types.
 */
package dev.uringlog.flush;
