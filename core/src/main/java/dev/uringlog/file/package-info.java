/**
 * The file at the end of a log. A {@link dev.uringlog.file.Sink} writes and syncs it; a
 * {@link dev.uringlog.file.CurrentFile} is opened, left, kept and set aside. Internal: public only for the packages above.
 *
 * <pre>
 *                             ┌► NativeSink ── NativeFile ──► VectoredWriter, LogFile: io_uring or writev(2)
 *   Sink ─► CurrentFile ◄── FileLife
 *                             └► ChannelSink ─ ChannelFile ─► FileChannel: where there is no native access
 *
 *   SyncQueue    background syncs of a native sink, in flight through io_uring
 *   Directories  the directories that have to be synced, because a file in them was made or moved
 *   TornTail     ends a line that an earlier writer did not finish
 *   SecondName   keeps a file that is rolled to another mount until the copy is on stable storage
 *   FaultPolicy  what a failed write asks for: hold the bytes, or reopen the file
 *   Surroundings the file system and the kernel, for the opening line
 * </pre>
 *
 * <p>Nothing here starts a thread or retries. Only a sync waits. The caller makes one call at a time, and decides what to do
 * about a failure.
 */
package dev.uringlog.file;
