/**
 * One runnable jar that says what works on a machine and in a directory: whether io_uring works and why not, what
 * {@code auto} would choose, what a flush and an fdatasync cost there, and which configuration to use.
 *
 * <pre>
 *   Doctor ─┬─► Sandbox ──► Diagnosis   /proc, and what the probe's errno means with it
 *           ├─► Directory               the file system, and what that means
 *           ├─► Trial                   logs opened there for a moment
 *           └─► Findings ─► Advice      as text or as JSON, and the exit code
 * </pre>
 */
package dev.uringlog.examples.doctor;
