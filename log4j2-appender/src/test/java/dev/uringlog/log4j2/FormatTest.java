package dev.uringlog.log4j2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.config.Configuration;
import org.apache.logging.log4j.core.config.ConfigurationFactory;
import org.apache.logging.log4j.core.config.builder.api.ConfigurationBuilder;
import org.apache.logging.log4j.core.config.builder.api.ConfigurationBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The appenders in each form that a configuration may have, and in each place of the world. */
class FormatTest {
    private static final String XML = """
            <Configuration><Appenders>
              <IoUringFile name="plain" fileName="DIR/plain.log" durability="kernel" maxDelay="1 ms">
                <PatternLayout pattern="%m%n"/>
              </IoUringFile>
              <RollingIoUringFile name="rolling" fileName="DIR/rolling.log" filePattern="DIR/rolling-%i.log">
                <PatternLayout pattern="%m%n"/><Policies><SizeBasedTriggeringPolicy size="9"/></Policies>
              </RollingIoUringFile>
            </Appenders><Loggers><Root level="info"><AppenderRef ref="plain"/><AppenderRef ref="rolling"/></Root></Loggers>
            </Configuration>
            """;

    private static final String JSON = """
            {"Configuration": {"Appenders": {
              "IoUringFile": {"name": "plain", "fileName": "DIR/plain.log", "durability": "kernel", "maxDelay": "1 ms",
                "PatternLayout": {"pattern": "%m%n"}},
              "RollingIoUringFile": {"name": "rolling", "fileName": "DIR/rolling.log", "filePattern": "DIR/rolling-%i.log",
                "PatternLayout": {"pattern": "%m%n"}, "Policies": {"SizeBasedTriggeringPolicy": {"size": "9"}}}},
              "Loggers": {"Root": {"level": "info", "AppenderRef": [{"ref": "plain"}, {"ref": "rolling"}]}}}}
            """;

    private static final String YAML = """
            Configuration:
              Appenders:
                IoUringFile:
                  name: plain
                  fileName: DIR/plain.log
                  durability: kernel
                  maxDelay: 1 ms
                  PatternLayout: {pattern: "%m%n"}
                RollingIoUringFile:
                  name: rolling
                  fileName: DIR/rolling.log
                  filePattern: DIR/rolling-%i.log
                  PatternLayout: {pattern: "%m%n"}
                  Policies:
                    SizeBasedTriggeringPolicy: {size: 9}
              Loggers:
                Root:
                  level: info
                  AppenderRef:
                    - ref: plain
                    - ref: rolling
            """;

    private static final String PROPERTIES = """
            appender.p.type = IoUringFile
            appender.p.name = plain
            appender.p.fileName = DIR/plain.log
            appender.p.durability = kernel
            appender.p.maxDelay = 1 ms
            appender.p.layout.type = PatternLayout
            appender.p.layout.pattern = %m%n
            appender.r.type = RollingIoUringFile
            appender.r.name = rolling
            appender.r.fileName = DIR/rolling.log
            appender.r.filePattern = DIR/rolling-%i.log
            appender.r.layout.type = PatternLayout
            appender.r.layout.pattern = %m%n
            appender.r.policies.type = Policies
            appender.r.policies.size.type = SizeBasedTriggeringPolicy
            appender.r.policies.size.size = 9
            rootLogger.level = info
            rootLogger.appenderRefs = p, r
            rootLogger.appenderRef.p.ref = plain
            rootLogger.appenderRef.r.ref = rolling
            """;

    @TempDir
    Path dir;

    private void assertWrites(final LoggerContext context, final Configuration configuration) throws IOException {
        context.start(configuration);
        try {
            assertInstanceOf(IoUringFileAppender.class, configuration.getAppender("plain"));
            assertInstanceOf(RollingIoUringFileAppender.class, configuration.getAppender("rolling"));
            context.getLogger("app").info("event one");
            context.getLogger("app").info("event two");
        } finally {
            context.stop();
        }
        assertEquals(List.of("event one", "event two"), Rig.lines(dir.resolve("plain.log")));
        assertEquals(List.of("event one"), Rig.lines(dir.resolve("rolling-1.log")));
        assertEquals(List.of("event two"), Rig.lines(dir.resolve("rolling.log")));
        try (Stream<Path> logs = Files.list(dir)) {
            assertEquals(3, logs.filter(log -> log.toString().endsWith(".log")).count());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"xml", "json", "yaml", "properties"})
    void shouldBeConfiguredByAFileOfAnyFormat(final String format) throws IOException {
        final String text = switch (format) {
            case "json" -> JSON;
            case "yaml" -> YAML;
            case "properties" -> PROPERTIES;
            default -> XML;
        };
        final Path file = Files.writeString(dir.resolve("log4j2." + format), text.replace("DIR", dir.toString()));
        final LoggerContext context = new LoggerContext(format);
        assertWrites(context, ConfigurationFactory.getInstance().getConfiguration(context, format, file.toUri()));
    }

    @Test
    void shouldBeConfiguredByAProgram() throws IOException {
        final ConfigurationBuilder<?> builder = ConfigurationBuilderFactory.newConfigurationBuilder();
        builder.add(builder.newAppender("plain", "IoUringFile")
                .addAttribute("fileName", dir.resolve("plain.log"))
                .addAttribute("durability", "kernel")
                .add(builder.newLayout("PatternLayout").addAttribute("pattern", "%m%n")));
        builder.add(builder.newAppender("rolling", "RollingIoUringFile")
                .addAttribute("fileName", dir.resolve("rolling.log"))
                .addAttribute("filePattern", dir.resolve("rolling-%i.log"))
                .add(builder.newLayout("PatternLayout").addAttribute("pattern", "%m%n"))
                .addComponent(builder.newComponent("Policies")
                        .addComponent(builder.newComponent("SizeBasedTriggeringPolicy")
                                .addAttribute("size", 9))));
        builder.add(builder.newRootLogger(Level.INFO)
                .add(builder.newAppenderRef("plain"))
                .add(builder.newAppenderRef("rolling")));
        assertWrites(new LoggerContext("program"), builder.build(false));
    }

    /** Where i and I are no pair, where digits are others, where the year is. */
    @ParameterizedTest
    @CsvSource({"tr-TR", "ar-EG-u-nu-arab", "th-TH-u-ca-buddhist-nu-thai"})
    void shouldReadOptionsAndNameFilesAlikeInEveryLocale(final String tag) throws IOException {
        final Locale before = Locale.getDefault();
        Locale.setDefault(Locale.forLanguageTag(tag));
        try {
            final String options = "durability=\"disk\" overflow=\"discard\" discardLevel=\"info\" onFailure=\"hold\""
                    + " ringSize=\"64 kib\" syncInterval=\"1 min\" strategy=\"writev\"";
            final Path file = Files.writeString(
                    dir.resolve("log4j2.xml"),
                    XML.replace("DIR", dir.toString()).replace("durability=\"kernel\"", options));
            final LoggerContext context = new LoggerContext(tag);
            assertWrites(context, ConfigurationFactory.getInstance().getConfiguration(context, tag, file.toUri()));
        } finally {
            Locale.setDefault(before);
        }
    }
}
