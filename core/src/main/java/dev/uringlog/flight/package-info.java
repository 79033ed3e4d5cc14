/**
 * The events of a log for Java Flight Recorder. Internal: public only for the packages above. Even so, the names and fields of
 * the events are a contract, because users filter by them. The periodic event is in {@code append}, beside the table of
 * statistics that it is made from.
 *
 * <p>Each is off until a recording enables it. Before the first recording in a JVM no event object is made, because the first
 * one initialises the JVM's recorder, which takes a tenth of a second.
 */
package dev.uringlog.flight;
