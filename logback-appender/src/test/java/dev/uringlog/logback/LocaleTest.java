package dev.uringlog.logback;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ch.qos.logback.classic.Logger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where i and I are no pair, where digits are others, where the year is. */
class LocaleTest {
    private static final String XML = """
            <configuration>
              <appender name="plain" class="dev.uringlog.logback.IoUringFileAppender">
                <file>DIR/plain.log</file><durability>disk</durability><overflow>discard</overflow>
                <discardLevel>info</discardLevel><onFailure>hold</onFailure><ringSize>64 kib</ringSize>
                <syncInterval>1 min</syncInterval><strategy>writev</strategy>
                <encoder><pattern>%msg%n</pattern></encoder>
              </appender>
              <appender name="rolling" class="dev.uringlog.logback.RollingIoUringFileAppender">
                <file>DIR/rolling.log</file>
                <rollingPolicy class="ch.qos.logback.core.rolling.FixedWindowRollingPolicy">
                  <fileNamePattern>DIR/rolling-%i.log</fileNamePattern>
                </rollingPolicy>
                <triggeringPolicy class="ch.qos.logback.core.rolling.SizeBasedTriggeringPolicy">
                  <maxFileSize>9</maxFileSize>
                </triggeringPolicy>
                <encoder><pattern>%msg%n</pattern></encoder>
              </appender>
              <root level="info"><appender-ref ref="plain"/><appender-ref ref="rolling"/></root>
            </configuration>
            """;

    @TempDir
    Path directory;

    private final Locale before = Locale.getDefault();

    @AfterEach
    void restoreLocale() {
        Locale.setDefault(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"tr-TR", "ar-EG-u-nu-arab", "th-TH-u-ca-buddhist-nu-thai"})
    void shouldReadOptionsAndNameFilesAlikeInEveryLocale(final String tag) throws Exception {
        Locale.setDefault(Locale.forLanguageTag(tag));
        final Rig rig = new Rig();
        rig.configure(XML.replace("DIR", directory.toString()));
        final Logger logger = rig.context.getLogger("app");
        logger.info("event one");
        logger.info("event two");
        rig.context.stop();

        assertEquals(List.of(), rig.errors());
        assertEquals(List.of("event one", "event two"), Files.readAllLines(directory.resolve("plain.log")));
        assertEquals(List.of("event one"), Files.readAllLines(directory.resolve("rolling-1.log")));
        assertEquals(List.of("event two"), Files.readAllLines(directory.resolve("rolling.log")));
        assertEquals(List.of("plain.log", "rolling-1.log", "rolling.log"), RollingPolicies.names(directory));
    }
}
