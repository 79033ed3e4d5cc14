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
    private static final int PACED_THREADS = 1;

    static Options read() throws IOException {
        final String dir = get("dir", "");
        final List<Integer> sizes = ints("sizes", "100");
        final List<Scenario> scenarios = new ArrayList<>();
        for (final int size : sizes) {
            ints("threads", "1,2,4").forEach(threads -> scenarios.add(new Scenario(threads, size, 0)));
            ints("rates", "100000,500000").forEach(rate -> scenarios.add(new Scenario(PACED_THREADS, size, rate)));
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
                        .filter(contender -> wanted.matcher(contender.id()).find())
                        .toList());
    }

    private static String get(final String name, final String otherwise) {
        final String value = System.getProperty(name, "");
        return value.isEmpty() ? otherwise : value;
    }

    private static List<Integer> ints(final String name, final String otherwise) {
        final String list = get(name, otherwise);
        return list.equals("none")
                ? List.of()
                : Stream.of(list.split(","))
                        .map(String::strip)
                        .map(Integer::valueOf)
                        .toList();
    }
}
