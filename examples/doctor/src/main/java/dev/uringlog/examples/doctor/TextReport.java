package dev.uringlog.examples.doctor;

import java.util.Locale;

/** The report for people: a label on the left, the finding on the right. */
final class TextReport {
    private final StringBuilder text = new StringBuilder();

    private TextReport() {}

    static String of(final Findings findings) {
        final TextReport report = new TextReport();
        report.machine(findings);
        if (findings.problem() == null) {
            report.place(findings);
        } else {
            report.line("directory", "no log is possible in " + findings.path() + ": " + findings.problem());
        }
        return report.text.toString();
    }

    private void machine(final Findings findings) {
        line("machine", Findings.machine());
        line("io_uring", findings.refusal() == null ? "works" : "does not work: " + findings.refusal());
        if (findings.explanation() != null) {
            line("", findings.explanation());
        }
        line("", findings.sandbox().describe());
        if (findings.nativeRefusal() != null) {
            line("writev", "does not work either: every log is written by Java's FileChannel");
        }
    }

    private void place(final Findings findings) {
        final Directory directory = findings.directory();
        line("directory", directory.path() + ", " + directory.fileSystem());
        line("", directory.meaning());
        findings.trial()
                .choices()
                .forEach((durability, choice) ->
                        line("auto, " + durability, choice.strategy() + ": " + choice.reason()));
        line("a flush", micros(findings.trial().flushNanos()) + " from a log call to the page cache");
        line(
                "an fdatasync",
                micros(findings.trial().syncNanos()) + " (both are medians of "
                        + findings.trial().samples() + ")");
        line("advice", findings.advice().reason());
        line("log4j2.xml", findings.advice().log4j2());
        line("logback.xml", findings.advice().logback());
    }

    private void line(final String name, final String what) {
        text.append(String.format(Locale.ROOT, "%-13s %s%n", name, what));
    }

    private static String micros(final long nanos) {
        return String.format(Locale.ROOT, "%.1f us", nanos / 1e3);
    }
}
