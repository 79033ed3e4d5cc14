/**
 * Access to the operating system. Internal. The only package that uses JNR-FFI.
 *
 * <pre>
 *   Syscalls ◄── JnrSyscalls (JNR-FFI), or a fake kernel in tests
 * Kernel: the Syscalls in use, or why there is no native access; NativeAccess loads them once
 *   Platform, Errno, FileStatus: numbers and layouts that differ by operating system and architecture
 *   NativeMemory: memory that the kernel may read after a call has returned
 * </pre>
 *
 * <p>A failed system call never throws here: calls return a count, a handle, or {@code -errno}.
 */
package dev.uringlog.sys;
