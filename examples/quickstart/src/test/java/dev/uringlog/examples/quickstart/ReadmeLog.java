package dev.uringlog.examples.quickstart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A JVM that logs one event as the README configures a framework, and the log that it must leave. */
final class ReadmeLog {
    private ReadmeLog() {}

    /** A JVM that runs in a directory, with its configuration there. */
    static Jvm jvm(final String framework, final Path dir) throws IOException {
        final boolean isLog4j = framework.equals("log4j2");
        final Path xml = dir.resolve(framework + ".xml");
        Files.writeString(xml, Readme.block("xml", isLog4j ? "<IoUringFile " : "logback.IoUringFileAppender\">"));
        return new Jvm(ReadmeLogger.class, dir)
                .with(isLog4j ? "log4j2.configurationFile" : "logback.configurationFile", xml)
                .argument(framework);
    }

    static Path file(final Path dir) {
        return dir.resolve("logs").resolve("app.log");
    }

    static void assertLogged(final Jvm.Outcome outcome, final Path dir) throws IOException {
        assertEquals(0, outcome.exitCode(), outcome.output());
        final List<String> log = Files.readAllLines(file(dir));
        assertTrue(log.size() == 1 && log.get(0).endsWith(ReadmeLogger.EVENT), outcome.output());
    }
}
