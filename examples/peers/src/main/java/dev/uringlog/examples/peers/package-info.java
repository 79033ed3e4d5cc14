/**
 * The end-to-end benchmark. It compares ours with Log4j's and Logback's own file appenders in the best set-ups their
 * users know.
 *
 * <pre>
 * Peers ── for each scenario, round and contender ──▶ a JVM of its own: Contestant
 *   │                                                    Target (a framework, a configuration file) ◀── Producers
 *   ▼                                                    then stop, and count the lines
 * Table ──▶ Markdown, CSV, SVG
 * </pre>
 */
package dev.uringlog.examples.peers;
