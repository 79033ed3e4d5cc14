package dev.uringlog.examples.peers;

import dev.uringlog.examples.peers.Measurement.Metric;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToDoubleBiFunction;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/** All measurements, and what follows from them: medians, and medians of the ratio within a round. */
final class Results {
    private record Entry(Scenario scenario, Contender contender, int round, Measurement measurement) {}

    static final List<String> FRAMEWORKS = List.of("log4j2", "logback", Contender.DISK);

    private final List<Entry> entries = new ArrayList<>();

    void add(final Scenario scenario, final Contender contender, final int round, final Measurement measurement) {
        entries.add(new Entry(scenario, contender, round, measurement));
    }

    boolean has(final String framework) {
        return entries.stream().anyMatch(entry -> entry.contender.framework.equals(framework));
    }

    Set<Scenario> scenarios() {
        final Set<Scenario> scenarios = new LinkedHashSet<>();
        entries.forEach(entry -> scenarios.add(entry.scenario));
        return scenarios;
    }

    List<Contender> contenders(final String framework) {
        return Stream.of(Contender.values())
                .filter(contender -> contender.framework.equals(framework))
                .filter(contender -> entries.stream().anyMatch(entry -> entry.contender == contender))
                .toList();
    }

    private Stream<Entry> of(final Scenario scenario, final Contender contender) {
        return entries.stream().filter(entry -> entry.scenario.equals(scenario) && entry.contender == contender);
    }

    double median(final Scenario scenario, final Contender contender, final Metric metric) {
        return median(of(scenario, contender).mapToDouble(entry -> entry.measurement.get(metric)));
    }

    /** The median, over the rounds, of one contender's number divided by another's. */
    double ratio(final Scenario scenario, final Contender one, final Contender other, final Metric metric) {
        return median(of(scenario, one)
                .mapToDouble(entry -> entry.measurement.get(metric)
                        / of(scenario, other)
                                .filter(match -> match.round == entry.round)
                                .mapToDouble(match -> match.measurement.get(metric))
                                .findFirst()
                                .orElse(Double.NaN)));
    }

    /** Whether every line was in the file, whole, in every round. */
    boolean isWhole(final Scenario scenario, final Contender contender) {
        return of(scenario, contender).allMatch(entry -> entry.measurement.isWhole());
    }

    /** The peer with the highest median; one that lost lines is no rival. */
    Optional<Contender> bestPeer(
            final Scenario scenario, final String framework, final ToDoubleBiFunction<Scenario, Contender> merit) {
        return contenders(framework).stream()
                .filter(contender -> contender.isPeer() && isWhole(scenario, contender))
                .max(Comparator.comparingDouble(contender -> merit.applyAsDouble(scenario, contender)));
    }

    private static double median(final DoubleStream values) {
        final double[] sorted =
                values.filter(value -> !Double.isNaN(value)).sorted().toArray();
        if (sorted.length == 0) {
            return Double.NaN;
        }
        final int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /** Every run, not only the medians. */
    String csv() {
        final StringBuilder csv = new StringBuilder("contender,threads,size,rate,round");
        for (final Metric metric : Metric.values()) {
            csv.append(',').append(metric.label());
        }
        csv.append('\n');
        for (final Entry entry : entries) {
            csv.append("%s,%s,%d,%d,%d"
                    .formatted(
                            entry.contender.id(),
                            entry.scenario.producers(),
                            entry.scenario.size(),
                            entry.scenario.rate(),
                            entry.round));
            for (final Metric metric : Metric.values()) {
                final double value = entry.measurement.get(metric);
                csv.append(Double.isNaN(value) ? "," : String.format(Locale.ROOT, ",%.4f", value));
            }
            csv.append('\n');
        }
        return csv.toString();
    }
}
