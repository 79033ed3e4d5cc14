/**
 * From the ring to the file: when a batch is due, how it is written whatever comes between, and who hears of it.
 * Internal: public only for the package above.
 *
 * <pre>
 *   producers                        the flusher's thread                                   the file
 *
 *   published ── wakes it ─────────► Flusher ── a batch is due ──► BatchWriter ── parts ──► Sink
 *                                      ▲                             │ │ │   ▲               │
 *   await ──── Waiters ── hurries it ──┘                             │ │ │   └─ the rest ◄───┘
 *     ▲                                                              │ │ │      after a short write or a fault
 *     └────────────────── reached, or failed ────────────────────────┘ │ │
 *   statistics ◄─ Counters ────────────────────────────────────────────┘ │
 *   listener ◄─── Reporter ◄─────────────────────────────────────────────┘
 * </pre>
 *
 * <p>{@code Flusher} is the one door; it is given a ring, a sink and a reporter, and makes the rest. The listener is a
 * {@link dev.uringlog.flush.Reporter.Listener} here, so that nothing needs the public one.
 */
package dev.uringlog.flush;
