package dev.uringlog.examples.peers;

import dev.uringlog.examples.peers.Measurement.Metric;
import java.util.List;
import java.util.Locale;

/** Bars, in SVG: events a second when saturated; below it, p99.9 of a call on a logarithmic scale. */
final class Plot {
    private static final int LEFT = 270;
    private static final int WIDTH = 900;
    private static final int BARS = WIDTH - LEFT - 130;
    private static final int ROW = 20;
    private static final double DECADES = 6; // 0.1 µs to 100 ms.

    private final Results results;
    private final String framework;
    private final StringBuilder body = new StringBuilder();
    private int y = 20;

    Plot(final Results results, final String framework) {
        this.results = results;
        this.framework = framework;
    }

    String svg() {
        for (final Scenario scenario : results.scenarios()) {
            if (results.contenders(framework, scenario).isEmpty()) {
                continue;
            }
            if (!scenario.isPaced()) {
                throughput(scenario);
            }
            tail(scenario);
        }
        return format("""
                <svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" font-family="sans-serif" font-size="12">
                <rect width="100%%" height="100%%" fill="white"/>
                %s</svg>
                """, WIDTH, y, body);
    }

    private void throughput(final Scenario scenario) {
        title("Events per second, until all are in the file: " + scenario.label());
        double most = 1;
        for (final Contender contender : results.contenders(framework, scenario)) {
            most = Math.max(most, results.median(scenario, contender, Metric.EVENTS_PER_SECOND));
        }
        for (final Contender contender : results.contenders(framework, scenario)) {
            final double value = results.median(scenario, contender, Metric.EVENTS_PER_SECOND);
            bar(contender, value / most, format("%,.0f", value));
        }
        y += ROW;
    }

    private void tail(final Scenario scenario) {
        title("p99.9 of a log call, a decade each " + BARS / (int) DECADES + " px: " + scenario.label());
        for (final Contender contender : results.contenders(framework, scenario)) {
            final double nanos = results.median(scenario, contender, Metric.P999_NS);
            bar(contender, Math.log10(Math.max(100, nanos) / 100) / DECADES, format("%,.1f µs", nanos / 1_000));
        }
        y += ROW;
    }

    private void title(final String text) {
        body.append(format("<text x=\"10\" y=\"%d\" font-weight=\"bold\">%s</text>\n", y, text));
        y += 8;
    }

    private void bar(final Contender contender, final double share, final String value) {
        final List<String> colours = List.of("#2b6cb0", "#a0aec0", "#e2e8f0");
        final String colour = colours.get(contender.isOurs() ? 0 : contender.isPeer() ? 1 : 2);
        final double width = Math.max(1, Math.min(1, share) * BARS);
        body.append(format(
                "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>"
                        + "<rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"%s\"/>"
                        + "<text x=\"%.1f\" y=\"%d\">%s</text>\n",
                LEFT - 8,
                y + 14,
                contender.label,
                LEFT,
                y + 2,
                width,
                ROW - 4,
                colour,
                LEFT + width + 6,
                y + 14,
                value));
        y += ROW;
    }

    private static String format(final String pattern, final Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}
