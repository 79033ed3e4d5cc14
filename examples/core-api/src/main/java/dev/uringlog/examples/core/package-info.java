/**
 * The library without a logging framework, in three small programs: one vectored write, a writer of one's own, and a
 * write-ahead log over {@link dev.uringlog.append.AppendLog}.
 */
package dev.uringlog.examples.core;
