/**
 * The API for vectored writes: {@link dev.uringlog.write.VectoredWriter} hands several buffers to the kernel in one
 * submission, by io_uring or writev(2), and {@link dev.uringlog.write.LogFile} owns a descriptor to append to.
 *
 * <pre>
 *   VectoredWriter ─► IoUringStrategy ─► uring: one WRITEV, waited for
 *                  └► WritevStrategy ──► writev(2)
 * </pre>
 *
 * <p>Calls return the count of bytes written, which may be short. A failure is an
 * {@link dev.uringlog.write.ErrnoException} that names the call and the errno. A writer never closes a descriptor that it is
 * handed.
 */
package dev.uringlog.write;
