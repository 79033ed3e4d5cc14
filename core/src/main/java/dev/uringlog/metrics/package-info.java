/**
 * A log's statistics for Micrometer. Only this package needs {@code io.micrometer:micrometer-core}, which the application
 * brings. Everything else works without it.
 */
package dev.uringlog.metrics;
