package dev.uringlog.examples.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.uringlog.examples.peers.Measurement.Metric;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultsTest {
    private static final Scenario SCENARIO = new Scenario("1", 100, "0");

    private final Results results = new Results();

    @TempDir
    private Path dir;

    private void add(final Contender contender, final int round, final double rate, final long missing) {
        results.add(
                SCENARIO,
                contender,
                round,
                Measurement.parse(new Measurement()
                        .with(Metric.EVENTS_PER_SECOND, rate)
                        .with(Metric.LINES_MISSING, missing)
                        .with(Metric.LINES_TORN, 0)
                        .format()));
    }

    @Test
    void shouldTakeTheRatioWithinARound() {
        // The machine was three times as slow in the second round, for both.
        add(Contender.LOG4J_WRITEV, 0, 300, 0);
        add(Contender.LOG4J_FILE, 0, 150, 0);
        add(Contender.LOG4J_WRITEV, 1, 100, 0);
        add(Contender.LOG4J_FILE, 1, 50, 0);
        add(Contender.LOG4J_WRITEV, 2, 400, 0);
        add(Contender.LOG4J_FILE, 2, 100, 0);

        assertEquals(300, results.median(SCENARIO, Contender.LOG4J_WRITEV, Metric.EVENTS_PER_SECOND));
        assertEquals(
                2, results.ratio(SCENARIO, Contender.LOG4J_WRITEV, Contender.LOG4J_FILE, Metric.EVENTS_PER_SECOND));
    }

    @Test
    void shouldNotCountAPeerThatLostLinesAsARival() {
        add(Contender.LOG4J_FILE, 0, 100, 0);
        add(Contender.LOG4J_ASYNC_LOGGERS, 0, 900, 1);
        add(Contender.LOG4J_ENCODE_ONLY, 0, 999, 0);

        assertFalse(results.isWhole(SCENARIO, Contender.LOG4J_ASYNC_LOGGERS));
        assertEquals(
                Optional.of(Contender.LOG4J_FILE),
                results.bestPeer(
                        SCENARIO, "log4j2", (s, contender) -> results.median(s, contender, Metric.EVENTS_PER_SECOND)));
    }

    @Test
    void shouldGoOnWhereABrokenOffRunEnded() throws IOException {
        add(Contender.LOG4J_WRITEV, 0, 300, 0);
        add(Contender.LOG4J_FILE, 0, 150.25, 7);
        final String whole = results.csv();
        results.add(SCENARIO, Contender.LOG4J_RAF, 0, new Measurement().with(Metric.OTHERS_SHARE, 0.5));
        final Path csv = Files.writeString(dir.resolve("peers.csv"), results.csv());

        final Results next = new Results();
        next.read(dir.resolve("none.csv"));
        next.read(csv);

        assertEquals(whole, next.csv(), "but for the run that was disturbed");
        assertTrue(next.has(SCENARIO, Contender.LOG4J_FILE, 0));
        assertFalse(next.has(SCENARIO, Contender.LOG4J_FILE, 1));
        assertFalse(next.isWhole(SCENARIO, Contender.LOG4J_FILE));
    }

    @Test
    void shouldCountTheSystemCallsOfThisProcess() {
        final double idle = SystemCalls.during(() -> {});
        assumeFalse(Double.isNaN(idle), "needs perf, and leave to use it");

        final double busy = SystemCalls.during(() -> {
            for (int i = 0; i < 100_000; i++) {
                Files.exists(dir);
            }
        });

        assertTrue(busy > 90_000, () -> busy + " after " + idle);
    }

    @Test
    void shouldSeeALineThatIsTorn() throws IOException {
        final Path file = Files.writeString(dir.resolve("log"), "one\ntwo\nthr\nfour\nfiv");

        assertEquals(new Lines(4, 2), Lines.of(file));
    }
}
