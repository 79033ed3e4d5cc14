/**
 * The library without a logging framework, in three small programs: one vectored write, a writer of your own, and a
 * write-ahead log on {@link dev.uringlog.append.AppendLog}.
 */
package dev.uringlog.examples.core;
