package dev.uringlog.examples.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The options, as system properties; an empty one counts as absent. The default takes a quarter of an hour; {@code
 * full} runs everything, which takes hours.
 *
 * @param dir where the files go
 * @param out where the result goes
 * @param warm bytes of page cache to touch before anything is measured
 * @param resume whether to keep what an earlier run, perhaps an interrupted one, left in {@code out}
 * @param tries how often at most to run a contender whose runs are disturbed
 * @param rounds how often each contender runs
 * @param seconds of each phase
 * @param roll MB of a file, where files roll
 * @param heap of each contender's JVM, as its options have it
 * @param scenarios in order
 * @param contenders in order
 */
record Options(
        Path dir,
        Path out,
        long warm,
        boolean resume,
        int tries,
        int rounds,
        double seconds,
        int roll,
        String heap,
        List<Scenario> scenarios,
        List<Contender> contenders) {
    static Options read() throws IOException {
        final String dir = get("dir", "");
        final String contest = get("contest", "memory");
        final boolean isDisk = contest.equals(Contender.DISK);
        final boolean isRoll = contest.equals(Contender.ROLL);
        final Pattern wanted =
                Pattern.compile(get("contenders", isRoll ? "rolling|-buffered|uringlog-writev|encode-only" : ".*"));
        return new Options(
                dir.isEmpty() ? Files.createTempDirectory("uringlog-peers") : Files.createDirectories(Path.of(dir)),
                Files.createDirectories(Path.of(get("out", "peers-result"))),
                Long.parseLong(get("warm", "3072")) << 20,
                Boolean.parseBoolean(get("resume", "false")),
                Integer.parseInt(get("tries", "2")),
                Integer.parseInt(get("rounds", "3")),
                Double.parseDouble(get("seconds", "1")),
                Integer.parseInt(get("roll", "100")),
                "1g",
                scenarios(isDisk, Boolean.parseBoolean(get("full", "false"))),
                Stream.of(Contender.values())
                        .filter(contender -> contender.isDurable() == isDisk)
                        .filter(contender -> isRoll || !contender.isRolling())
                        .filter(contender -> wanted.matcher(contender.id()).find())
                        .toList());
    }

    private static List<Scenario> scenarios(final boolean isDisk, final boolean isFull) {
        final List<Scenario> scenarios = new ArrayList<>();
        for (final int size : ints("sizes", isDisk ? "250" : isFull ? "100,1000" : "100")) {
            list("threads", isDisk ? "1,4,16,64" : isFull ? "1,2,4,8,16" : "1,2")
                    .forEach(producers -> scenarios.add(new Scenario(producers, size, "0")));
            for (final String pace : list("rates", isDisk ? "none" : isFull ? "100000,500000" : "100000")) {
                // One by default, so that it can spin on a core of its own while it waits.
                list("pacers", "1").forEach(producers -> scenarios.add(new Scenario(producers, size, pace)));
            }
        }
        return scenarios;
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
