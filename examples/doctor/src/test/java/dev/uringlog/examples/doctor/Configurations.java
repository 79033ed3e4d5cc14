package dev.uringlog.examples.doctor;

import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.config.ConfigurationSource;
import org.apache.logging.log4j.core.config.xml.XmlConfiguration;

/** Whether what the doctor gives can be pasted. */
final class Configurations {
    private static final String FILE = "app.log";

    private Configurations() {}

    static void assertTheyLog(final Path directory, final String log4j2, final String logback) throws Exception {
        log4j2(
                "<Configuration><Appenders>" + log4j2
                        + "</Appenders><Loggers><Root level=\"info\"><AppenderRef ref=\"file\"/></Root></Loggers></Configuration>");
        logback("<configuration>" + logback
                + "<root level=\"info\"><appender-ref ref=\"file\"/></root></configuration>");
        final List<String> lines = Files.readAllLines(directory.resolve(FILE));
        assertTrue(
                lines.size() == 2
                        && lines.get(0).endsWith("Log4j")
                        && lines.get(1).endsWith("Logback"),
                lines::toString);
    }

    private static void log4j2(final String xml) throws Exception {
        try (LoggerContext context = new LoggerContext("doctor")) {
            context.start(new XmlConfiguration(context, new ConfigurationSource(stream(xml))));
            context.getLogger("app").error("by Log4j");
        }
    }

    private static void logback(final String xml) throws Exception {
        final ch.qos.logback.classic.LoggerContext context = new ch.qos.logback.classic.LoggerContext();
        context.setMDCAdapter(new LogbackMDCAdapter());
        final JoranConfigurator configurator = new JoranConfigurator();
        configurator.setContext(context);
        configurator.doConfigure(stream(xml));
        context.getLogger("app").error("by Logback");
        context.stop();
    }

    private static ByteArrayInputStream stream(final String xml) {
        return new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8));
    }
}
