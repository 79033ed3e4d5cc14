/**
 * What Java Flight Recorder shows of a log. Internal: public only for the packages above; the names and fields of the events
 * are contract all the same, people filter by them.
 *
 * <p>Each is off until a recording asks for it. While nobody has ever recorded in this JVM, not even an event object is made:
 * the first would have the JVM make its recorder ready, which takes a tenth of a second.
 */
package dev.uringlog.flight;
