/**
 * The file at the end of a log, behind one interface: each tier is a {@link dev.uringlog.file.Sink}. Internal: public only
 * for the packages above.
 *
 * <pre>
 *          ┌► NativeSink ──► VectoredWriter, LogFile: io_uring or writev(2)
 *   Sink ──┤
 *          └► ChannelSink ─► FileChannel: where there is no native access
 *
 *   SyncQueue    background syncs of a native sink, in flight through io_uring
 *   TornTail     the line that a writer did not finish is ended
 *   FaultPolicy  what a failed write asks for: hold the bytes, or reopen the file
 *   Surroundings the file system and the kernel, for the opening line
 * </pre>
 *
 * <p>Nothing here starts a thread, retries or waits; a caller serialises and decides.
 */
package dev.uringlog.file;
