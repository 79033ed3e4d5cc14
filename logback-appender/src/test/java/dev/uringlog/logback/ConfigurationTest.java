package dev.uringlog.logback;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Logger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.MDC;

/** Whole configurations, as applications have them. */
class ConfigurationTest {
    @TempDir
    Path directory;

    private final Rig rig = new Rig();

    @AfterEach
    void stop() {
        rig.context.stop();
        MDC.clear();
    }

    private Path file() {
        return directory.resolve("a.log");
    }

    private void configure(final String inside, final String more, final String appender) throws Exception {
        rig.configure("""
                <configuration>
                  <appender name="FILE" class="dev.uringlog.logback.IoUringFileAppender">
                    <file>%s</file>
                    %s
                  </appender>
                  %s
                  <root level="DEBUG"><appender-ref ref="%s"/></root>
                </configuration>
                """.formatted(file(), inside, more, appender));
    }

    @Test
    void shouldFilterAsLogbackDoes() throws Exception {
        configure("""
                <filter class="ch.qos.logback.classic.filter.ThresholdFilter"><level>WARN</level></filter>
                <encoder><pattern>%level %msg%n</pattern></encoder>
                """, "", "FILE");
        final Logger logger = rig.context.getLogger("test");
        logger.info("no");
        logger.warn("yes");
        logger.error("yes");
        rig.context.stop();
        assertEquals("WARN yes\nERROR yes\n", Files.readString(file()));
    }

    @Test
    void shouldWorkBelowAnAsyncAppender() throws Exception {
        configure("<encoder><pattern>%X{user} %class{0}.%method %msg%n</pattern></encoder>", """
                <appender name="ASYNC" class="ch.qos.logback.classic.AsyncAppender">
                  <appender-ref ref="FILE"/>
                  <includeCallerData>true</includeCallerData>
                  <discardingThreshold>0</discardingThreshold>
                  <maxFlushTime>0</maxFlushTime>
                </appender>
                """, "ASYNC");
        final Logger logger = rig.context.getLogger("test");
        rig.context.getMDCAdapter().put("user", "ann");
        for (int i = 0; i < 10_000; i++) {
            logger.info("{}", i);
        }
        rig.context.stop();
        final List<String> lines = Files.readAllLines(file());
        assertEquals(10_000, lines.size());
        for (int i = 0; i < lines.size(); i++) {
            assertEquals("ann ConfigurationTest.shouldWorkBelowAnAsyncAppender " + i, lines.get(i));
        }
    }

    @Test
    void shouldSiftIntoAFilePerKey() throws Exception {
        rig.configure("""
                <configuration>
                  <appender name="SIFT" class="ch.qos.logback.classic.sift.SiftingAppender">
                    <discriminator><key>user</key><defaultValue>none</defaultValue></discriminator>
                    <sift>
                      <appender name="FILE-${user}" class="dev.uringlog.logback.IoUringFileAppender">
                        <file>%s/${user}.log</file>
                        <encoder><pattern>%%msg%%n</pattern></encoder>
                      </appender>
                    </sift>
                  </appender>
                  <root level="DEBUG"><appender-ref ref="SIFT"/></root>
                </configuration>
                """.formatted(directory));
        final Logger logger = rig.context.getLogger("test");
        for (final String user : List.of("ann", "bob", "ann")) {
            rig.context.getMDCAdapter().put("user", user);
            logger.info(user);
        }
        rig.context.stop();
        assertEquals("ann\nann\n", Files.readString(directory.resolve("ann.log")));
        assertEquals("bob\n", Files.readString(directory.resolve("bob.log")));
    }

    @Test
    void shouldRefuseTheSecondOfTwoAppendersOnOneFileAndKeepTheFirst() throws Exception {
        configure("<encoder><pattern>%msg%n</pattern></encoder>", """
                <appender name="OTHER" class="dev.uringlog.logback.IoUringFileAppender">
                  <file>%s</file>
                  <encoder><pattern>other %%msg%%n</pattern></encoder>
                </appender>
                <logger name="test"><appender-ref ref="OTHER"/></logger>
                """.formatted(file()), "FILE");
        rig.context.getLogger("test").info("x");
        rig.context.stop();
        final List<String> errors = rig.errors();
        assertEquals(1, errors.size(), errors::toString);
        final String written = Files.readString(file());
        assertTrue(
                written.equals("x\n") && errors.get(0).contains("[FILE] writes it")
                        || written.equals("other x\n") && errors.get(0).contains("[OTHER] writes it"),
                () -> written + errors);
    }

    @Test
    void shouldDiscardAtOrBelowTheLevelAloneCountItAndSayItInTheFile() throws Exception {
        configure("""
                <ringSize>4 KiB</ringSize> <overflow>DISCARD</overflow> <discardLevel>INFO</discardLevel>
                <encoder><pattern>%level %logger %msg%n</pattern></encoder>
                """, "", "FILE");
        final IoUringFileAppender<?> appender = (IoUringFileAppender<?>)
                rig.context.getLogger(Logger.ROOT_LOGGER_NAME).getAppender("FILE");
        final Logger logger = rig.context.getLogger("test");
        final String text = "x".repeat(1_000);
        final long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        int sent = 0;
        while (appender.statistics().discarded() == 0 && System.nanoTime() - deadline < 0) {
            logger.info(text);
            logger.warn(text);
            sent++;
        }
        rig.context.stop();
        final List<String> lines = Files.readAllLines(file());
        final long discarded = appender.statistics().discarded();
        assertTrue(discarded > 0, "a small ring runs full");
        assertEquals(sent, count(lines, "WARN test x"));
        assertEquals(sent - discarded, count(lines, "INFO test x"));
        final List<String> notices = lines.stream()
                .filter(line -> line.startsWith("WARN dev.uringlog "))
                .toList();
        assertEquals(List.of("WARN dev.uringlog 1 event discarded, the ring was full"), notices);
        assertEquals(1, count(rig.warnings(), "discarded"), rig.warnings()::toString);
    }

    private static long count(final List<String> lines, final String part) {
        return lines.stream().filter(line -> line.contains(part)).count();
    }

    @Test
    @EnabledForJreRange(min = JRE.JAVA_21)
    void shouldServeVirtualThreads() throws Exception {
        configure("<ringSize>4 KiB</ringSize><encoder><pattern>%msg%n</pattern></encoder>", "", "FILE");
        final Logger logger = rig.context.getLogger("test");
        final ExecutorService executor = (ExecutorService)
                Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
        IntStream.range(0, 1_000)
                .forEach(t -> executor.execute(() -> IntStream.range(0, 50).forEach(i -> logger.info("{} {}", t, i))));
        executor.shutdown();
        assertTrue(executor.awaitTermination(60, TimeUnit.SECONDS));
        rig.context.stop();
        assertEquals(50_000, Files.readAllLines(file()).stream().distinct().count());
    }
}
