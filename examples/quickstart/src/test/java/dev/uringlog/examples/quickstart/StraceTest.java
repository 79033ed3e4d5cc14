package dev.uringlog.examples.quickstart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The kernel's side of the quickstart: what was really called, and how often. */
class StraceTest {
    private static final int EVENTS = 400_000;
    private static final int EVENTS_PER_FLUSH_MIN = 100;
    private static final int IOVECS_MAX = 2;
    private static final int DISK_EVENTS = 50;
    private static final String CALLS = "trace=write,pwrite64,writev,pwritev,pwritev2,io_uring_enter";
    private static final Pattern WRITEV = Pattern.compile("writev\\(\\d+<([^>]*)>, \\[.*], (\\d+)");

    @TempDir
    private Path dir;

    @BeforeEach
    void needStrace() throws InterruptedException {
        Needs.strace();
    }

    @Test
    void shouldWriteAHundredEventsACallInAtMostTwoPieces() throws Exception {
        final List<String> calls = trace("writev");
        for (final String label : List.of("log4j2", "logback")) {
            final String file = dir.resolve(label + ".log").toString();
            int flushes = 0;
            for (final String call : calls) {
                final Matcher writev = WRITEV.matcher(call);
                if (writev.find() && writev.group(1).equals(file)) {
                    flushes++;
                    assertTrue(Integer.parseInt(writev.group(2)) <= IOVECS_MAX, call);
                }
            }
            System.out.println(label + ": " + EVENTS + " events in " + flushes + " writev calls");
            assertTrue(flushes > 0 && flushes <= EVENTS / EVENTS_PER_FLUSH_MIN, label + ": " + flushes);
            assertEquals(0, count(calls, "[^v]write(64)?\\(\\d+<" + Pattern.quote(file) + ">.*"), label);
        }
    }

    @Test
    void shouldWriteThroughIoUringAlone() throws Exception {
        Needs.ioUring();
        final List<String> calls = trace("iouring");
        final long enters = count(calls, "io_uring_enter\\(.*");
        System.out.println(2 * EVENTS + " events in " + enters + " io_uring_enter calls");
        assertTrue(enters > 2, () -> String.join("\n", calls));
        for (final String label : List.of("log4j2", "logback")) {
            final String file = Pattern.quote(dir.resolve(label + ".log").toString());
            assertEquals(0, count(calls, "write(v|v2|64)?\\(\\d+<" + file + ">.*"), label);
        }
    }

    /** One thread logs: what the trace shows between two of its marks belongs to one log call. */
    @ParameterizedTest
    @ValueSource(strings = {"log4j2", "logback"})
    void shouldCompleteAtDiskTheFdatasyncBeforeTheCallReturns(final String label) throws Exception {
        final Path trace = dir.resolve("trace.txt");
        final Path marks = dir.resolve("marks");
        final Jvm.Outcome outcome = new Jvm(DiskCalls.class, dir)
                .under("strace", "-f", "--seccomp-bpf", "-y", "-s", "20", "-o", trace.toString())
                .under("-e", "trace=write,writev,fsync,fdatasync")
                .with("log4j2.configurationFile", "classpath:log4j2-crash.xml")
                .with("logback.configurationFile", "logback-crash.xml")
                .with("dir", dir)
                .with("strategy", "writev")
                .with("durability", "DISK")
                .argument(label)
                .argument(marks)
                .argument(DISK_EVENTS)
                .run();
        assertEquals(0, outcome.exitCode(), outcome.output());
        // Whole, or the second half of what another thread's call came between: nothing else here makes these two
        // calls.
        final String file =
                "(\\(\\d+<" + Pattern.quote(dir.resolve(label + ".log").toString()) + ">.*| resumed>.*) += ";
        final Pattern written = Pattern.compile("writev" + file + "\\d+$");
        final Pattern synced = Pattern.compile("fdatasync" + file + "0$");
        final Pattern named = Pattern.compile(
                " fsync\\(\\d+<" + Pattern.quote(dir.toString()) + ">\\) += 0| <\\.\\.\\. fsync resumed>.* = 0");
        final Pattern returned = Pattern.compile("write\\(\\d+<" + Pattern.quote(marks.toString()) + ">");
        int calls = 0;
        String seen = "";
        for (final String line : Files.readAllLines(trace)) {
            if (written.matcher(line).find()) {
                seen += "w";
            } else if (synced.matcher(line).find()) {
                seen += "s";
            } else if (named.matcher(line).find()) {
                seen += "n";
            } else if (returned.matcher(line).find()) {
                // The file's name is made durable once, with the first event.
                assertEquals(calls == 0 ? "wsn" : "ws", seen, "call " + calls);
                calls++;
                seen = "";
            }
        }
        assertEquals(DISK_EVENTS, calls);
    }

    private List<String> trace(final String strategy) throws IOException, InterruptedException {
        final Path trace = dir.resolve("trace.txt");
        final Jvm.Outcome outcome = new Jvm(Quickstart.class, dir)
                .under("strace", "-f", "--seccomp-bpf", "-y", "-s", "0", "-e", CALLS, "-o", trace.toString())
                .with("dir", dir)
                .with("events", EVENTS)
                .with("strategy", strategy)
                .run();
        assertEquals(0, outcome.exitCode(), outcome.output());
        return Files.readAllLines(trace);
    }

    private static long count(final List<String> calls, final String pattern) {
        final Pattern compiled = Pattern.compile(pattern);
        return calls.stream().filter(call -> compiled.matcher(call).find()).count();
    }
}
