package dev.uringlog.examples.peers;

import dev.uringlog.examples.peers.Measurement.Metric;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The tables, in Markdown. */
final class Report {
    /** A run's line says so if other processes had more than this share of the machine. */
    private static final double DISTURBED = 0.05;

    private static final String COLUMNS = """
            Medians over the rounds; times in µs. Events/s: until all are in the file. Percentiles: of the log call; where \
            it is paced, from the moment it should have begun, in bursts by itself. CPU: of the whole process. Staleness: age of the \
            oldest event that is not in the file yet. Left behind: events not in the file once nothing more is logged.
            """;

    private final Results results;

    Report(final Results results) {
        this.results = results;
    }

    /** One run, as it ends. */
    static String line(final Measurement measurement) {
        return format(
                "%10s ev/s  p50 %6s  p99.9 %8s  %6s ns CPU%s%s",
                count(measurement.get(Metric.EVENTS_PER_SECOND)),
                micros(measurement.get(Metric.P50_NS)),
                micros(measurement.get(Metric.P999_NS)),
                count(measurement.get(Metric.CPU_NS_PER_EVENT)),
                measurement.isWhole()
                        ? ""
                        : "  LOST " + count(measurement.get(Metric.LINES_MISSING)) + ", TORN "
                                + count(measurement.get(Metric.LINES_TORN)),
                measurement.get(Metric.OTHERS_SHARE) > DISTURBED
                        ? format(
                                "  (other processes had %.0f %% of the machine)",
                                100 * measurement.get(Metric.OTHERS_SHARE))
                        : format(
                                "  (pace %.2f, handover %.0f ns)",
                                measurement.get(Metric.MACHINE_PACE), measurement.get(Metric.HANDOVER_NS)));
    }

    String markdown(final String machine) {
        final StringBuilder text = new StringBuilder();
        text.append("Measured on ").append(machine).append(".\n").append(COLUMNS);
        for (final String framework : Results.FRAMEWORKS) {
            if (results.has(framework)) {
                for (final Scenario scenario : results.scenarios()) {
                    table(text, framework, scenario);
                }
            }
        }
        return text.toString();
    }

    private void table(final StringBuilder text, final String framework, final Scenario scenario) {
        if (results.contenders(framework, scenario).isEmpty()) {
            return;
        }
        text.append(format("\n### %s: %s\n\n", title(framework), scenario.label()));
        text.append("| | events/s | against the best peer | p50 | p99 | p99.9 | p99.99 | max | CPU ns/event"
                + " | bytes allocated/event | system calls/event | of these writes");
        text.append(scenario.isPaced() ? " | staleness p99 | max | left behind | lines |\n" : " | lines |\n");
        text.append("|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:");
        text.append(scenario.isPaced() ? "|--:|--:|--:|---|\n" : "|---|\n");
        final Optional<Contender> best = results.bestPeer(
                scenario, framework, (s, contender) -> results.median(s, contender, Metric.EVENTS_PER_SECOND));
        for (final Contender contender : results.contenders(framework, scenario)) {
            text.append("| ").append(contender.isOurs() ? "**" + contender.label + "**" : contender.label);
            cell(text, count(results.median(scenario, contender, Metric.EVENTS_PER_SECOND)));
            cell(
                    text,
                    best.map(peer -> ratio(results.ratio(scenario, contender, peer, Metric.EVENTS_PER_SECOND)))
                            .orElse(""));
            for (final Metric metric :
                    List.of(Metric.P50_NS, Metric.P99_NS, Metric.P999_NS, Metric.P9999_NS, Metric.MAX_NS)) {
                cell(text, micros(results.median(scenario, contender, metric)));
            }
            cell(text, count(results.median(scenario, contender, Metric.CPU_NS_PER_EVENT)));
            cell(text, format("%.1f", results.median(scenario, contender, Metric.ALLOCATED_PER_EVENT)));
            cell(text, fraction(results.median(scenario, contender, Metric.SYSTEM_CALLS_PER_EVENT)));
            cell(text, fraction(results.median(scenario, contender, Metric.CALLS_PER_EVENT)));
            if (scenario.isPaced()) {
                cell(text, micros(results.median(scenario, contender, Metric.STALE_P99_NS)));
                cell(text, micros(results.median(scenario, contender, Metric.STALE_MAX_NS)));
                cell(text, count(results.median(scenario, contender, Metric.LEFT_BEHIND)));
            }
            cell(text, results.isWhole(scenario, contender) ? "all" : "**LOST OR TORN**");
            text.append(" |\n");
        }
    }

    private static String title(final String framework) {
        return switch (framework) {
            case "log4j2" -> "Log4j 2";
            case "logback" -> "Logback";
            default -> "On the disk before the call returns";
        };
    }

    private static void cell(final StringBuilder text, final String value) {
        text.append(" | ").append(value);
    }

    private static String count(final double value) {
        return Double.isNaN(value) ? "" : format("%,.0f", value);
    }

    private static String ratio(final double value) {
        return Double.isNaN(value) ? "" : format("%.2f", value);
    }

    private static String fraction(final double value) {
        return Double.isNaN(value) ? "" : format("%.4f", value);
    }

    private static String micros(final double nanos) {
        return Double.isNaN(nanos) ? "" : format(nanos < 9_950 ? "%.1f" : "%,.0f", nanos / 1_000);
    }

    private static String format(final String pattern, final Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}
