/**
 * Who writes and who waits. Internal: public only for the package above.
 *
 * <pre>
 *   published ── wakes it ──► Flusher ── FlushSchedule: now, after a delay, or park
 *                                │
 *                                ▼ acquires
 *   await ── a caller leads ──► Baton ── the ring's cursor ──► Round ──► dev.uringlog.flush
 *     ▲ └─ or waits ─ Waiters      ▲                              │
 *     │                 │          └── handed on to the next ◄────┤
 *     └── woken ◄───────┴──────────────── those that are reached ◄┘
 * </pre>
 *
 * <p>{@code GroupCommit} has the rules of the baton: a caller that finds it free leads, the others wait. {@code Regrouping}
 * is the commit delay of a leader. {@link dev.uringlog.commit.Watch} tells callers to wait no longer.
 * {@link dev.uringlog.commit.Flusher} is the way into this package.
 */
package dev.uringlog.commit;
