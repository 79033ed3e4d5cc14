package dev.uringlog.examples.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What is asked for, by system properties; an empty one is as good as none.
 *
 * @param dir where the files go
 * @param out where the result goes
 * @param warm bytes of page cache to touch before anything is measured
 * @param rounds how often each contender has its turn
 * @param seconds of each phase
 * @param scenarios in order
 * @param contenders in order
 */
record Options(
        Path dir,
        Path out,
        long warm,
        int rounds,
        double seconds,
        List<Scenario> scenarios,
        List<Contender> contenders) {
    /** One, so that it can turn on a core of its own while it waits. */
    private static final String PACED_PRODUCERS = "1";

    static Options read() throws IOException {
        final String dir = get("dir", "");
        final boolean isDisk = get("contest", "memory").equals(Contender.DISK);
        final List<Scenario> scenarios = new ArrayList<>();
        for (final int size : ints("sizes", isDisk ? "250" : "100")) {
            list("threads", isDisk ? "1,4,16,64" : "1,2,4")
                    .forEach(producers -> scenarios.add(new Scenario(producers, size, 0)));
            ints("rates", isDisk ? "none" : "100000,500000")
                    .forEach(rate -> scenarios.add(new Scenario(PACED_PRODUCERS, size, rate)));
        }
        final Pattern wanted = Pattern.compile(get("contenders", ".*"));
        return new Options(
                dir.isEmpty() ? Files.createTempDirectory("uringlog-peers") : Files.createDirectories(Path.of(dir)),
                Files.createDirectories(Path.of(get("out", "peers-result"))),
                Long.parseLong(get("warm", "3072")) << 20,
                Integer.parseInt(get("rounds", "3")),
                Double.parseDouble(get("seconds", "1.5")),
                scenarios,
                Stream.of(Contender.values())
                        .filter(contender -> contender.isDurable() == isDisk)
                        .filter(contender -> wanted.matcher(contender.id()).find())
                        .toList());
    }

    private static String get(final String name, final String otherwise) {
        final String value = System.getProperty(name, "");
        return value.isEmpty() ? otherwise : value;
    }

    private static List<Integer> ints(final String name, final String otherwise) {
        return list(name, otherwise).stream().map(Integer::valueOf).toList();
    }

    private static List<String> list(final String name, final String otherwise) {
        final String list = get(name, otherwise);
        return list.equals("none")
                ? List.of()
                : Stream.of(list.split(",")).map(String::strip).toList();
    }
}
