/**
 * From the ring to the file: who writes and when, what happens whatever comes between, and who hears of it. Internal: public
 * only for the package above.
 *
 * <pre>
 *   producers                 the flusher's thread                                                the file
 *
 *   published ── wakes it ──► Flusher ─┐ a batch or a sync is due
 *                                      ├─ Baton ─► GroupCommit ─► Round ─► BatchWriter ── parts ──► Sink
 *   await ── a caller leads ───────────┘                │         │    │         │ ▲                  │
 *     ▲  └── or waits ── Waiters ◄── reached, promoted ─┘         │    │         │ └── the rest ◄─────┘
 *     │                  Regrouping: full batches ◄───────────────┘    ├► Syncer │   after a short write or a fault
 *     │                                                                └► Rotation: where a batch ends, and the file with it
 *     └─────────────────────── Watermarks ◄──────────────────────────────┘       │
 *   statistics ◄── Counters ◄────────────────────────────────────────────────────┤
 *   listener ◄──── Reporter ◄────────────────────────────────────────────────────┘
 * </pre>
 *
 * <p>A sync that nobody waits for is in flight beside writes and others: {@code Syncer} begins it and takes it when it has
 * completed, {@code Window} says how many there may be, {@code InFlight} keeps their order.
 *
 * <p>{@code Flusher} is the one door; it is given a ring, a sink and a reporter, and makes the rest. Whoever has the baton,
 * and nobody else, touches the consumer's side of the ring, the sink, and the plain fields of {@code BatchWriter},
 * {@code Syncer}, {@code Rotation} and {@code Regrouping}. The listener is a {@link dev.uringlog.flush.Reporter.Listener} here,
 * and the roller a {@link dev.uringlog.flush.Rolling}, so that nothing needs the public ones.
 */
package dev.uringlog.flush;
