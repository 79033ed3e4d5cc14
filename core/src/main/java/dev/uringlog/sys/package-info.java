/**
 * The operating system. Internal, and the one package that sees JNR-FFI.
 *
 * <pre>
 *   Syscalls ◄── JnrSyscalls (JNR-FFI), or a fake kernel in tests
 *   Kernel: which of them is in force, or why there is no native access; NativeAccess loads it once
 *   Platform, Errno, FileStatus: numbers and layouts that differ by operating system and architecture
 *   NativeMemory: memory that the kernel may read after a call has returned
 * </pre>
 *
 * <p>Nothing here throws for what the kernel answers: calls return a count, a handle, or {@code -errno}.
 */
package dev.uringlog.sys;
