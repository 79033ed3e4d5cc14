package dev.uringlog.flush;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class ReporterTest {
    private final Parts parts = new Parts();
    private final Reporter reporter = parts.reporter;

    @Test
    void shouldSayEachKindOfErrorOnceASecondAndRememberTheLast() {
        reporter.failed(1, new IOException("first"));
        reporter.failed(1, new IOException("second"));
        reporter.reopenFailed(new IOException("other"));
        assertEquals(2, parts.heard.size(), parts.heard::toString);
        assertTrue(reporter.lastError().message().contains("other"));
    }

    @Test
    void shouldSurviveItsListener() {
        final Reporter told = new Reporter(
                (level, message, cause) -> {
                    throw new StackOverflowError("planned");
                },
                "log");
        assertDoesNotThrow(() -> told.failed(1, new IOException("broken")));
        assertTrue(told.lastError().message().contains("broken"));
    }

    @Test
    void shouldSayThatAStallIsOverOnlyToAListenerThatKnowsOfIt() {
        reporter.recovered(0, 1);
        assertEquals(0, parts.heard.size());
        reporter.stalled(new IOException("full"), false);
        reporter.recovered(0, 1);
        assertEquals(2, parts.heard.size(), parts.heard::toString);
    }
}
