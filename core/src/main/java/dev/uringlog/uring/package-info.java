/**
 * The parts of io_uring that an appending writer needs: setup, the two queues, and a probe. Linux only.
 *
 * <p>The names are the kernel's ({@code include/uapi/linux/io_uring.h}), so its manual pages also document this package:
 *
 * <pre>
 *                    mmap IORING_OFF_SQES           mmap IORING_OFF_SQ_RING (IORING_FEAT_SINGLE_MMAP: both rings)
 *                   ┌─────┬─────┬─────┬─────┐      ┌──────┬──────┬───────┬──────┬──────┬─────┬─────┬─────┐
 *  SubmissionQueue →│ SQE │ SQE │ SQE │ SQE │      │ head │ tail │ array │ head │ tail │ CQE │ CQE │ CQE │→ CompletionQueue
 *                   └─────┴─────┴─────┴─────┘      └──────┴──────┴───────┴──────┴──────┴─────┴─────┴─────┘
 *                     plain stores                   kernel   ours         ours   kernel  the kernel's stores
 * </pre>
 *
 * <p>A failed system call never throws here: calls return a count or {@code -errno}. Nothing here is thread-safe; callers
 * serialise access.
 */
package dev.uringlog.uring;
