package dev.uringlog.examples.quickstart;

import java.nio.file.Files;
import java.nio.file.Path;

/** Logs a few events, each into a file of its own: framework, directory, an option's name and value, an archive's suffix. */
final class RollingTarget {
    static final int EVENTS = 5;

    private static final String LOG4J = """
            <Configuration status="ERROR">
              <Appenders>
                <RollingIoUringFile name="file" fileName="%1$s/app.log" filePattern="%1$s/archive/app-%%i.log%4$s"
                                    %2$s="%3$s">
                  <PatternLayout pattern="%%m%%n" charset="UTF-8"/>
                  <Policies><SizeBasedTriggeringPolicy size="1"/></Policies>
                </RollingIoUringFile>
              </Appenders>
              <Loggers><Root level="info"><AppenderRef ref="file"/></Root></Loggers>
            </Configuration>
            """;

    private static final String LOGBACK = """
            <configuration>
              <appender name="file" class="dev.uringlog.logback.RollingIoUringFileAppender">
                <file>%1$s/app.log</file>
                <%2$s>%3$s</%2$s>
                <rollingPolicy class="ch.qos.logback.core.rolling.FixedWindowRollingPolicy">
                  <fileNamePattern>%1$s/archive/app.%%i.log%4$s</fileNamePattern>
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
        final boolean isLog4j = args[0].equals("log4j2");
        final Framework framework = isLog4j ? new Log4jFramework() : new LogbackFramework();
        final Path xml = Path.of(args[1], "rolled.xml");
        Files.writeString(xml, (isLog4j ? LOG4J : LOGBACK).formatted(args[1], args[2], args[3], args[4]));
        System.setProperty(isLog4j ? "log4j2.configurationFile" : "logback.configurationFile", xml.toString());
        framework.start(false);
        for (int i = 1; i <= EVENTS; i++) {
            framework.log("event " + i);
        }
        framework.stop();
    }
}
