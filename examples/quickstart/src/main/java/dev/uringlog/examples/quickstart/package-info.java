/**
 * The main job: Log4j 2 and Logback, each from its real XML file, log many events from several threads through
 * Uringlog. Then every byte of both files is compared with what was logged. {@code mvn -q -Pquickstart} runs it.
 *
 * <pre>
 *   Quickstart ─┬─ Load ────── Workload ──► Framework ──► file
 *               │   (threads, progress)      Log4j, Logback │
 *               ├─ Checker ── Workload, said again  ◄──────┤
 *               └─ Replay (-Dinput) ◄──────────────────────┘
 * </pre>
 */
package dev.uringlog.examples.quickstart;
