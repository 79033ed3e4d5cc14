package dev.uringlog.examples.peers;

import dev.uringlog.examples.peers.Measurement.Metric;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Runs every contender in every scenario, interleaved, each time in its own JVM, and writes the result. */
public final class Peers {
    /** The share of the machine that other processes may have during a measurement. */
    private static final double DISTURBANCE_MAX = 0.3;

    private final Options options;
    private final Results results = new Results();
    private int turn;
    private int measured;
    private int failed;
    private long firstNanos;
    private double bestPace;

    Peers(final Options options) {
        this.options = options;
    }

    /**
     * Runs the benchmark; {@code Options} has the system properties.
     *
     * @param args none
     * @throws IOException if a directory cannot be used
     * @throws InterruptedException never
     */
    public static void main(final String[] args) throws IOException, InterruptedException {
        if (System.getProperty("contest", "").equals("lag")) {
            OpenLoop.run();
        } else {
            new Peers(Options.read()).run();
        }
    }

    void run() throws IOException, InterruptedException {
        Files.createDirectories(options.dir());
        final PageCache cache = PageCache.warm(options.dir(), options.warm());
        try (cache) {
            compete();
        }
    }

    private void compete() throws IOException, InterruptedException {
        if (options.resume()) {
            results.read(csv());
        }
        for (final Scenario scenario : options.scenarios()) {
            for (int round = 0; round < options.rounds(); round++) {
                final List<Contender> order = new ArrayList<>(options.contenders());
                Collections.rotate(
                        order, -round * order.size() / options.rounds()); // So that no contender is always first.
                for (final Contender contender : order) {
                    turn(scenario, contender, round);
                }
            }
        }
        report();
        if (failed > 0) {
            throw new IllegalStateException(failed + " of " + turns() + " runs failed");
        }
    }

    private int turns() {
        return options.scenarios().size()
                * options.rounds()
                * options.contenders().size();
    }

    private Path csv() {
        return options.out().resolve("peers.csv");
    }

    private void turn(final Scenario scenario, final Contender contender, final int round)
            throws IOException, InterruptedException {
        turn++;
        if (results.has(scenario, contender, round)) {
            return;
        }
        System.out.printf("%s  %-45s %-28s ", progress(), scenario.label(), contender.id());
        try {
            final Measurement measurement = measure(contender, scenario);
            results.add(scenario, contender, round, measurement);
            Files.writeString(csv(), results.csv()); // Keeps what is measured so far, whatever happens later.
            System.out.println(Report.line(measurement));
        } catch (final IllegalStateException e) { // The others can still be measured.
            failed++;
            System.out.println("FAILED: " + e.getMessage());
        }
    }

    private String progress() {
        final long nanos = System.nanoTime();
        firstNanos = measured++ == 0 ? nanos : firstNanos;
        final double minutes = (nanos - firstNanos) / 60e9 / Math.max(1, measured - 1) * (turns() - turn + 1);
        return "%3d/%d %4s".formatted(turn, turns(), measured == 1 ? "" : "%.0f'".formatted(minutes));
    }

    /**
     * Runs it again if other processes used the machine or its host during the run, because that falsifies a
     * measurement.
     */
    private Measurement measure(final Contender contender, final Scenario scenario)
            throws IOException, InterruptedException {
        Measurement best = fork(contender, scenario);
        for (int tries = 1; tries < options.tries() && disturbance(best) > DISTURBANCE_MAX; tries++) {
            final Measurement next = fork(contender, scenario);
            best = disturbance(next) < disturbance(best) ? next : best;
        }
        return best;
    }

    /** The share of the run that other processes had, plus what the pace lacked of the best pace so far. */
    private double disturbance(final Measurement measurement) {
        final double pace = measurement.get(Metric.MACHINE_PACE);
        bestPace = Math.max(bestPace, pace);
        return Math.max(measurement.get(Metric.OTHERS_SHARE), 1 - pace / bestPace);
    }

    private void report() throws IOException {
        for (final String framework : Results.FRAMEWORKS) {
            if (results.has(framework)) {
                Files.writeString(
                        options.out().resolve("peers-" + framework + ".svg"), new Plot(results, framework).svg());
            }
        }
        final String markdown = new Report(results).markdown(Machine.describe(options.dir()));
        Files.writeString(options.out().resolve("peers.md"), markdown);
        System.out.println();
        System.out.println(markdown);
        System.out.println("Written to " + options.out().toAbsolutePath() + ": peers.md, peers.csv, peers-*.svg");
    }

    private Measurement fork(final Contender contender, final Scenario scenario)
            throws IOException, InterruptedException {
        final Path file = options.dir().resolve("peers.log");
        Lines.delete(file);
        final List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xms" + options.heap(),
                "-Xmx" + options.heap(),
                "-XX:+AlwaysPreTouch",
                "--enable-native-access=ALL-UNNAMED",
                "-Dpeers.roll=" + options.roll()));
        command.addAll(contender.jvmOptions());
        command.addAll(List.of(
                "-classpath",
                System.getProperty("java.class.path"),
                Contestant.class.getName(),
                contender.id(),
                scenario.producers(),
                Integer.toString(scenario.size()),
                scenario.pace(),
                Double.toString(options.seconds()),
                file.toString()));
        final Process process =
                new ProcessBuilder(command).redirectErrorStream(true).start();
        Measurement measurement = null;
        final StringBuilder said = new StringBuilder();
        try (BufferedReader reader = process.inputReader()) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                if (Measurement.isOne(line)) {
                    measurement = Measurement.parse(line);
                } else {
                    said.append(line).append(System.lineSeparator());
                }
            }
        }
        final int exit = process.waitFor();
        if (exit != 0 || measurement == null) {
            throw new IllegalStateException(contender.id() + " ended with " + exit + ": " + said);
        }
        return measurement;
    }
}
