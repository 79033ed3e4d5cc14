package dev.uringlog.log4j2;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.config.Configuration;
import org.apache.logging.log4j.core.config.ConfigurationFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A configuration file that Log4j watches, and that is saved half done. */
@Timeout(60)
class MonitorTest {
    @TempDir
    Path dir;

    private Path file;
    private int saved;

    private void save(final String text) throws IOException {
        Files.writeString(file, text);
        // What is seen is another time, which two saves of one test may not have.
        Files.setLastModifiedTime(file, FileTime.fromMillis(System.currentTimeMillis() + 2000L * ++saved));
    }

    private String xml(final String pattern) {
        return Rig.xml(Rig.element(
                        "IoUringFile", dir.resolve("app.log"), "", "<PatternLayout pattern=\"" + pattern + "%m%n\"/>"))
                .replace("<Configuration>", "<Configuration monitorInterval=\"600\">");
    }

    @Test
    void shouldLoseNothingOverAFileThatIsBrokenAndMended() throws IOException {
        file = dir.resolve("log4j2.xml");
        save(xml(""));
        try (Rig rig = new Rig(Rig.lines(dir.resolve("other.log"), ""))) {
            final LoggerContext context = new LoggerContext("monitored");
            final Configuration first =
                    ConfigurationFactory.getInstance().getConfiguration(context, "monitored", file.toUri());
            context.start(first);
            try {
                context.getLogger("app").info("one");
                save(xml("").substring(0, 80));
                first.getWatchManager().checkFiles(); // Now, not in ten minutes.
                await().until(() -> rig.errors().stream().anyMatch(error -> error.contains("parsing")));
                context.getLogger("app").info("two");
                assertSame(first, context.getConfiguration());
                save(xml("new "));
                first.getWatchManager().checkFiles();
                await().until(() -> context.getConfiguration() != first);
                context.getLogger("app").info("three");
            } finally {
                context.stop();
            }
        }
        assertEquals(List.of("one", "two", "new three"), Rig.lines(dir.resolve("app.log")));
    }
}
