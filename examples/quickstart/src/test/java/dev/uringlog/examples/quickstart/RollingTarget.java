package dev.uringlog.examples.quickstart;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.LoggerFactory;

/** Logs a few events that must survive loss of power, into one file after another, with Logback. */
final class RollingTarget {
    /** How many, each with a file of its own. */
    static final int EVENTS = 5;

    private static final String XML = """
            <configuration>
              <appender name="file" class="dev.uringlog.logback.RollingIoUringFileAppender">
                <file>%1$s/app.log</file>
                <durability>DISK</durability>
                <rollingPolicy class="ch.qos.logback.core.rolling.FixedWindowRollingPolicy">
                  <fileNamePattern>%1$s/archive/app.%%i.log</fileNamePattern>
                </rollingPolicy>
                <triggeringPolicy class="ch.qos.logback.core.rolling.SizeBasedTriggeringPolicy">
                  <maxFileSize>1</maxFileSize>
                </triggeringPolicy>
                <encoder><charset>UTF-8</charset><pattern>%%msg%%n</pattern></encoder>
              </appender>
              <root><appender-ref ref="file"/></root>
            </configuration>
            """;

    private RollingTarget() {}

    public static void main(final String[] args) throws Exception {
        final Path configuration = Path.of(args[0], "rolling.xml");
        Files.writeString(configuration, XML.formatted(args[0]));
        final LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.reset();
        final JoranConfigurator configurator = new JoranConfigurator();
        configurator.setContext(context);
        configurator.doConfigure(configuration.toFile());
        for (int i = 1; i <= EVENTS; i++) {
            context.getLogger("test").info("event {}", i);
        }
        context.stop();
    }
}
