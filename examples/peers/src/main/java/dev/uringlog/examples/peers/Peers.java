package dev.uringlog.examples.peers;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Runs every contender through every scenario, each time in a JVM of its own, in turns; writes the result. */
public final class Peers {
    private final Options options;
    private final Results results = new Results();

    Peers(final Options options) {
        this.options = options;
    }

    /**
     * Runs what the system properties ask for; see {@code Options}.
     *
     * @param args none
     * @throws IOException if a directory cannot be used
     * @throws InterruptedException never, as things are
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
        final int turns = options.scenarios().size()
                * options.rounds()
                * options.contenders().size();
        int turn = 0;
        int failed = 0;
        for (final Scenario scenario : options.scenarios()) {
            for (int round = 0; round < options.rounds(); round++) {
                final List<Contender> order = new ArrayList<>(options.contenders());
                Collections.rotate(order, -round * order.size() / options.rounds()); // Nobody is always first.
                for (final Contender contender : order) {
                    System.out.printf("%3d/%d  %-45s %-28s ", ++turn, turns, scenario.label(), contender.id());
                    try {
                        final Measurement measurement = fork(contender, scenario);
                        results.add(scenario, contender, round, measurement);
                        System.out.println(Report.line(measurement));
                    } catch (final IllegalStateException e) { // The others can still be measured.
                        failed++;
                        System.out.println("FAILED: " + e.getMessage());
                    }
                }
            }
        }
        final String machine = Machine.describe(options.dir());
        Files.writeString(options.out().resolve("peers.csv"), results.csv());
        for (final String framework : Results.FRAMEWORKS) {
            if (results.has(framework)) {
                Files.writeString(
                        options.out().resolve("peers-" + framework + ".svg"), new Plot(results, framework).svg());
            }
        }
        final String markdown = new Report(results).markdown(machine);
        Files.writeString(options.out().resolve("peers.md"), markdown);
        System.out.println();
        System.out.println(markdown);
        System.out.println("Written to " + options.out().toAbsolutePath() + ": peers.md, peers.csv, peers-*.svg");
        if (failed > 0) {
            throw new IllegalStateException(failed + " of " + turns + " runs failed");
        }
    }

    private Measurement fork(final Contender contender, final Scenario scenario)
            throws IOException, InterruptedException {
        final Path file = options.dir().resolve("peers.log");
        Files.deleteIfExists(file);
        final List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xms1g",
                "-Xmx1g",
                "-XX:+AlwaysPreTouch",
                "--enable-native-access=ALL-UNNAMED"));
        command.addAll(contender.jvmOptions());
        command.addAll(List.of(
                "-classpath",
                System.getProperty("java.class.path"),
                Contestant.class.getName(),
                contender.id(),
                scenario.producers(),
                Integer.toString(scenario.size()),
                Integer.toString(scenario.rate()),
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
