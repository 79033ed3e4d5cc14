/**
 * The API for vectored writes: {@link dev.uringlog.write.VectoredWriter} passes several buffers to the kernel in one
 * submission, through io_uring or writev(2). {@link dev.uringlog.write.LogFile} owns the descriptor of a file to append to.
 *
 * <pre>
 * VectoredWriter ─► IoUringStrategy ─► uring: one WRITEV and its completion
 *                  └► WritevStrategy ──► writev(2)
 * </pre>
 *
 * <p>Calls return the count of bytes written, which may be short. A failure is an
 * {@link dev.uringlog.write.ErrnoException} that names the call and the errno. A writer never closes a descriptor that the
 * caller passes in.
 */
package dev.uringlog.write;
