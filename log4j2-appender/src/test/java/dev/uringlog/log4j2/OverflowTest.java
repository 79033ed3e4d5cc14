package dev.uringlog.log4j2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.uringlog.append.AppendStatistics;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.Logger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A ring of the smallest size, one thread that logs as fast as it can. */
class OverflowTest {
    private static final int EVENTS = 100_000;
    private static final Pattern NOTICE =
            Pattern.compile("WARN dev\\.uringlog (\\d+) events? discarded, the ring was full");
    private static final String LAYOUT = "<PatternLayout pattern=\"%p %c %m%n\"/>";

    @TempDir
    Path dir;

    private Path file;

    @BeforeEach
    void nameFile() {
        file = dir.resolve("app.log");
    }

    private AppendStatistics flood(final String attributes, final Level other) {
        try (Rig rig = new Rig(Rig.element("IoUringFile", file, "ringSize=\"4 KiB\" " + attributes, LAYOUT))) {
            final IoUringFileAppender appender = rig.appender(0);
            final Logger logger = rig.logger();
            for (int i = 0; i < EVENTS; i++) {
                logger.log(i % 10 == 0 ? other : Level.INFO, "{}", i);
            }
            rig.stop();
            assertEquals(List.of(), rig.errors());
            return appender.statistics();
        }
    }

    private long lines(final String start) {
        return Rig.lines(file).stream().filter(line -> line.startsWith(start)).count();
    }

    private long noticed() {
        return Rig.lines(file).stream()
                .map(NOTICE::matcher)
                .filter(Matcher::matches)
                .mapToLong(matcher -> Long.parseLong(matcher.group(1)))
                .sum();
    }

    @Test
    void shouldBlockUntilThereIsRoomByDefault() {
        final AppendStatistics statistics = flood("", Level.ERROR);

        assertEquals(EVENTS, statistics.written());
        assertEquals(0, statistics.discarded());
        assertTrue(statistics.blocked() > 0);
        assertEquals(EVENTS, Rig.lines(file).size());
    }

    @Test
    void shouldDiscardEventsUpToTheLevelAndSayHowManyInTheLogItself() {
        final AppendStatistics statistics = flood("overflow=\"DISCARD\"", Level.ERROR);

        assertTrue(statistics.discarded() > 0);
        assertEquals(EVENTS, statistics.written() + statistics.discarded());
        assertEquals(EVENTS / 10, lines("ERROR app"));
        assertEquals(statistics.written() - EVENTS / 10, lines("INFO app"));
        assertEquals(statistics.discarded(), noticed());
    }

    @Test
    void shouldDiscardNothingAboveTheLevelConfigured() {
        final AppendStatistics statistics = flood("overflow=\"DISCARD\" discardLevel=\"DEBUG\"", Level.DEBUG);

        assertEquals(EVENTS - EVENTS / 10, lines("INFO app"));
        assertEquals(EVENTS, statistics.written() + statistics.discarded());
        assertEquals(statistics.discarded(), noticed());
    }

    @Test
    void shouldNeverBlockWhenEveryLevelMayBeDiscarded() {
        final AppendStatistics statistics = flood("overflow=\"DISCARD\" discardLevel=\"FATAL\"", Level.FATAL);

        assertEquals(EVENTS, statistics.written() + statistics.discarded());
        assertEquals(statistics.written(), lines("INFO app") + lines("FATAL app"));
        assertEquals(0, statistics.blocked());
    }
}
