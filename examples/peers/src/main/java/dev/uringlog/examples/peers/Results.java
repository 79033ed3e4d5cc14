package dev.uringlog.examples.peers;

import dev.uringlog.examples.peers.Measurement.Metric;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

/** All measurements, their medians, and the medians of the ratio within a round. */
final class Results {
    private record Entry(Scenario scenario, Contender contender, int round, Measurement measurement) {}

    /** Columns before the first number. */
    private static final int KEYS = 5;

    static final List<String> FRAMEWORKS = List.of("log4j2", "logback", Contender.DISK);

    private final List<Entry> entries = new ArrayList<>();

    void add(final Scenario scenario, final Contender contender, final int round, final Measurement measurement) {
        entries.add(new Entry(scenario, contender, round, measurement));
    }

    boolean has(final Scenario scenario, final Contender contender, final int round) {
        return of(scenario, contender).anyMatch(entry -> entry.round == round);
    }

    boolean has(final String framework) {
        return entries.stream().anyMatch(entry -> entry.contender.framework.equals(framework));
    }

    Set<Scenario> scenarios() {
        final Set<Scenario> scenarios = new LinkedHashSet<>();
        entries.forEach(entry -> scenarios.add(entry.scenario));
        return scenarios;
    }

    /** The contenders measured in a scenario. */
    List<Contender> contenders(final String framework, final Scenario scenario) {
        return Stream.of(Contender.values())
                .filter(contender -> contender.framework.equals(framework))
                .filter(contender -> of(scenario, contender).findAny().isPresent())
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

    /** The peer with the highest median, without those that lost lines. */
    Optional<Contender> bestPeer(
            final Scenario scenario, final String framework, final ToDoubleBiFunction<Scenario, Contender> merit) {
        return contenders(framework, scenario).stream()
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

    /** Reads the runs of an earlier {@link #csv}, if there is one, except disturbed ones. */
    void read(final Path csv) throws IOException {
        if (!Files.exists(csv)) {
            return;
        }
        final List<String> lines = Files.readAllLines(csv);
        final List<String> names = List.of(lines.get(0).split(","));
        for (final String line : lines.subList(1, lines.size())) {
            final String[] values = line.split(",", -1);
            final Measurement measurement = new Measurement();
            for (int i = KEYS; i < values.length; i++) {
                if (!values[i].isEmpty()) {
                    measurement.with(
                            Metric.valueOf(names.get(i).toUpperCase(Locale.ROOT)), Double.parseDouble(values[i]));
                }
            }
            if (measurement.isDisturbed()) {
                continue;
            }
            add(
                    new Scenario(values[1], Integer.parseInt(values[2]), values[3]),
                    Contender.of(values[0]),
                    Integer.parseInt(values[4]),
                    measurement);
        }
    }

    /** Every run, not only the medians. */
    String csv() {
        final StringBuilder csv = new StringBuilder("contender,threads,size,rate,round");
        for (final Metric metric : Metric.values()) {
            csv.append(',').append(metric.label());
        }
        csv.append('\n');
        for (final Entry entry : entries) {
            csv.append("%s,%s,%d,%s,%d"
                    .formatted(
                            entry.contender.id(),
                            entry.scenario.producers(),
                            entry.scenario.size(),
                            entry.scenario.pace(),
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
