package dev.uringlog.examples.quickstart;

import dev.uringlog.append.AppendStatistics;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** What is printed at the end: a table, then one line for each framework. */
final class Report {
    /**
     * The run of a framework.
     *
     * @param label the framework
     * @param description its appender's opening line, or null if it did not start
     * @param statistics its appender's counters, or null if it did not start
     * @param nanos from the first call until everything was in the file
     * @param latencies of sampled calls, or null if none were taken
     * @param success what was checked, if {@code problem} is null
     * @param problem what was wrong, or null
     */
    record Run(
            String label,
            String description,
            AppendStatistics statistics,
            long nanos,
            Latencies latencies,
            String success,
            String problem) {

        static Run failed(final String label, final String problem) {
            return new Run(label, null, null, 0, null, null, problem);
        }

        private boolean isMeasured() {
            return statistics != null;
        }

        private String eventsASecond() {
            return count(Math.round(statistics.written() * 1e9 / nanos));
        }

        private String microseconds(final double share) {
            return latencies == null ? "-" : String.format(Locale.ROOT, "%.1f us", latencies.percentile(share) / 1e3);
        }
    }

    private final PrintStream out;
    private final List<Run> runs;

    Report(final PrintStream out, final List<Run> runs) {
        this.out = out;
        this.runs = runs;
    }

    boolean isGood() {
        return runs.stream().allMatch(run -> run.problem() == null);
    }

    void print() {
        if (runs.stream().anyMatch(Run::isMeasured)) {
            printTable();
        }
        for (final Run run : runs) {
            out.println(
                    run.problem() == null
                            ? "PASS " + run.label() + ": " + run.success()
                            : "FAIL " + run.label() + ": " + run.problem());
        }
        out.flush();
    }

    private void printTable() {
        out.println();
        for (final Run run : runs) {
            out.printf("%-8s %s%n", run.label(), run.isMeasured() ? run.description() : "did not start");
        }
        out.println();
        row("", Run::label);
        row("events in the file", run -> count(run.statistics().written()));
        row("bytes", run -> count(run.statistics().bytes()));
        row("flushes", run -> count(run.statistics().flushes()));
        row(
                "events per flush",
                run -> ratio(run.statistics().written(), run.statistics().flushes()));
        row("largest flush, events", run -> count(run.statistics().largestBatch()));
        row("system calls", run -> count(run.statistics().systemCalls()));
        row("events/s until in the file", Run::eventsASecond);
        if (runs.stream().anyMatch(run -> run.latencies() != null)) {
            row("p50 of a log call *", run -> run.microseconds(0.50));
            row("p99 of a log call *", run -> run.microseconds(0.99));
            out.println("* one call in " + Load.SAMPLE
                    + " is timed, to the nearest 3 %, from the start of the JVM; formatting is part of the call");
        }
        out.println();
    }

    private void row(final String name, final Function<Run, String> cell) {
        out.printf("%-28s", name);
        for (final Run run : runs) {
            out.printf("%16s", run.isMeasured() || name.isEmpty() ? cell.apply(run) : "-");
        }
        out.println();
    }

    static String count(final long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    private static String ratio(final long events, final long flushes) {
        return flushes == 0 ? "-" : String.format(Locale.ROOT, "%,.1f", (double) events / flushes);
    }
}
