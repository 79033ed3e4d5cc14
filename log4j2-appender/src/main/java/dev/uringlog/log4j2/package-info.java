/**
 * Uringlog's appenders for Log4j 2: {@code <IoUringFile name="…" fileName="…"/>}, and {@code <RollingIoUringFile>} with
 * Log4j's own policies and strategies. They need {@code log4j-core} 2.17.2 or newer.
 *
 * <pre>
 *   …AppenderBuilder        an element's attributes as written (AbstractIoUringBuilder), checked in Attributes
 *   …Appender               one element of a configuration: layout, filters, what a full ring means for an event
 *     EventEncoder          the layout's bytes, in a buffer of the calling thread
 *   …Manager                one open file, shared by name and kept across reconfigurations
 *     ManagedLog            its log: ring, thread, descriptor
 *       RollingLog          judges each event (JudgedEvent) and changes files, on the writer
 * </pre>
 */
package dev.uringlog.log4j2;
