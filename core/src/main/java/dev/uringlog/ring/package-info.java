/**
 * The event ring. Many producers store events back to back. One consumer takes everything published as at most two contiguous
 * parts. Uses only the JDK; no thread ever waits in this package.
 *
 * <pre>
 *  producers                                             consumer
 *  tryClaim ── one CAS on {closed, sequence, position}
 *  copy ────── payload bytes, no header between events
 *  publish ─── release store of the end position ───────► poll ── acquire, slot by slot, in claim order
 *                into the event's slot                    parts ─ [released, gathered), two at the wrap
 *  tryClaim ◄─ acquire of the released watermark ──────── release
 *
 *  one native block: | bytes: capacity | slots: 8 bytes an event | times, if any: 8 more | trailer: one watermark a line |
 * </pre>
 */
package dev.uringlog.ring;
