/**
 * A log's counters for Micrometer. The one package that needs {@code io.micrometer:micrometer-core}, which the application
 * brings; nothing else here refers to it, so without Micrometer nothing is missing.
 */
package dev.uringlog.metrics;
