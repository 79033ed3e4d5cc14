package dev.uringlog.examples.quickstart;

import dev.uringlog.append.AppendStatistics;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Both frameworks log through Uringlog, each from its own XML file, and every byte is checked. System properties:
 *
 * <ul>
 *   <li>{@code events}: how many each framework logs; 1,000,000.
 *   <li>{@code dir}: where the files go; {@code target/quickstart}.
 *   <li>{@code strategy}: {@code auto}, {@code iouring} or {@code writev}; {@code auto}.
 *   <li>{@code input}: a text file to log line by line instead.
 * </ul>
 *
 * Exits with 1 if anything failed.
 */
public final class Quickstart {
    private static final int THREADS = 4;
    private static final String EVENTS_DEFAULT = "1000000";

    private final PrintStream out;
    private final Path dir;
    private final int events;

    private Quickstart(final PrintStream out, final Path dir, final int events) {
        this.out = out;
        this.dir = dir;
        this.events = events;
    }

    /**
     * Runs it.
     *
     * @param args none; see the system properties
     * @throws Exception if a file cannot be read or written
     */
    public static void main(final String[] args) throws Exception {
        final Path dir =
                Path.of(property("dir", "target/quickstart")).toAbsolutePath().normalize();
        final int events = Integer.parseInt(property("events", EVENTS_DEFAULT).replace("_", ""));
        final String input = property("input", "");
        Files.createDirectories(dir);
        // The XML files read these two, as a user's would. A blank strategy counts as none.
        System.setProperty("dir", dir.toString());
        System.setProperty("strategy", property("strategy", "auto"));
        final Quickstart quickstart = new Quickstart(System.out, dir, events);
        final List<Framework> frameworks = List.of(new Log4jFramework(), new LogbackFramework());
        final Report report = new Report(
                System.out,
                input.isEmpty() ? quickstart.log(frameworks) : quickstart.replay(frameworks, Path.of(input)));
        report.print();
        if (!report.isGood()) {
            System.exit(1);
        }
    }

    /** Maven passes a property that is not set as an empty text. */
    private static String property(final String name, final String ifNone) {
        final String value = System.getProperty(name, "").trim();
        return value.isEmpty() ? ifNone : value;
    }

    private List<Report.Run> log(final List<Framework> frameworks) throws IOException, InterruptedException {
        out.printf(Locale.ROOT, "%,d events from %d threads through each framework, into %s%n", events, THREADS, dir);
        final Workload workload = new Workload();
        final List<Report.Run> runs = new ArrayList<>();
        for (final Framework framework : frameworks) {
            framework.start(false);
            runs.add(framework.hasAppender() ? log(framework, workload) : withoutAppender(framework));
        }
        return runs;
    }

    private Report.Run log(final Framework framework, final Workload workload)
            throws IOException, InterruptedException {
        final Load.Result result =
                new Load(framework, workload, THREADS, events).run(new Progress(out, framework.label()));
        final Path file = checking(framework);
        final Checker.Verdict verdict = Checker.check(file, workload, framework, THREADS);
        return new Report.Run(
                framework.label(),
                framework.description(),
                framework.statistics(),
                result.nanos(),
                result.latencies(),
                Report.count(verdict.events()) + " events, each once, in its thread's order, byte for byte: " + file,
                problem(verdict, framework.statistics(), Files.size(file)));
    }

    private Path checking(final Framework framework) throws IOException {
        final Path file = framework.file(dir);
        out.printf(Locale.ROOT, "%-8s checking %,d bytes%n", framework.label(), Files.size(file));
        return file;
    }

    private String problem(final Checker.Verdict verdict, final AppendStatistics statistics, final long size) {
        if (verdict.problem() != null) {
            return verdict.problem();
        }
        for (int i = 0; i < THREADS; i++) {
            final int share = Load.share(events, THREADS, i);
            if (verdict.perThread()[i] != share) {
                return Workload.threadName(i) + ": " + verdict.perThread()[i] + " events of " + share;
            }
        }
        return problem(statistics, events, size);
    }

    private static String problem(final AppendStatistics statistics, final long events, final long size) {
        final boolean isRight = statistics.accepted() == events
                && statistics.written() == events
                && statistics.failed() == 0
                && statistics.discarded() == 0
                && statistics.bytes() == size;
        return isRight ? null : "the file is right, but the counters are not: " + statistics;
    }

    /** Shows an application whose appender could not start: its log calls still return. */
    private static Report.Run withoutAppender(final Framework framework) {
        framework.log("no appender takes this");
        framework.stop();
        return Report.Run.failed(
                framework.label(),
                "the appender did not start, and the status lines above say why; the application runs without it");
    }

    private List<Report.Run> replay(final List<Framework> frameworks, final Path input) throws IOException {
        final Replay replay = Replay.of(input);
        System.setProperty("replay.charset", replay.charset().name());
        out.printf(
                Locale.ROOT,
                "%s, %,d bytes, read as %s, one event a line, into %s%n",
                input,
                Files.size(input),
                replay.charset(),
                dir);
        final List<Report.Run> runs = new ArrayList<>();
        for (final Framework framework : frameworks) {
            framework.start(true);
            runs.add(framework.hasAppender() ? replay(framework, replay) : withoutAppender(framework));
        }
        return runs;
    }

    private Report.Run replay(final Framework framework, final Replay replay) throws IOException {
        final long nanos = replay.run(framework, new Progress(out, framework.label()));
        final Path file = checking(framework);
        final String problem = replay.problem(file);
        final AppendStatistics statistics = framework.statistics();
        return new Report.Run(
                framework.label(),
                framework.description(),
                statistics,
                nanos,
                null,
                Report.count(replay.lines()) + " lines, "
                        + (replay.isNewlineAdded()
                                ? "equal to the input, plus the newline that its last line lacked: "
                                : "equal to the input byte for byte: ")
                        + file,
                problem == null ? problem(statistics, replay.lines(), Files.size(file)) : problem);
    }
}
