/**
 * io_uring, as far as an appending writer needs it: setup, the two queues, and a probe. Linux only.
 *
 * <p>Names are the kernel's ({@code include/uapi/linux/io_uring.h}), so that its manual pages are this package's manual:
 *
 * <pre>
 *                    mmap IORING_OFF_SQES           mmap IORING_OFF_SQ_RING (IORING_FEAT_SINGLE_MMAP: both rings)
 *                   ┌─────┬─────┬─────┬─────┐      ┌──────┬──────┬───────┬──────┬──────┬─────┬─────┬─────┐
 *  SubmissionQueue →│ SQE │ SQE │ SQE │ SQE │      │ head │ tail │ array │ head │ tail │ CQE │ CQE │ CQE │→ CompletionQueue
 *                   └─────┴─────┴─────┴─────┘      └──────┴──────┴───────┴──────┴──────┴─────┴─────┴─────┘
 *                     plain stores                   kernel   ours         ours   kernel  the kernel's stores
 * </pre>
 *
 * <p>Nothing here throws for what the kernel answers: calls give a count or {@code -errno}. Nothing here is safe for use
 * by two threads at once; a caller serialises.
 */
package dev.uringlog.uring;
