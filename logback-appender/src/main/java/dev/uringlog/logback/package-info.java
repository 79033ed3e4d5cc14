/** Uringlog's file appender for Logback: {@code <appender class="dev.uringlog.logback.IoUringFileAppender">}. */
package dev.uringlog.logback;
