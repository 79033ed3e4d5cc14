/**
 * Uringlog's file appender for Log4j 2: {@code <IoUringFile name="…" fileName="…"/>}.
 *
 * <pre>
 *   IoUringFileAppenderBuilder   an element's attributes as written (AbstractIoUringBuilder), judged in Attributes
 *   IoUringFileAppender   one element of a configuration: layout, filters, what a full ring means for an event
 *     EventEncoder        the layout's text, in a buffer of the calling thread
 *   IoUringFileManager    one open file, shared by name and kept across reconfigurations: ring, thread, descriptor
 * </pre>
 */
package dev.uringlog.log4j2;
